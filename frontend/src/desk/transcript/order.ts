// The pieces of a transcript, in order.

export interface Piece {
  readonly id: number;
  readonly side: "citizen" | "agent";
  readonly text: string;
  readonly started_at: string;
}

/** The known pieces with the new ones, in the order of speaking; a piece that came twice stands once. */
export function merged(known: readonly Piece[], fresh: readonly Piece[]): readonly Piece[] {
  const there = new Set(known.map((piece) => piece.id));
  const all = [...known, ...fresh.filter((piece) => !there.has(piece.id))];
  return all.sort((one, other) => one.started_at.localeCompare(other.started_at) || one.id - other.id);
}

// Marking why something was found.
import type { Mark } from "./types";

export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

/** `text` in pieces, marked where one of `marks` lies, which count characters from `offset` on. */
export function pieces(text: string, marks: readonly Mark[], offset = 0): Piece[] {
  const letters = [...text];
  const lit = letters.map((_, at) => marks.some(({ start, end }) => start <= at + offset && at + offset < end));
  const found: { text: string; marked: boolean }[] = [];
  letters.forEach((letter, at) => {
    const last = found.at(-1);
    const marked = lit[at] === true;
    if (last && last.marked === marked) last.text += letter;
    else found.push({ text: letter, marked });
  });
  return found;
}

/** The line of `text` with the most marked characters, in pieces; null when no mark lies in it. */
export function bestLine(text: string, marks: readonly Mark[]): Piece[] | null {
  let offset = 0;
  let best: Piece[] | null = null;
  let most = 0;
  for (const line of text.split("\n")) {
    const found = pieces(line, marks, offset);
    const lit = found.reduce((sum, piece) => sum + (piece.marked ? [...piece.text].length : 0), 0);
    if (lit > most) [most, best] = [lit, found];
    offset += [...line].length + 1;
  }
  return best;
}

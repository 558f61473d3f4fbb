// What the interface about cases sends.

export interface CaseRow {
  readonly id: string;
  readonly number: string;
  /** Who it is of; empty when nobody knew. */
  readonly citizen: string;
  readonly office: string;
  readonly officer: string;
  readonly kind: string;
  readonly state: string;
  readonly received_at: string;
  readonly due_at: string;
  readonly urgency: "" | "near" | "overdue";
  readonly text: string;
  readonly answer: string;
  readonly answered_at: string | null;
  /** The office has answered, and the citizen has not heard it yet. */
  readonly to_tell: boolean;
  readonly over: boolean;
  /** It was opened out of the contact on the screen. */
  readonly here: boolean;
}

/** A kind of matter, and until when an office may take for one that is opened now. */
export interface Kind {
  readonly key: string;
  readonly name: string;
  readonly due_at: string;
}

export interface Cases {
  readonly cases: readonly CaseRow[];
  readonly kinds: readonly Kind[];
  readonly draft: string;
  readonly number_known: boolean;
}

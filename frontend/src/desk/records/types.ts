// What the API of look-ups sends; see src/haedap/apps/lookups/schemas.py.

export type Level = "none" | "number" | "asked" | "verified";

export interface Choice {
  key: string;
  name: string;
}

/** One thing a system must know. `known`: the server has it; `shown` is its masked form. */
export interface SubjectField {
  name: string;
  label: string;
  hint: string;
  required: boolean;
  personal: boolean;
  known: boolean;
  shown: string;
}

export interface Panel {
  key: string;
  title: string;
  level: Level;
  subject: SubjectField[];
  limit_ms: number;
  settlement: boolean;
  /** Why it cannot be asked now; empty when it can. */
  refusal: string;
  sentence: string;
}

export interface Board {
  identification: { level: Level; how: string; asked: string[]; by: string; at: string | null };
  number_known: boolean;
  ways: Choice[];
  askable: Choice[];
  purposes: Choice[];
  identity: SubjectField[];
  panels: Panel[];
}

export type Plain = string | number | string[] | null;

export interface FieldValue {
  name: string;
  label: string;
  type: "text" | "won" | "date" | "datetime" | "number" | "list";
  unit: string;
  value: Plain;
  masked: boolean;
}

export interface RecordFound {
  title: string;
  values: FieldValue[];
}

export interface Answer {
  lookup: number;
  state: "ok" | "empty" | "failed";
  records: RecordFound[];
  read_out: string;
  sentence: string;
  failure: string;
  again: boolean;
  took_ms: number;
  cached: boolean;
  fetched_at: string | null;
}

export interface Settlement {
  days: number;
  usage: number;
  steps: { label: string; working: string; won: number }[];
  total: number;
  notes: string[];
  read_out: string;
}

/** How one panel stands. */
export interface Run {
  state: "idle" | "asking" | "ok" | "empty" | "failed";
  /** When it was asked, by the server's clock (ms). */
  since: number;
  answer: Answer | null;
  /** What the agent can say when it failed. */
  sentence: string;
  again: boolean;
}

// What the interfaces about passing a citizen on send.

export interface Person {
  id: number;
  name: string;
  title: string;
}

/** An office that fits what was typed, and who answers there now. */
export interface OfficeFound {
  department: { id: number; name: string; place: string };
  duty: string | null;
  officer: Person | null;
  answers: { officer: Person | null; telephone: string; extension: string; reason: string };
}

export interface Colleague {
  id: number;
  name: string;
  state: string;
  reason: string;
  since: string;
  queues: string[];
}

export interface QueueTarget {
  key: string;
  name: string;
  waiting: number;
  free: number;
}

export interface Targets {
  colleagues: Colleague[];
  queues: QueueTarget[];
}

export type TargetIn =
  | { type: "agent"; agent: number }
  | { type: "queue"; queue: string }
  | { type: "officer"; officer: number; exactly?: boolean }
  | { type: "department"; department: number }
  | { type: "number"; number: string };

/** Somebody the citizen can be passed on to, as a line of the list. */
export interface Choice {
  readonly key: string;
  readonly name: string;
  /** Which duty, how many wait, the state of a colleague. */
  readonly about: string;
  /** Where it rings, or that it cannot. */
  readonly where: string;
  /** A word of warning: away, deputy, nobody free. */
  readonly warning: string;
  readonly target: TargetIn;
  /** Whether a brief goes along and a call can be owed: offices and officers. */
  readonly outside: boolean;
}

export interface Draft {
  text: string;
  topic: string;
  spoken: string;
}

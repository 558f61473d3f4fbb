// What the server sends over /ws. Times are ISO 8601 in UTC.
export type AgentState = "available" | "offered" | "engaged" | "wrap_up" | "away" | "signed_out";
export type ContactState = "in_flow" | "waiting" | "offered" | "engaged" | "reconnecting" | "forwarded" | "ended";

export interface AgentRow {
  agent: number;
  name: string;
  state: AgentState;
  reason: string;
  since: string;
  until: string | null;
  pending: AgentState | null;
  pending_reason: string;
  contact: string | null;
  reachable: boolean;
  skills: string[];
}

/** The latest transfer of a contact. */
export interface TransferRow {
  number: number;
  mode: "blind" | "consult";
  agent: number;
  target_kind: "agent" | "queue" | "outside";
  target_agent: number | null;
  target_queue: string | null;
  target_number: string | null;
  target_name: string;
  started_at: string;
  answered_at: string | null;
  ended_at: string | null;
  outcome: string | null;
  /** When the citizen was given back to the agent. */
  returned_at: string | null;
  /** While consulting: whether the agent talks to the citizen, to whom they consult, to both. */
  citizen: boolean;
  consulted: boolean;
}

/** A contact. The caller's fields are null for everyone but its agent and supervisors. */
export interface ContactRow {
  id: string;
  state: ContactState;
  caller: string | null;
  caller_text: string | null;
  caller_name: string | null;
  withheld: boolean | null;
  queue: string | null;
  arrived_at: string;
  queued_at: string | null;
  offered_at: string | null;
  answered_at: string | null;
  ended_at: string | null;
  agent: number | null;
  held: boolean;
  muted: boolean;
  recording_paused: boolean;
  recorded: boolean;
  direction: "in" | "out";
  promise: string | null;
  /** The contact whose place the citizen has, because they were cut off or gave up and called again. */
  resumes: string | null;
  returned: number;
  abusive: boolean;
  transfer: TransferRow | null;
  supervision: { supervisor: number; mode: "listen" | "whisper" | "barge"; since: string } | null;
  /** The steps against abuse, in their order. Only live rows tell, not the record of a contact that is over. */
  protection?: { step: "warn" | "announce" | "end"; kind: string; agent: number; at: string }[];
  /** The caller's number is flagged for abuse. */
  flagged: { kind: string; until: string } | null;
}

/** A call that is owed to a citizen. `citizen` is null for agents who do not owe it. */
export interface PromiseRow {
  id: string;
  citizen: string | null;
  owner_kind: "agent" | "queue" | "outside";
  owner_agent: number | null;
  owner_queue: string | null;
  owner_name: string;
  reason: string;
  state: "open" | "waiting" | "ended";
  due_at: string;
  deadline: string;
  attempts: number;
  escalated_at: string | null;
}

export interface QueueRow {
  name: string;
  service_level_seconds: number;
  /** After so much talk the desk reminds, and offers to end the call; 0: never. */
  notice_seconds: number;
  end_seconds: number;
}

export interface SnapshotMessage {
  type: "snapshot";
  seq: number;
  now: string;
  me: number;
  role: "agent" | "supervisor" | "administrator";
  agents: Record<string, AgentRow>;
  contacts: Record<string, ContactRow>;
  promises: Record<string, PromiseRow>;
  queues: Record<string, QueueRow>;
}

export interface DeltaMessage {
  type: "delta";
  seq: number;
  agents: Record<string, AgentRow>;
  contacts: Record<string, ContactRow>;
  promises: Record<string, PromiseRow>;
}

/** The day so far: contacts that arrived today (Seoul). Shares are 0 to 1; null where there is nothing to count by. */
export interface Figures {
  waiting: number;
  longest_wait_since: string | null;
  /** Cases whose term is over and that no office has answered. */
  cases_overdue?: number;
  offered: number;
  answered: number;
  answer_rate: number | null;
  service_level: number | null;
  [key: string]: unknown;
}

/** A quarter of an hour from `at`: null before it begins. `usual`: offered in the same quarter hour of earlier days. */
export interface CurvePoint {
  at: string;
  offered: number | null;
  answered: number | null;
  usual: number | null;
}

export interface FiguresMessage {
  type: "figures";
  at: string;
  today: Figures;
  queues: Record<string, Figures>;
  curve: CurvePoint[];
}

/** Something is wrong with the centre itself: what, since when, and what to do, in words. */
export interface FaultLine {
  key: string;
  level: "notice" | "warning" | "fault";
  since: string;
  text: string;
  remedy: string;
}

/** An agent calls for a supervisor, and nobody has looked yet. */
export interface HelpLine {
  agent: number;
  name: string;
  contact: string;
  since: string;
}

/** What many citizens call about at once: an alarm of the radar that stands. */
export interface AlarmLine {
  id: number;
  title: string;
  since: string;
  observed: number;
  expected: number;
  state: "open" | "acknowledged";
}

/** The centre's own health, the gravest first. `engine`, `standby`: null when nobody knows. */
export interface HealthMessage {
  type: "health";
  help: HelpLine[];
  alarms: AlarmLine[];
  faults: FaultLine[];
  engine: boolean | null;
  standby: boolean | null;
}

/** The answer to a ping, with the server's time. */
export interface PongMessage {
  type: "pong";
  now: string;
}

export type ServerMessage = SnapshotMessage | DeltaMessage | FiguresMessage | HealthMessage | PongMessage;

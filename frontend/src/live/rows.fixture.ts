// Rows for tests: what the server would say of a contact and of an agent.
import type { AgentRow, ContactRow } from "./types";

const AT = "2026-11-21T00:00:00Z";

export const contactRow = (id: string, changes: Partial<ContactRow> = {}): ContactRow => ({
  id,
  state: "engaged",
  caller: null,
  caller_text: null,
  caller_name: null,
  withheld: null,
  queue: "general",
  arrived_at: AT,
  queued_at: null,
  offered_at: null,
  answered_at: null,
  ended_at: null,
  agent: null,
  held: false,
  muted: false,
  recording_paused: false,
  recorded: true,
  direction: "in",
  promise: null,
  resumes: null,
  returned: 0,
  abusive: false,
  transfer: null,
  supervision: null,
  protection: [],
  flagged: null,
  ...changes,
});

export const agentRow = (agent: number, changes: Partial<AgentRow> = {}): AgentRow => ({
  agent,
  name: `상담사 ${agent}`,
  state: "available",
  reason: "",
  since: AT,
  until: null,
  pending: null,
  pending_reason: "",
  contact: null,
  reachable: true,
  skills: [],
  ...changes,
});

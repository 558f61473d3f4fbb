// The centre as this screen knows it. Pure: snapshot + deltas = the snapshot that would be fetched now.
import type { AgentRow, ContactRow, DeltaMessage, PromiseRow, QueueRow, SnapshotMessage } from "./types";

export interface Centre {
  readonly seq: number;
  readonly me: number;
  readonly role: SnapshotMessage["role"];
  readonly agents: Readonly<Record<string, AgentRow>>;
  readonly contacts: Readonly<Record<string, ContactRow>>;
  readonly promises: Readonly<Record<string, PromiseRow>>;
  readonly queues: Readonly<Record<string, QueueRow>>;
}

/** The state after `message`. A delta that is not newer than what is known, or comes before any snapshot, changes nothing. */
export function reduce(centre: Centre | null, message: SnapshotMessage | DeltaMessage): Centre | null {
  if (message.type === "snapshot") {
    const { seq, me, role, agents, contacts, promises, queues } = message;
    return { seq, me, role, agents, queues, contacts: live(contacts), promises: live(promises) };
  }
  if (centre === null || message.seq <= centre.seq) return centre;
  return {
    ...centre,
    seq: message.seq,
    agents: { ...centre.agents, ...message.agents },
    contacts: live({ ...centre.contacts, ...message.contacts }),
    promises: live({ ...centre.promises, ...message.promises }),
  };
}

function live<T extends { state: string }>(rows: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(rows).filter(([, row]) => row.state !== "ended"));
}

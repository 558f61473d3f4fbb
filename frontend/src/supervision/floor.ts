// What the supervisors' page makes of the centre's live rows. Pure.
import { type Length, lengthOf, type Step } from "../desk/protection/steps";
import type { Centre } from "../live/reducer";
import type { AgentRow, ContactRow, QueueRow } from "../live/types";

export type Mode = "listen" | "whisper" | "barge";

/** An agent on duty; `talk`: the contact that they talk in. */
export interface Line {
  readonly agent: AgentRow;
  readonly talk: ContactRow | null;
  readonly queue: QueueRow | null;
}

/** Everybody on duty by name, so that nobody moves while somebody is chosen. */
export function linesOf(centre: Centre): Line[] {
  return Object.values(centre.agents)
    .filter((agent) => agent.state !== "signed_out")
    .sort((a, b) => a.name.localeCompare(b.name, "ko") || a.agent - b.agent)
    .map((agent) => {
      const contact = agent.contact ? (centre.contacts[agent.contact] ?? null) : null;
      const queue = contact?.queue ? (centre.queues[contact.queue] ?? null) : null;
      return { agent, queue, talk: agent.state === "engaged" ? contact : null };
    });
}

export interface Waiting {
  readonly contact: ContactRow;
  /** From 1, by arrival in this queue. */
  readonly position: number;
  readonly since: string;
}

export interface WaitingQueue {
  readonly key: string;
  readonly name: string;
  readonly rows: readonly Waiting[];
}

const waits = ({ state, queue }: ContactRow): boolean => queue !== null && (state === "waiting" || state === "offered");
const since = (contact: ContactRow): string => contact.queued_at ?? contact.arrived_at;

/** Who waits, in every queue of the centre's, in its order; a queue in which nobody waits has no rows. */
export function waitingOf(centre: Centre): WaitingQueue[] {
  const all = Object.values(centre.contacts).filter(waits);
  all.sort((a, b) => since(a).localeCompare(since(b)) || a.id.localeCompare(b.id));
  return Object.entries(centre.queues).map(([key, { name }]) => ({
    key,
    name,
    rows: all
      .filter((contact) => contact.queue === key)
      .map((contact, index) => ({ contact, position: index + 1, since: since(contact) })),
  }));
}

/** A step against abuse in a talk that goes on: the latest of each talk, the newest first. */
export interface Abuse {
  readonly contact: string;
  readonly agent: number;
  readonly step: Step;
  readonly kind: string;
  readonly at: string;
}

export function abusesOf(centre: Centre): Abuse[] {
  return Object.values(centre.contacts)
    .flatMap(({ id, state, protection }) => {
      const last = protection?.at(-1);
      const live = state === "engaged" || state === "reconnecting";
      return live && last ? [{ contact: id, agent: last.agent, step: last.step, kind: last.kind, at: last.at }] : [];
    })
    .sort((a, b) => b.at.localeCompare(a.at));
}

/** What the length of a talk says, by its queue's limits. */
export const lengthSaid = (seconds: number, queue: QueueRow | null): Length => lengthOf(seconds, queue ?? undefined);

/** Where the supervisor stands: what they can do follows from it. */
export interface Situation {
  readonly me: number;
  /** Their telephone can be rung. */
  readonly ready: boolean;
  /** They have a citizen on the line themselves. */
  readonly engaged: boolean;
  /** The talk that they take part in. */
  readonly mine: ContactRow | null;
  /** The talk of the agent who is chosen. */
  readonly chosen: ContactRow | null;
}

/** The talk that `me` takes part in. */
export const supervisedBy = (centre: Centre, me: number): ContactRow | null =>
  Object.values(centre.contacts).find(({ supervision }) => supervision?.supervisor === me) ?? null;

/** Why taking part in the chosen talk is not possible; null when it is. */
export type Obstacle = "none_chosen" | "no_telephone" | "engaged" | "own" | "elsewhere" | "other";

export function obstacle({ me, ready, engaged, mine, chosen }: Situation): Obstacle | null {
  if (chosen === null || chosen.state !== "engaged") return "none_chosen";
  if (chosen.agent === me) return "own";
  if (engaged) return "engaged";
  if (mine !== null && mine.id !== chosen.id) return "elsewhere";
  if (chosen.supervision !== null && chosen.supervision.supervisor !== me) return "other";
  return ready ? null : "no_telephone";
}

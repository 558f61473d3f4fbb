// Who is chosen, what the supervisor does, and how it is asked of the server. The outcome comes back over /ws.
import { computed, effect, signal } from "@preact/signals";
import { ApiError, call, tell } from "../lib/api";
import { centre, me } from "../live/store";
import { type Line, linesOf, type Mode, obstacle, type Situation, supervisedBy } from "./floor";
import type { ActionName } from "./keys";
import { phone, ready } from "./telephone";

export const lines = computed<Line[]>(() => (centre.value ? linesOf(centre.value) : []));

/** The agent who is chosen. */
export const chosenAgent = signal<number | null>(null);
export const chosen = computed<Line | null>(
  () => lines.value.find(({ agent }) => agent.agent === chosenAgent.value) ?? null,
);
/** Why the supervisor takes part; it stands in the access log. */
export const reason = signal("");
/** What went wrong with the last action, in a sentence. */
export const failure = signal("");
/** What is being asked of the server; asking the same once more does nothing. */
export const busy = signal<ReadonlySet<string>>(new Set());
/** The talk that was asked for, until the telephone is in it or the ringing was for nothing. */
const asked = signal<string | null>(null);

export const mine = computed(() => (centre.value ? supervisedBy(centre.value, centre.value.me) : null));
/** The citizen that the supervisor has taken over. */
export const ownTalk = computed(() => {
  const row = me.value;
  const contact = row?.contact ? centre.value?.contacts[row.contact] : null;
  return row?.state === "engaged" && contact ? contact : null;
});
const takesPart = computed(() => mine.value !== null || ownTalk.value !== null);
export const connecting = computed(() => asked.value !== null && !takesPart.value);

export const situation = computed<Situation>(() => ({
  me: centre.value?.me ?? 0,
  ready: ready.value,
  engaged: ownTalk.value !== null,
  mine: mine.value,
  chosen: chosen.value?.talk ?? null,
}));
export const obstacleNow = computed(() => obstacle(situation.value));

const ANSWERED_WITHIN_MS = 10_000;

effect(() => {
  if (asked.value === null) return undefined; // first of all: an answer may come after what it brought about
  if (takesPart.value) {
    asked.value = null;
    return undefined;
  }
  const timer = setTimeout(() => {
    asked.value = null;
    failure.value = gettext("Your telephone did not get into the talk. Check the telephone and try again.");
  }, ANSWERED_WITHIN_MS);
  return () => clearTimeout(timer);
});

/** How often the supervisor was out of every talk again. */
let left = 0;
effect(() => {
  if (!takesPart.value) left += 1;
});

export function choose(agent: number): void {
  chosenAgent.value = agent;
  failure.value = "";
}

/** Asks the server for `path`. Returns whether it was done. */
export async function ask(name: string, path: string, body: unknown): Promise<boolean> {
  if (busy.value.has(name)) return false;
  busy.value = new Set([...busy.value, name]);
  failure.value = "";
  try {
    await call("POST", `/api/supervision/${path}`, body);
    return true;
  } catch (error) {
    failure.value = error instanceof ApiError ? error.message : String(error);
    return false;
  } finally {
    busy.value = new Set([...busy.value].filter((other) => other !== name));
  }
}

/** Whether the action makes sense now. */
export function possible(name: ActionName): boolean {
  switch (name) {
    case "stop":
      return mine.value !== null || connecting.value;
    case "end":
      return ownTalk.value !== null;
    case "reason":
      return true;
    case "take_over":
      return obstacleNow.value === null;
    default:
      return obstacleNow.value === null && mine.value?.supervision?.mode !== name;
  }
}

const focusOnReason = (): void => document.getElementById("supervision-reason")?.focus();

async function takePart(name: Mode | "take_over"): Promise<void> {
  const contact = chosen.value?.talk?.id;
  const why = reason.value.trim();
  if (why.length < 2) {
    failure.value = gettext("Choose or type the reason first. It is kept in the access log.");
    focusOnReason();
    return;
  }
  const body = name === "take_over" ? { contact, reason: why } : { contact, mode: name, reason: why };
  const before = left;
  const done = contact && (await ask(name, name === "take_over" ? "take-over" : "supervise", body));
  if (done && left === before) asked.value = contact; // not what was over before its answer was here
}

async function stop(): Promise<void> {
  const contact = mine.value?.id ?? asked.value;
  asked.value = null;
  if (contact) await ask("stop", "stop", { contact });
}

/** Does `name` if it makes sense now. */
export function run(name: ActionName): void {
  if (!possible(name)) return;
  if (name === "reason") focusOnReason();
  else if (name === "end") phone.hangUp();
  else if (name === "stop") void stop();
  else void takePart(name);
}

/** Whoever leaves the page is out of the talk. */
export function leaveWithThePage(): void {
  addEventListener("pagehide", () => {
    const contact = mine.value?.id ?? asked.value;
    if (contact) tell("/api/supervision/stop", { contact });
    if (ownTalk.value === null) phone.hangUp();
  });
}

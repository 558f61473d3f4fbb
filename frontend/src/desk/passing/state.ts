// Passing the citizen on: what is searched, who is chosen, the brief, and what becomes of the transfer.
import { computed, effect, signal } from "@preact/signals";
import { ApiError, call } from "../../lib/api";
import { centre, secondsSince } from "../../live/store";
import type { TransferRow } from "../../live/types";
import { note } from "../form";
import { Newest } from "../newest";
import { inCall, my, phase, reasonName, shown, shownId } from "../state";
import { stateName } from "../words";
import { fromColleagues, fromNumber, fromOffices, fromQueues } from "./choices";
import { findOffices } from "./offices";
import type { Choice, Draft, OfficeFound, TargetIn, Targets } from "./types";

export const query = signal("");
export const searching = signal(false);
export const searchError = signal("");
const offices = signal<OfficeFound[]>([]);
const targets = signal<Targets>({ colleagues: [], queues: [] });

const nameOf = (state: string, reason: string): string =>
  state === "away" && reason ? reasonName(reason) : stateName(state as Parameters<typeof stateName>[0]);

/** All that can be chosen now, the best first. */
export const choices = computed<Choice[]>(() => [
  ...fromNumber(query.value),
  ...fromColleagues(targets.value.colleagues, query.value, nameOf),
  ...fromOffices(offices.value),
  ...fromQueues(targets.value.queues, query.value),
]);

/** The line that the arrow keys stand on. */
export const active = signal(0);
/** Whom the agent chose; the form is open for them. */
export const chosen = signal<Choice | null>(null);
export const brief = signal("");
export const spoken = signal("");
export const announce = signal(true);
export const send = signal(true);

// --- the transfer of the contact on the screen

export const transfer = computed<TransferRow | null>(() => shown.value?.transfer ?? null);
/** I called somebody and keep the citizen: the bar with its keys is shown. */
export const consulting = computed(
  () =>
    inCall.value &&
    transfer.value !== null &&
    transfer.value.ended_at === null &&
    transfer.value.agent === my.value?.agent,
);
/** A colleague asked me about their citizen. */
export const consultedBy = computed<number | null>(() => {
  const row = transfer.value;
  if (!row || row.ended_at !== null || row.target_agent !== my.value?.agent) return null;
  return shown.value?.agent === my.value?.agent ? null : row.agent;
});

const TOLD_SECONDS = 90;
/** A transfer of mine that came to nothing a moment ago: the reason is shown. */
export const failed = computed<TransferRow | null>(() => {
  const row = transfer.value;
  if (!row?.outcome || row.outcome === "completed" || row.outcome === "cancelled" || row.outcome === "citizen_left")
    return null;
  const mine = row.agent === my.value?.agent || row.returned_at !== null;
  const told = phase.value === "ringing" || phase.value === "talking" || phase.value === "reconnecting";
  return mine && told && secondsSince(row.ended_at) < TOLD_SECONDS ? row : null;
});

/** What of a transfer is shown: mine, that somebody asks me, or why mine came to nothing. */
export const passingOn = computed<"consulting" | "consulted" | "failed" | "none">(() => {
  if (consulting.value) return "consulting";
  if (consultedBy.value !== null) return "consulted";
  return failed.value ? "failed" : "none";
});

export const targetName = (row: TransferRow): string => {
  if (row.target_kind === "agent") return centre.value?.agents[String(row.target_agent)]?.name ?? "";
  if (row.target_kind === "queue") return centre.value?.queues[row.target_queue ?? ""]?.name ?? "";
  return row.target_name || row.target_number || "";
};

// --- searching: what is typed is asked for when the hand rests

const REST_MS = 150;
const looking = new Newest();

async function search(isNewest: () => boolean): Promise<void> {
  try {
    const found = await findOffices(query.value);
    if (!isNewest()) return;
    const before = choices.value[active.value]?.key;
    offices.value = found;
    searchError.value = "";
    if (choices.value[active.value]?.key !== before) active.value = 0;
  } catch (error) {
    if (isNewest()) searchError.value = error instanceof ApiError ? error.message : String(error);
  } finally {
    if (isNewest()) searching.value = false;
  }
}

/** Fetches colleagues and queues, which the words only sift. Call when the tab opens. */
export async function fetchTargets(): Promise<void> {
  try {
    targets.value = await call<Targets>("GET", "/api/desk/targets");
  } catch (error) {
    searchError.value = error instanceof ApiError ? error.message : String(error);
  }
}

/** Searches the offices for what stands in the field. Call when the tab opens and after each letter. */
export function look(): void {
  searching.value = true;
  looking.ask(query.value ? REST_MS : 0, search);
}

/** The line that is meant, once the list is that of the words in the field; null when they changed meanwhile. */
export async function meant(): Promise<Choice | null> {
  const words = query.value;
  const first = choices.value[active.value];
  const isListed = first?.target.type === "agent" || first?.target.type === "number";
  if (!isListed) await looking.done();
  return words === query.value ? (choices.value[active.value] ?? null) : null;
}

let drafting: Promise<void> = Promise.resolve();

/** Opens the form for a choice, with the brief as note and topic stand. */
export function choose(choice: Choice): void {
  chosen.value = choice;
  const contact = shown.value?.id;
  drafting = choice.outside && contact ? draft(choice, contact) : Promise.resolve();
}

async function draft(choice: Choice, contact: string): Promise<void> {
  await note.peek()?.flush();
  const drafted = await call<Draft>("GET", `/api/desk/contacts/${contact}/brief`).catch(() => null);
  if (!drafted || chosen.value !== choice) return;
  spoken.value = drafted.spoken;
  if (brief.value === "") brief.value = drafted.text;
}

/** Whether the form for a choice stands in the place of the list. */
export const formOpen = computed(() => chosen.value !== null && inCall.value && !consulting.value);
/** Who was called by the form that is open. */
let called: Choice | null = null;

/** Where the key leads: to the form that is open, or to the list. Who was called already is not called again by it:
 * somebody else is wanted. */
export function place(): "consult" | "pass" {
  if (chosen.value === called) forget();
  return formOpen.value ? "consult" : "pass";
}

export function forget(): void {
  chosen.value = null;
  brief.value = spoken.value = "";
  announce.value = send.value = true;
}

// --- another contact: neither whom the last one was about, nor what was found for it

effect(() => {
  void shownId.value;
  looking.forget();
  searching.value = false;
  offices.value = [];
  active.value = 0;
  query.value = searchError.value = "";
  forget();
});

// --- doing it

const body = (target: TargetIn): Record<string, unknown> => ({
  contact: shown.value?.id,
  target,
  ...(chosen.value?.outside ? { brief: brief.value, announce: announce.value, send: send.value } : {}),
});

/** The form's choice, with its brief: who is quicker than the server does not send an empty one. */
async function complete(): Promise<Choice | null> {
  const choice = chosen.value;
  await drafting;
  return chosen.value === choice ? choice : null;
}

export async function pass(mode: "blind" | "consult"): Promise<void> {
  const choice = await complete();
  if (!choice) return;
  // The choice stays: should it come to nothing, a promise of a call is one key away.
  called = choice; // at once: what becomes of it may be shown before the answer is here
  try {
    await call("POST", "/api/desk/transfer", { ...body(choice.target), mode });
  } catch (error) {
    called = null;
    throw error;
  }
}

/** The officer owes the citizen a call within the law's term. */
export async function owe(term: string): Promise<void> {
  const choice = await complete();
  if (!choice) return;
  const { contact, brief: text, send: sent } = body(choice.target);
  await call("POST", "/api/desk/promise", {
    contact,
    owner: choice.target,
    term,
    brief: text ?? null,
    send: sent ?? false,
  });
  if (chosen.value === choice) forget();
}

export const step = (wanted: string): Promise<unknown> =>
  call("POST", "/api/desk/consult", { contact: shown.value?.id, step: wanted });

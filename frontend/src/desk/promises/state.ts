// Promised calls on the desk: what I owe, what belongs to the contact on the screen, and promising another one.
import { computed, effect, signal } from "@preact/signals";
import { call } from "../../lib/api";
import { dateAndTime } from "../../lib/format";
import { fill } from "../../lib/i18n";
import { centre, now, serverNow } from "../../live/store";
import { afterDetail, my, phase, shown, shownId } from "../state";
import { nextTime, owedBy } from "./order";
import type { CallbackDetail } from "./types";

const RETRY_MS = 2000;
const myQueues = signal<ReadonlySet<string>>(new Set());

/** The calls that I owe, the most urgent first. */
export const owed = computed(() => {
  const known = centre.value;
  if (!known) return [];
  const minute = Math.floor(now.value / 15_000) * 15_000; // the order changes with the clock, not with each tick
  return owedBy(known.promises, known.me, myQueues.value, minute);
});

const skills = computed(() => my.value?.skills.join(" ") ?? null);
const queueKeys = computed(() => Object.keys(centre.value?.queues ?? {}).join(" "));
effect(() => {
  if (skills.value === null || !queueKeys.value) return;
  void fetchQueues();
});

async function fetchQueues(): Promise<void> {
  try {
    myQueues.value = new Set(await call<string[]>("GET", "/api/desk/my-queues"));
  } catch {
    setTimeout(() => void fetchQueues(), RETRY_MS);
  }
}

export const callNow = (promise: string): Promise<unknown> => call("POST", `/api/desk/promises/${promise}/now`, {});

// --- the contact on the screen

/** We call the citizen. */
export const outgoing = computed(() => shown.value?.direction === "out");
/** I am connected, and the citizen's telephone rings. */
export const calling = computed(() => outgoing.value && phase.value === "talking" && shown.value?.answered_at === null);
export const callback = signal<CallbackDetail | null>(null);

let wanted = 0;
async function fetchCallback(id: string, turn: number): Promise<void> {
  await afterDetail();
  if (turn !== wanted) return;
  try {
    const fetched = await call<CallbackDetail>("GET", `/api/desk/contacts/${id}/promises`);
    if (turn === wanted) callback.value = fetched;
  } catch {
    if (turn === wanted && my.value?.contact === id) setTimeout(() => retry(id, turn), RETRY_MS);
  }
}
const retry = (id: string, turn: number): void => {
  if (turn === wanted) void fetchCallback(id, turn);
};

let fetchedFor: string | null = null;
effect(() => {
  const id = shownId.value;
  void phase.value; // what became of a call is known when the phase changes
  const turn = ++wanted;
  if (fetchedFor !== id) callback.value = null;
  fetchedFor = id;
  if (id) void fetchCallback(id, turn);
});

// --- promising a call

export const formOpen = signal(false);
/** `me`, or a queue's key. */
export const owner = signal("me");
/** Empty: as soon as it can be. */
export const time = signal("");
export const number = signal("");
/** What was promised in this contact, in a sentence. */
export const promised = signal("");

effect(() => {
  void shownId.value;
  closeForm();
  promised.value = "";
});

export function closeForm(): void {
  formOpen.value = false;
  owner.value = "me";
  time.value = number.value = "";
}

/** Whether a call can be promised out of this contact. */
export const canPromise = computed(() => phase.value !== "empty" && phase.value !== "ringing" && !calling.value);

/** Owes the citizen a call. Throws ApiError with a sentence. */
export async function promiseCall(): Promise<void> {
  const at = time.value ? nextTime(time.value, serverNow()) : null;
  const contact = shown.value?.id;
  await call("POST", "/api/desk/promise", {
    contact,
    owner: owner.value === "me" ? { type: "agent", agent: my.value?.agent } : { type: "queue", queue: owner.value },
    ...(at ? { due_at: at } : {}),
    ...(number.value.trim() ? { citizen: number.value.trim() } : {}),
  });
  if (shown.value?.id !== contact) return; // the form on the screen is that of another
  closeForm();
  promised.value = at
    ? fill(gettext("Promised: we call from %(time)s on."), { time: dateAndTime(at) })
    : gettext("Promised: we call as soon as the line is free.");
}

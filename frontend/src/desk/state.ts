// What the desk shows, derived from what the server says.
import { computed, effect, signal } from "@preact/signals";
import { ApiError, call } from "../lib/api";
import { midnightBefore } from "../lib/format";
import { keepTrying } from "../lib/lists";
import { centre, connection, connectionUp, me, now, serverNow } from "../live/store";
import type { AgentRow, ContactRow } from "../live/types";
import { fetchKinds } from "./protection/kinds";
import type { Choice, ContactDetail, TodayItem, TopicNode } from "./types";
import { systemReason } from "./words";

export const root = document.getElementById("desk");
/** 'desk': the agent has a telephone on the desk, and this page none. */
export const telephoneKind: "browser" | "desk" = root?.dataset.telephone === "desk" ? "desk" : "browser";

const OPEN_KEY = "haedap.desk.open";
const offDuty = (agent: number): AgentRow => ({
  agent,
  name: "",
  state: "signed_out",
  reason: "",
  since: new Date(serverNow()).toISOString(),
  until: null,
  pending: null,
  pending_reason: "",
  contact: null,
  reachable: false,
  skills: [],
});

/** As the server tells it; an agent who has never worked has none, and is off duty. Null before the first snapshot. */
const told = computed<AgentRow | null>(() => (centre.value ? (me.value ?? offDuty(centre.value.me)) : null));

/** The contact that this window's telephone has answered, while the server's word about it stays away. */
export const answeredHere = signal<{ contact: string; since: string } | null>(null);

/** The contact that rings or talks at this window's telephone. */
export const callHere = signal<string | null>(null);

/** What rang as the log-in ended is another's, or has hung up, and the server tells it to nobody here any more; unless
 * the telephone still has it, for which no log-in is needed. */
const rangOut = (row: AgentRow): boolean =>
  telephoneKind === "browser" &&
  row.state === "offered" &&
  connection.line.value === "logged_out" &&
  callHere.value !== row.contact;

/** My row: as the server tells it, but for an answer that it has not heard of yet, and a ring that is over. */
export const my = computed<AgentRow | null>(() => {
  const row = told.value;
  const here = answeredHere.value;
  if (row && rangOut(row)) return offDuty(row.agent);
  if (row?.state !== "offered" || !here || row.contact !== here.contact) return row;
  return { ...row, state: "engaged", since: here.since, until: null };
});

export type Phase = "empty" | "ringing" | "talking" | "reconnecting" | "wrap_up" | "past";

/** The contact opened last; it stays on the screen when it is over. */
export const opened = signal<string | null>(sessionStorage.getItem(OPEN_KEY));
export const shownId = computed<string | null>(() => my.value?.contact ?? opened.value);
export const detail = signal<ContactDetail | null>(null);
export const detailError = signal("");

/** The contact as it lives now, or as it was last. */
export const shown = computed<ContactRow | null>(() => {
  const id = shownId.value;
  if (!id) return null;
  const row = centre.value?.contacts[id];
  return row ?? (detail.value?.contact.id === id ? detail.value.contact : null);
});

export const phase = computed<Phase>(() => {
  const row = my.value;
  if (!row || !shownId.value) return "empty";
  if (row.contact === null) return row.state === "wrap_up" ? "wrap_up" : "past";
  if (row.state === "offered") return "ringing";
  if (row.state === "engaged") return shown.value?.state === "reconnecting" ? "reconnecting" : "talking";
  return row.state === "wrap_up" ? "wrap_up" : "past";
});
export const inCall = computed(() => phase.value === "talking" || phase.value === "reconnecting");

export const today = signal<TodayItem[] | null>(null);
export const topics = signal<TopicNode[]>([]);
export const dispositions = signal<Choice[]>([]);
export const awayReasons = signal<Choice[]>([]);

export const reasonName = (key: string): string =>
  systemReason(key) ?? awayReasons.value.find((reason) => reason.key === key)?.name ?? key;

// --- what was opened last survives a reload; an offer that was not answered does not stay

effect(() => {
  const row = my.value;
  if (row?.contact && (row.state === "engaged" || row.state === "wrap_up")) opened.value = row.contact;
});
effect(() => {
  if (opened.value) sessionStorage.setItem(OPEN_KEY, opened.value);
  else sessionStorage.removeItem(OPEN_KEY);
});

// --- the contact's record is fetched when another contact is shown

const RETRY_MS = 2000;
let wanted = 0;
let reading: Promise<void> = Promise.resolve();

/** Ends when the record of the shown contact is there, or could not be had: what else is asked about it comes after,
 * for the agent reads that first, and the server answers one question sooner than five. */
export async function afterDetail(): Promise<void> {
  await Promise.resolve(); // the change that calls for this may not have reached the effect below yet
  await reading;
}

async function fetchDetail(id: string, turn: number): Promise<void> {
  try {
    const fetched = await call<ContactDetail>("GET", `/api/desk/contacts/${id}`);
    if (turn !== wanted) return;
    detail.value = fetched;
    detailError.value = "";
  } catch (error) {
    if (turn !== wanted) return;
    const known = error instanceof ApiError ? error : null;
    const gone = (known?.status === 403 || known?.status === 404) && my.value?.contact !== id;
    if (gone) opened.value = null;
    else {
      detailError.value = known?.message ?? String(error);
      setTimeout(() => turn === wanted && void fetchDetail(id, turn), RETRY_MS);
    }
  }
}

/** Fetches the record of the shown contact anew: who it is was changed. */
export async function refetchDetail(): Promise<void> {
  const id = shownId.peek();
  if (!id) return;
  reading = fetchDetail(id, ++wanted);
  await reading;
}

effect(() => {
  const id = shownId.value;
  const turn = ++wanted;
  if (detail.peek()?.contact.id !== id) detail.value = null;
  detailError.value = "";
  if (id) reading = fetchDetail(id, turn);
});

// --- passed on to me: what the colleague has written is fetched when I take it over, and when they are done

const passedToMe = computed<string | null>(() => {
  const row = shown.value;
  const transfer = row?.transfer;
  const mine = (inCall.value || phase.value === "wrap_up") && row?.agent === my.value?.agent;
  if (!transfer || !mine || transfer.agent === row.agent) return null;
  return `${row.id} ${centre.value?.agents[transfer.agent]?.contact === row.id}`;
});

effect(() => {
  if (passedToMe.value) void refetchDetail();
});

// --- what contacts like this one mostly were about

export const usualTopics = signal<number[]>([]);

async function fetchUsualTopics(id: string): Promise<void> {
  await afterDetail();
  if (id !== shownId.peek()) return;
  const found = await call<number[]>("GET", `/api/desk/contacts/${id}/usual-topics`).catch(() => []);
  if (id === shownId.peek()) usualTopics.value = found;
}

effect(() => {
  const id = shownId.value;
  usualTopics.value = [];
  if (id) void fetchUsualTopics(id);
});

// --- my list of today, fetched anew when my state or my contact changes, when the line is there again, and when the day
// begins; what goes on elsewhere in the centre does not change it

let todayAsked = 0;
let todayTaken = 0;

/** What was asked for before does not replace what was asked for after it, whichever answer comes first. */
export async function refreshToday(): Promise<void> {
  const turn = ++todayAsked;
  await afterDetail();
  const fetched = await call<TodayItem[]>("GET", "/api/desk/today").catch(() => null);
  if (!fetched) setTimeout(() => turn === todayAsked && connectionUp.peek() && void refreshToday(), RETRY_MS);
  if (!fetched || turn < todayTaken) return;
  todayTaken = turn;
  today.value = fetched;
}

const doing = computed(() => (told.value ? `${told.value.state} ${told.value.contact}` : null));
const day = computed(() => midnightBefore(now.value));
effect(() => {
  void day.value;
  if (doing.value !== null && connectionUp.value) void refreshToday();
});

/** Fetches the lists that do not change during the day. */
export function fetchLists(): void {
  void keepTrying<TopicNode[]>("/api/topics", (list) => {
    topics.value = list;
  });
  void keepTrying<Choice[]>("/api/dispositions", (list) => {
    dispositions.value = list;
  });
  void keepTrying<Choice[]>("/api/away-reasons", (list) => {
    awayReasons.value = list;
  });
  void fetchKinds();
}

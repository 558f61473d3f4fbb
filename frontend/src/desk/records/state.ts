// 행정정보: who the citizen is, and what the city's systems say. All of it lives in this page's memory and for one contact.
import { computed, effect, signal } from "@preact/signals";
import { ApiError, call, callForLines } from "../../lib/api";
import { connectionUp, serverNow } from "../../live/store";
import { note } from "../form";
import { inCall, phase, shownId } from "../state";
import type { Answer, Board, Level, Panel, Plain, Run, Settlement } from "./types";
import { askable, noteLine } from "./values";

/** Only while the citizen is with me: talking or wrapping up. */
export const live = computed(() => inCall.value || phase.value === "wrap_up");

export const board = signal<Board | null>(null);
export const failure = signal("");
export const purpose = signal("");
/** What the agent typed of the citizen, by name; gone with the contact. */
export const typed = signal<Readonly<Record<string, string>>>({});
export const asked = signal<ReadonlySet<string>>(new Set());
const USUAL_WAY = "asked";
/** How the citizen is identified: a key of the board's ways. */
export const way = signal(USUAL_WAY);
/** Somebody who is identified is identified once more. */
export const anew = signal(false);
export const identifying = signal(false);
export const runs = signal<ReadonlyMap<string, Run>>(new Map());

/** A field of a record that was found. */
export interface Place {
  readonly panel: string;
  readonly record: number;
  readonly field: string;
}
/** The masked field whose reason is being asked for. */
export const unmasking = signal<Place | null>(null);

/** The line that was copied into the note last. */
export const copied = signal("");

interface Settled {
  result: Settlement | null;
  problem: string;
}
const settlements = signal<ReadonlyMap<string, Settled>>(new Map());
export const settlementOf = (key: string): Settled | undefined => settlements.value.get(key);

/** How many panels have an answer. */
export const found = computed(() => [...runs.value.values()].filter((run) => run.state === "ok").length);

const IDLE: Run = { state: "idle", since: 0, answer: null, sentence: "", again: false };
export const runOf = (key: string): Run => runs.value.get(key) ?? IDLE;

let turn = 0;
/** Beyond a panel's own limit: the way there and back. */
const SLACK_MS = 3000;
const path = (rest: string): string => `/api/desk/contacts/${shownId.peek()}/${rest}`;
const sentenceOf = (error: unknown): string => (error instanceof ApiError ? error.message : String(error));

function set(key: string, run: Run): void {
  runs.value = new Map(runs.value).set(key, run);
}

async function fetchBoard(mine: number): Promise<void> {
  try {
    const fetched = await call<Board>("GET", path("panels"));
    if (mine === turn) take(fetched);
  } catch (error) {
    if (mine === turn) failure.value = sentenceOf(error);
  }
}

/** Fetches the panels anew: who it is was changed. */
export async function refresh(): Promise<void> {
  if (live.peek()) await fetchBoard(turn);
}

function take(fetched: Board): void {
  board.value = fetched;
  failure.value = "";
  if (!purpose.value) purpose.value = fetched.purposes[0]?.key ?? "";
}

/** Identifies the citizen; then every panel that can be asked is asked, all at once. */
export async function identify(level: Level, how: string): Promise<void> {
  const mine = turn;
  identifying.value = true;
  failure.value = "";
  try {
    const subject = Object.fromEntries(
      (board.value?.identity ?? [])
        .map(({ name }) => [name, typed.value[name]?.trim() ?? ""])
        .filter(([, text]) => text !== ""),
    );
    const body = { level, how, asked: [...asked.value], subject };
    const fetched = await call<Board>("POST", path("identification"), body);
    if (mine !== turn) return;
    runs.value = new Map();
    settlements.value = new Map();
    unmasking.value = null;
    take(fetched);
    void askAll();
  } catch (error) {
    if (mine === turn) failure.value = sentenceOf(error);
  } finally {
    if (mine === turn) identifying.value = false;
  }
}

interface Line {
  key: string;
  answer?: Answer;
  message?: string;
}

/** Asks every panel that can be asked and has no answer: all at once, over one request. */
export async function askAll(): Promise<void> {
  const mine = turn;
  const since = serverNow();
  const open = (board.value?.panels ?? []).filter((panel) => {
    const { state } = runOf(panel.key);
    return state !== "asking" && state !== "ok" && askable(panel, typed.value);
  });
  if (open.length === 0) return;
  for (const panel of open) start(panel, since);
  const body = {
    purpose: purpose.value,
    keys: open.map(({ key }) => key),
    subjects: Object.fromEntries(open.map((panel) => [panel.key, ownSubject(panel)])),
  };
  const within = Math.max(...open.map((panel) => panel.limit_ms)) + SLACK_MS;
  let problem = gettext("The server does not answer. Try again in a moment.");
  const take = ({ key, answer, message }: Line): void => {
    if (mine !== turn) return;
    if (answer) answered(key, since, answer);
    else failed(key, since, message ?? problem);
  };
  try {
    await callForLines<Line>(path("panels"), body, take, within);
  } catch (error) {
    problem = sentenceOf(error);
  }
  if (mine !== turn) return;
  for (const { key } of open)
    if (runOf(key).state === "asking" && runOf(key).since === since) failed(key, since, problem);
}

function start(panel: Panel, since: number): void {
  if (unmasking.value?.panel === panel.key) unmasking.value = null;
  set(panel.key, { ...IDLE, state: "asking", since });
  const others = new Map(settlements.value);
  others.delete(panel.key);
  settlements.value = others;
}

function answered(key: string, since: number, answer: Answer): void {
  set(key, { state: answer.state, since, answer, sentence: answer.sentence, again: answer.again });
}

function failed(key: string, since: number, sentence: string): void {
  set(key, { ...IDLE, state: "failed", since, sentence, again: true });
}

/** What was typed for this panel alone; who the citizen is, is known to the server. */
function ownSubject(panel: Panel): Record<string, string> {
  const identity = new Set(board.value?.identity.map(({ name }) => name));
  const own = panel.subject.filter(({ name }) => !identity.has(name) && typed.value[name]?.trim());
  return Object.fromEntries(own.map(({ name }) => [name, typed.value[name]?.trim() ?? ""]));
}

/** Asks one system. `fresh`: no answer of a moment ago. */
export async function ask(panel: Panel, fresh = false): Promise<void> {
  if (runOf(panel.key).state === "asking" || !askable(panel, typed.value)) return;
  const mine = turn;
  const since = serverNow();
  start(panel, since);
  const body = { purpose: purpose.value, subject: ownSubject(panel), fresh };
  try {
    const answer = await call<Answer>("POST", path(`panels/${panel.key}`), body, panel.limit_ms + SLACK_MS);
    if (mine === turn) answered(panel.key, since, answer);
  } catch (error) {
    if (mine === turn) failed(panel.key, since, sentenceOf(error));
  }
}

/** Shows one masked field, for a reason. Throws ApiError. */
export async function unmask({ panel, record, field }: Place, reason: string): Promise<void> {
  const mine = turn;
  const { answer } = runOf(panel);
  if (!answer) return;
  const body = { lookup: answer.lookup, record, field, reason };
  const { value } = await call<{ value: Plain }>("POST", path(`panels/${panel}/unmask`), body);
  const run = runOf(panel);
  if (mine !== turn || run.answer?.lookup !== answer.lookup) return;
  const records = answer.records.map((found, place) =>
    place === record
      ? {
          ...found,
          values: found.values.map((item) => (item.name === field ? { ...item, value, masked: false } : item)),
        }
      : found,
  );
  set(panel, { ...run, answer: { ...run.answer, records } });
}

/** Works out what is to be paid up to the day of moving; a question for the citizen stands where it cannot be. */
export async function settle(panel: Panel, record: number, reading: string, on: string): Promise<void> {
  const mine = turn;
  const body = { lookup: runOf(panel.key).answer?.lookup, record, reading, on };
  let settled: Settled;
  try {
    const result = await call<Settlement>("POST", path(`panels/${panel.key}/settlement`), body);
    settled = { result, problem: "" };
  } catch (error) {
    settled = { result: null, problem: sentenceOf(error) };
  }
  if (mine === turn) settlements.value = new Map(settlements.value).set(panel.key, settled);
}

/** What of a panel goes into the note: the settlement where there is one, else what is read out. Empty: nothing yet. */
export function lineFor(panel: Panel): string {
  const text = settlementOf(panel.key)?.result?.read_out ?? runOf(panel.key).answer?.read_out ?? "";
  return text.trim() ? noteLine(panel, text) : "";
}

/** Writes the panel's line at the end of the note; the cursor stays where it is. */
export function toNote(panel: Panel): void {
  const keeper = note.peek();
  const line = lineFor(panel);
  if (!keeper || !line) return;
  const before = keeper.text.peek().trimEnd();
  if (!before.includes(line)) keeper.edit(before ? `${before}\n${line}` : line);
  copied.value = line;
}

export function type(name: string, text: string): void {
  typed.value = { ...typed.value, [name]: text };
}

export function tick(key: string, on: boolean): void {
  const next = new Set(asked.value);
  if (on) next.add(key);
  else next.delete(key);
  asked.value = next;
}

// --- another contact, or the end of this one: nothing of the citizen stays

let open: string | null = null;

effect(() => {
  const contact = live.value ? shownId.value : null;
  const again = contact !== null && board.peek() === null && connectionUp.value;
  if (contact === open && !again) return;
  if (contact !== open) {
    board.value = null;
    failure.value = purpose.value = "";
    typed.value = {};
    asked.value = new Set();
    way.value = USUAL_WAY;
    identifying.value = anew.value = false;
    runs.value = new Map();
    settlements.value = new Map();
    unmasking.value = null;
    copied.value = "";
  }
  open = contact;
  const mine = ++turn;
  if (contact) void fetchBoard(mine);
});

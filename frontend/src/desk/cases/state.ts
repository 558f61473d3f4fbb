// Cases on the desk: those of the citizen on the screen, and opening another one.
import { computed, effect, signal } from "@preact/signals";
import { ApiError, call } from "../../lib/api";
import { dateAndTime } from "../../lib/format";
import { fill } from "../../lib/i18n";
import { note } from "../form";
import { Newest } from "../newest";
import { fromOffices } from "../passing/choices";
import { findOffices } from "../passing/offices";
import type { Choice } from "../passing/types";
import { afterDetail, phase, shown, shownId } from "../state";
import type { CaseRow, Cases, Kind } from "./types";
import { questionOf } from "./words";

const RETRY_MS = 2000;
const REST_MS = 150;
const NOTHING: Cases = { cases: [], kinds: [], draft: "", number_known: true };

const known = signal<Cases>(NOTHING);
/** The citizen's cases, open ones first. */
export const cases = computed<readonly CaseRow[]>(() => known.value.cases);
export const kinds = computed<readonly Kind[]>(() => known.value.kinds);
export const numberKnown = computed(() => known.value.number_known);
/** Answered, and the citizen has not heard it: tell them now. */
export const toTell = computed(() => cases.value.filter((one) => one.to_tell));

let turn = 0;
async function fetchCases(contact: string, mine: number): Promise<void> {
  await afterDetail();
  if (mine !== turn) return;
  try {
    const fetched = await call<Cases>("GET", `/api/desk/contacts/${contact}/cases`);
    if (mine === turn) known.value = fetched;
  } catch (error) {
    const mayCome = !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
    if (mine === turn && mayCome) setTimeout(() => mine === turn && void fetchCases(contact, mine), RETRY_MS);
  }
}

/** Fetches them anew: one was opened, or who it is was changed. */
export function refresh(): Promise<void> {
  const contact = shownId.value;
  return contact ? fetchCases(contact, ++turn) : Promise.resolve();
}

// --- opening one

export const formOpen = signal(false);
export const query = signal("");
export const offices = signal<readonly Choice[]>([]);
/** The line of the list that is meant. */
export const active = signal(0);
export const kind = signal("question");
export const text = signal("");
export const reply = signal<"message" | "callback">("callback");
export const number = signal("");
/** What was opened in this contact, in a sentence. */
export const opened = signal("");

export const canOpen = computed(() => phase.value !== "empty" && phase.value !== "ringing");
export const due = computed(() => kinds.value.find((one) => one.key === kind.value)?.due_at ?? null);

effect(() => {
  const contact = shownId.value;
  const mine = ++turn;
  known.value = NOTHING;
  opened.value = "";
  closeForm();
  if (contact) void fetchCases(contact, mine);
});

export function closeForm(): void {
  formOpen.value = false;
}

/** Opens the form as the note stands: what it says is the text, and its first line finds the office. */
export function openForm(): void {
  const written = note.value?.text.value.trim() ?? "";
  text.value = written;
  query.value = questionOf(written);
  kind.value = "question";
  reply.value = "callback";
  number.value = "";
  offices.value = [];
  formOpen.value = true;
  look(0);
  void refresh(); // the due times are counted from now
}

const looking = new Newest();

/** Searches the office for what stands in the field. */
export function look(rest = REST_MS): void {
  looking.ask(rest, search);
}

async function search(isNewest: () => boolean): Promise<void> {
  const found = await findOffices(query.value).catch(() => null);
  if (!isNewest()) return;
  const before = offices.value[active.value]?.key;
  offices.value = found ? fromOffices(found) : [];
  if (offices.value[active.value]?.key !== before) active.value = 0;
}

/** The office owes the citizen an answer. Throws ApiError with a sentence. */
export async function openCase(): Promise<void> {
  const contact = shown.value?.id;
  await looking.done(); // what was found for other words is not meant
  if (!formOpen.value || shown.value?.id !== contact) return;
  const office = offices.value[active.value];
  if (!office) throw new ApiError(0, "office_missing", gettext("Choose the office: type what the citizen says."));
  const made = await call<CaseRow>("POST", `/api/desk/contacts/${contact}/cases`, {
    office: office.target,
    kind: kind.value,
    text: text.value,
    reply: reply.value,
    ...(number.value.trim() ? { number: number.value.trim() } : {}),
  });
  if (shown.value?.id !== contact) return; // the form on the screen is that of another
  closeForm();
  opened.value = fill(gettext("Case %(number)s is with %(office)s, who answer by %(due)s."), {
    number: made.number,
    office: made.office,
    due: dateAndTime(made.due_at),
  });
  await refresh();
}

/** I have told the citizen the answer. Throws ApiError with a sentence. */
export async function told(one: CaseRow): Promise<void> {
  await call("POST", `/api/desk/contacts/${shown.value?.id}/cases/${one.id}/told`, {});
  await refresh();
}

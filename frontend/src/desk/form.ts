// The part of the record that the agent fills in: note, topic, disposition; and finishing the contact.
import { computed, effect, signal, untracked } from "@preact/signals";
import { ApiError, call } from "../lib/api";
import { centre, connectionUp, serverNow } from "../live/store";
import type { Later } from "./attempts";
import { type ChoiceDraft, ChoiceKeeper, isChoice } from "./choice";
import { Drafts } from "./drafts";
import { focusOn } from "./focus";
import { type Draft, isNote, NoteKeeper, type Version } from "./note";
import { detail, opened, phase, refreshToday, shownId } from "./state";
import type { ContactDetail, Note } from "./types";

/** What an agent fills in of one contact. */
interface Form {
  contact: string;
  note: NoteKeeper;
  topic: ChoiceKeeper<number>;
  disposition: ChoiceKeeper<string>;
}

const shownForm = signal<Form | null>(null);
export const note = computed(() => shownForm.value?.note ?? null);
export const topic = computed(() => shownForm.value?.topic.value.value ?? null);
export const disposition = computed(() => shownForm.value?.disposition.value.value ?? null);
/** Whether the server does not have it yet. */
export const topicUnsaved = computed(() => shownForm.value?.topic.saved.value === false);
export const dispositionUnsaved = computed(() => shownForm.value?.disposition.saved.value === false);
/** Why the server did not take a field, in a sentence. */
export const fieldError = computed(
  () => shownForm.value?.topic.refusal.value || shownForm.value?.disposition.refusal.value || "",
);

const channel = new BroadcastChannel("haedap-notes");
/** Whose drafts these are: null before the first snapshot, and until then no note may be opened without its draft. */
const owner = computed(() => centre.value?.me ?? null);
const drafts = new Drafts<Version>(localStorage, serverNow, "note", isNote);
const choices = {
  topic: new Drafts<ChoiceDraft<number>>(localStorage, serverNow, "topic", isChoice),
  disposition: new Drafts<ChoiceDraft<string>>(localStorage, serverNow, "disposition", isChoice),
};

/** What was rescued, or saved in another window, since the page was loaded: a record that was asked for before may arrive
 * after, without it. */
const elsewhere = new Map<string, Version>();

function newest(contact: string, server: Version): Version {
  const known = elsewhere.get(contact);
  return known && known.version > server.version ? known : server;
}

/** What the server says of a note it has saved: the text only when it is not as it was sent. */
type Kept = { version: number; text?: string };

const noteAddress = (contact: string): string => `/api/desk/contacts/${contact}/note`;

/** Of each contact one: the earlier may have more to save when the contact is opened again, and two would fight. */
const forms = new Map<string, Form>();

function formOf(owner: number, contact: string, server: Note): Form {
  const known = forms.get(contact);
  known?.note.adopt(newest(contact, server));
  known?.topic.adopt(server.topic);
  known?.disposition.adopt(server.disposition);
  const form = known ?? {
    contact,
    note: openNote(owner, contact, server),
    topic: openChoice(owner, contact, "topic", server.topic, choices.topic),
    disposition: openChoice(owner, contact, "disposition", server.disposition, choices.disposition),
  };
  forms.set(contact, form);
  return form;
}

const later: Later = (ms, action) => {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
};

function openNote(owner: number, contact: string, server: Version): NoteKeeper {
  return new NoteKeeper(newest(contact, server), {
    put: async (text, version) => ({ text, ...(await call<Kept>("PUT", noteAddress(contact), { text, version })) }),
    load: () => drafts.load(owner, contact),
    store: (draft) => (draft ? drafts.keep(owner, contact, draft) : drafts.remove(owner, contact)),
    later,
    saved: (saved) => channel.postMessage({ ...saved, contact } satisfies Draft),
  });
}

function openChoice<T extends number | string>(
  owner: number,
  contact: string,
  field: "topic" | "disposition",
  server: T | null,
  kept: Drafts<ChoiceDraft<T>>,
): ChoiceKeeper<T> {
  return new ChoiceKeeper(server, {
    put: (value) => call("PUT", `/api/desk/contacts/${contact}/${field}`, { [field]: value }),
    load: () => kept.load(owner, contact),
    store: (draft) => (draft ? kept.keep(owner, contact, draft) : kept.remove(owner, contact)),
    later,
    saved: () => void refreshToday(), // it says what is not finished
  });
}

// --- a contact's record arrives: open its form; a later copy of the same contact brings what is newer and does not
// disturb what is typed

effect(() => {
  const me = owner.value;
  const record = me === null ? null : detail.value;
  untracked(() => show(me, record));
});

function show(me: number | null, record: ContactDetail | null): void {
  const before = shownForm.value;
  if (record && record.contact.id === before?.contact) {
    takeNews(before, record.note);
    return;
  }
  before?.note.close();
  shownForm.value = me === null || !record ? null : formOf(me, record.contact.id, record.note);
}

/** Of what was chosen here nothing is changed; and how it ended says whoever ends it. */
function takeNews(form: Form, news: Note): void {
  form.note.adopt(news);
  if (form.topic.value.value === null) form.topic.adopt(news.topic);
}

function savedElsewhere(contact: string, saved: Version): void {
  elsewhere.set(contact, saved);
  forms.get(contact)?.note.adopt(saved);
}

channel.onmessage = (event: MessageEvent<Draft>) => {
  savedElsewhere(event.data.contact, event.data);
};

/** What is not saved is tried at once. */
function hurry(): void {
  for (const { note, topic, disposition } of forms.values()) {
    for (const part of [note, topic, disposition]) void part.flush().catch(() => undefined); // it is tried again
  }
}

effect(() => {
  if (connectionUp.value) untracked(hurry);
});
addEventListener("visibilitychange", () => document.hidden && hurry());

// --- notes that an earlier page could not save are saved when the server is there

/** Saves what a crash has left in this browser, contact by contact. */
export function rescueDrafts(): void {
  const me = owner.peek();
  if (me === null) return;
  for (const kind of [drafts, choices.topic, choices.disposition]) kind.clear();
  for (const contact of drafts.contactsOf(me)) if (contact !== shownId.peek()) void rescue(me, contact);
}

async function rescue(me: number, contact: string): Promise<void> {
  const draft = drafts.load(me, contact);
  if (!draft) return;
  try {
    const sent = { text: draft.text, version: draft.version };
    const { version, text = sent.text } = await call<Kept>("PUT", noteAddress(contact), sent);
    savedElsewhere(contact, { text, version });
    if (drafts.load(me, contact)?.text === sent.text) drafts.remove(me, contact);
  } catch {
    // It stays in this browser for its time; opening the contact shows both texts.
  }
}

// --- topic and disposition

export const chooseTopic = (id: number): void => shownForm.value?.topic.choose(id);
export const chooseDisposition = (key: string): void => shownForm.value?.disposition.choose(key);

/** Closes the contact. Throws ApiError with a sentence when something is missing. */
export async function finishContact(): Promise<void> {
  const form = shownForm.value;
  if (!form) return;
  if (form.topic.value.value === null) {
    focusOn("topic");
    throw new ApiError(0, "topic_missing", gettext("Choose the topic first."));
  }
  if (form.disposition.value.value === null) {
    focusOn("disposition");
    throw new ApiError(0, "disposition_missing", gettext("Choose the disposition first."));
  }
  const { contact } = form;
  const wrapsUp = phase.value === "wrap_up";
  await Promise.all([form.topic.flush(), form.disposition.flush(), form.note.flush()]);
  if (form.note.status.value === "conflict") {
    throw new ApiError(0, "note_conflict", gettext("Two texts of the note differ. Choose one first."));
  }
  if (wrapsUp) await call("POST", `/api/desk/contacts/${contact}/close`, {});
  if (opened.value === contact) opened.value = null;
  await refreshToday();
}

// The part of the record that the agent fills in: note, topic, disposition; and finishing the contact.
import { computed, effect, signal, untracked } from "@preact/signals";
import { ApiError, call } from "../lib/api";
import { centre, connectionUp } from "../live/store";
import { focusOn } from "./focus";
import { type Draft, NoteKeeper, type Version } from "./note";
import { detail, opened, phase, refreshToday, shownId } from "./state";
import type { ContactDetail, Note } from "./types";

export const note = signal<NoteKeeper | null>(null);
export const topic = signal<number | null>(null);
export const disposition = signal<string | null>(null);
/** The field that the server does not have yet. */
export const unsaved = signal<ReadonlySet<"topic" | "disposition">>(new Set());
/** Why the server did not take a field, in a sentence. */
export const fieldError = signal("");

const channel = new BroadcastChannel("haedap-notes");
/** Whose drafts these are: null before the first snapshot, and until then no note may be opened without its draft. */
const owner = computed(() => centre.value?.me ?? null);
const draftKey = (contact: string): string => `haedap.note.${owner.peek()}.${contact}`;

function readDraft(key: string): Version | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Version | null;
    return kept && typeof kept.text === "string" && typeof kept.version === "number" ? kept : null;
  } catch {
    return null;
  }
}

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
const keepers = new Map<string, NoteKeeper>();

function keep(contact: string, server: Version): NoteKeeper {
  const known = keepers.get(contact);
  known?.adopt(newest(contact, server));
  const keeper = known ?? open(contact, server);
  keepers.set(contact, keeper);
  return keeper;
}

function open(contact: string, server: Version): NoteKeeper {
  const key = draftKey(contact);
  return new NoteKeeper(newest(contact, server), {
    put: async (text, version) => ({ text, ...(await call<Kept>("PUT", noteAddress(contact), { text, version })) }),
    load: () => readDraft(key),
    store: (draft) => (draft ? localStorage.setItem(key, JSON.stringify(draft)) : localStorage.removeItem(key)),
    later: (ms, action) => {
      const timer = setTimeout(action, ms);
      return () => clearTimeout(timer);
    },
    saved: (saved) => channel.postMessage({ ...saved, contact } satisfies Draft),
  });
}

// --- a contact's record arrives: open its note; a later copy of the same contact brings what is newer and does not
// disturb what is typed

let openContact: string | null = null;

effect(() => {
  const record = owner.value === null ? null : detail.value;
  untracked(() => show(record));
});

function show(record: ContactDetail | null): void {
  const id = record?.contact.id ?? null;
  if (record && id === openContact) {
    takeNews(record.note);
    return;
  }
  note.value?.close();
  openContact = id;
  note.value = record && keep(record.contact.id, record.note);
  topic.value = record?.note.topic ?? null;
  disposition.value = record?.note.disposition ?? null;
  unsaved.value = new Set();
  fieldError.value = "";
}

/** Of what was chosen here nothing is changed; and how it ended says whoever ends it. */
function takeNews(news: Note): void {
  note.value?.adopt(news);
  topic.value ??= news.topic;
}

function savedElsewhere(contact: string, saved: Version): void {
  elsewhere.set(contact, saved);
  keepers.get(contact)?.adopt(saved);
}

channel.onmessage = (event: MessageEvent<Draft>) => {
  savedElsewhere(event.data.contact, event.data);
};

effect(() => {
  if (connectionUp.value) untracked(() => void note.value?.flush());
});
addEventListener("visibilitychange", () => document.hidden && void note.value?.flush());

// --- notes that an earlier page could not save are saved when the server is there

/** Saves what a crash has left in this browser, contact by contact. */
export function rescueDrafts(): void {
  const prefix = draftKey("");
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(prefix))) {
    const contact = key.slice(prefix.length);
    const draft = readDraft(key);
    if (contact === shownId.peek()) continue;
    if (draft) void rescue(contact, draft);
    else localStorage.removeItem(key);
  }
}

async function rescue(contact: string, draft: Version): Promise<void> {
  try {
    const { version, text = draft.text } = await call<Kept>("PUT", noteAddress(contact), draft);
    savedElsewhere(contact, { text, version });
    const key = draftKey(contact);
    if (readDraft(key)?.text === draft.text) localStorage.removeItem(key);
  } catch {
    // It stays in this browser; opening the contact shows both texts.
  }
}

// --- topic and disposition

const RETRY_MS = 2000;

function mark(field: "topic" | "disposition", open: boolean): void {
  const next = new Set(unsaved.value);
  if (open) next.add(field);
  else next.delete(field);
  unsaved.value = next;
}

async function saveField(contact: string, field: "topic" | "disposition", value: number | string): Promise<void> {
  const current = (): boolean => openContact === contact && (field === "topic" ? topic : disposition).value === value;
  while (current()) {
    try {
      await call("PUT", `/api/desk/contacts/${contact}/${field}`, { [field]: value });
      if (current()) mark(field, false);
      void refreshToday(); // it says what is not finished
      return;
    } catch (error) {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) {
        if (current()) (field === "topic" ? topic : disposition).value = null;
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Saves under way, the latest of each field of a contact; finishing waits for them. They do not reject. */
const saves = new Map<string, Promise<void>>();

/** One after the other: of two requests under way the server may do the second first, and keep the first. */
function save(field: "topic" | "disposition", value: number | string): void {
  const contact = openContact;
  if (!contact) return;
  fieldError.value = "";
  mark(field, true);
  const key = `${contact} ${field}`;
  const before = saves.get(key);
  const saving = (before ? before.then(() => saveField(contact, field, value)) : saveField(contact, field, value))
    .catch((error: unknown) => {
      fieldError.value = error instanceof Error ? error.message : String(error);
    })
    .finally(() => saves.get(key) === saving && saves.delete(key));
  saves.set(key, saving);
}

export function chooseTopic(id: number): void {
  topic.value = id;
  save("topic", id);
}

export function chooseDisposition(key: string): void {
  disposition.value = key;
  save("disposition", key);
}

/** Closes the contact. Throws ApiError with a sentence when something is missing. */
export async function finishContact(): Promise<void> {
  const contact = openContact;
  if (!contact) return;
  if (topic.value === null) {
    focusOn("topic");
    throw new ApiError(0, "topic_missing", gettext("Choose the topic first."));
  }
  if (disposition.value === null) {
    focusOn("disposition");
    throw new ApiError(0, "disposition_missing", gettext("Choose the disposition first."));
  }
  const keeper = note.value;
  const wrapsUp = phase.value === "wrap_up";
  await Promise.all([...saves.values(), keeper?.flush()]);
  if (keeper?.status.value === "conflict") {
    throw new ApiError(0, "note_conflict", gettext("Two texts of the note differ. Choose one first."));
  }
  if (wrapsUp) await call("POST", `/api/desk/contacts/${contact}/close`, {});
  if (opened.value === contact) opened.value = null;
  await refreshToday();
}

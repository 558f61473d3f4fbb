// What is found for what the agent types, which article is open, and what was used in this contact.
import { computed, effect, signal } from "@preact/signals";
import { ApiError, call } from "../../lib/api";
import { note } from "../form";
import { board } from "../records/state";
import { withoutAnswers } from "../records/values";
import { afterDetail, shownId } from "../state";
import { Seeker } from "./seeker";
import type { ArticleFound, Found, How, Kind } from "./types";

const NOTHING: Found = { articles: [], offices: [], contacts: [], simple: false };
/** So much of the note's end is looked for: the last thing that was typed is what it is about, not what a system said. */
const LONGEST = 200;
const SHORTEST = 2;

/** The tab's own field. While it is empty, the note is what is looked for. */
export const query = signal("");
export const kind = signal<Kind>("");
export const topic = signal("");
export const office = signal("");
export const found = signal<Found>(NOTHING);
export const error = signal("");
/** The article that is open, by its key; and the line on which the arrow keys stand. */
export const open = signal("");
export const active = signal(0);
/** What the agent rated in this contact: the key of the article, and whether it was right. */
export const rated = signal<ReadonlyMap<string, boolean>>(new Map());
export const used = signal<ReadonlyMap<string, ReadonlySet<How>>>(new Map());
export const failure = signal("");

export const sought = computed(() => {
  const own = query.value.trim();
  const titles = board.value?.panels.map(({ title }) => title) ?? [];
  return own || withoutAnswers(note.value?.text.value ?? "", titles).slice(-LONGEST);
});
export const fromNote = computed(() => query.value.trim() === "" && sought.value !== "");
export const count = computed(() => found.value.articles.filter(({ sure }) => sure).length);

const message = (reason: unknown): string => (reason instanceof ApiError ? reason.message : String(reason));

const seeker = new Seeker<Found>({
  // In the body: notes name citizens, and addresses are kept by proxies.
  ask: (asked) => (asked ? call<Found>("POST", "/api/desk/search", JSON.parse(asked)) : Promise.resolve(NOTHING)),
  take: (answer) => {
    found.value = answer;
    error.value = "";
    active.value = Math.min(active.peek(), Math.max(0, answer.articles.length - 1));
  },
  fail: (reason) => {
    error.value = message(reason);
  },
  better: (answer, reason) => answer?.simple ?? (reason instanceof ApiError && (reason.status || 500) >= 500),
  later: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
});

effect(() => {
  const asked = {
    q: sought.value,
    kind: kind.value,
    contact: shownId.value || null,
    topic: Number(topic.value) || null,
    office: Number(office.value) || null,
  };
  seeker.seek(sought.value.length < SHORTEST ? "" : JSON.stringify(asked));
});

// --- a search of the agent's own that stands unchanged and has found no article is missed: it goes to the work list

const STANDS_MS = 2500;
const told = new Set<string>();
let waiting: ReturnType<typeof setTimeout> | undefined;

effect(() => {
  const words = query.value.trim();
  const missed = count.value === 0 && !error.value && kind.value === "" && !topic.value && !office.value;
  void found.value;
  clearTimeout(waiting);
  if (words.length < SHORTEST || !missed || told.has(words)) return;
  waiting = setTimeout(() => {
    told.add(words);
    void call("POST", "/api/desk/search/missed", { text: words }).catch(() => told.delete(words));
  }, STANDS_MS);
});

// --- another contact: nothing of the last one stays

effect(() => {
  const contact = shownId.value;
  query.value = open.value = failure.value = kind.value = topic.value = office.value = "";
  used.value = new Map();
  rated.value = new Map();
  if (contact) void fetchUsed(contact);
});

async function fetchUsed(contact: string): Promise<void> {
  await afterDetail();
  if (contact !== shownId.peek()) return;
  const rows = await call<{ article: string; how: How }[]>("GET", `/api/desk/contacts/${contact}/articles`).catch(
    () => [],
  );
  if (contact !== shownId.peek()) return;
  for (const row of rows) remember(row.article, row.how);
}

function remember(key: string, how: How): void {
  used.value = new Map(used.peek()).set(key, new Set([...(used.peek().get(key) ?? []), how]));
}

/** The line that is meant, once the list is that of the words that are looked for. */
export async function meant(): Promise<ArticleFound | null> {
  await seeker.answered();
  return error.value ? null : (found.value.articles[active.value] ?? null);
}

/** Opens or closes an article. Opening counts as reading it for the contact on the screen. */
export function toggle(article: ArticleFound): void {
  failure.value = "";
  open.value = open.value === article.key ? "" : article.key;
  if (open.value) void use(article.key, "read");
}

/** Notes that the article was used in the contact on the screen. */
export async function use(key: string, how: How): Promise<void> {
  const contact = shownId.peek();
  if (!contact || used.peek().get(key)?.has(how)) return;
  try {
    await call("POST", `/api/desk/articles/${key}/use`, { contact, how });
    if (contact === shownId.peek()) remember(key, how);
  } catch (reason) {
    failure.value = message(reason);
  }
}

/** The key for 'read out': the article that is open, or the best one. */
export function readOut(): void {
  const article = found.value.articles.find(({ key }) => key === open.value) ?? found.value.articles[active.value];
  if (!article) return;
  open.value = article.key;
  void use(article.key, "script");
}

/** Was it right? Resolves to whether the server has it. */
export async function rate(key: string, right: boolean, text: string): Promise<boolean> {
  const contact = shownId.peek();
  try {
    await call("POST", `/api/desk/articles/${key}/rate`, { contact, right, text });
    if (contact !== shownId.peek()) return true;
    rated.value = new Map(rated.peek()).set(key, right);
    failure.value = "";
    return true;
  } catch (reason) {
    failure.value = message(reason);
    return false;
  }
}

/** Puts what was looked for onto the list of what is missing. */
export async function propose(): Promise<boolean> {
  try {
    await call("POST", "/api/desk/articles/gaps", { contact: shownId.peek(), text: sought.peek() });
    return true;
  } catch (reason) {
    failure.value = message(reason);
    return false;
  }
}

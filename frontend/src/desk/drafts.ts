// What the server does not have yet of notes, in this browser: unmasked, and therefore not for ever.
import type { Version } from "./note";

/** `at`: when it was written, in ms by the server's clock. */
interface Draft extends Version {
  at: number;
}

/** What the server refuses is there a week for its agent, who may be away, logged out, or at another desk meanwhile. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const PREFIX = "haedap.note.";

const keysOf = (store: Storage, prefix: string): string[] =>
  Array.from({ length: store.length }, (_, place) => store.key(place) ?? "").filter((key) => key.startsWith(prefix));

/** The drafts of all accounts in one browser; each account sees its own. */
export class Drafts {
  #store: Storage;
  #now: () => number;

  constructor(store: Storage, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  load(owner: number, contact: string): Version | null {
    return this.#read(key(owner, contact));
  }

  /** Throws where this browser can keep nothing more. */
  keep(owner: number, contact: string, { text, version }: Version): void {
    this.#store.setItem(key(owner, contact), JSON.stringify({ text, version, at: this.#now() } satisfies Draft));
  }

  remove(owner: number, contact: string): void {
    this.#store.removeItem(key(owner, contact));
  }

  /** The contacts of which `owner` has drafts. */
  contactsOf(owner: number): string[] {
    const prefix = key(owner, "");
    return keysOf(this.#store, prefix).map((name) => name.slice(prefix.length));
  }

  /** Removes, whosever they are, those that nobody can read and those that are too old; an earlier version dated none. */
  clear(): void {
    for (const name of keysOf(this.#store, PREFIX)) {
      const draft = this.#read(name);
      if (draft && draft.at === undefined) this.#store.setItem(name, JSON.stringify({ ...draft, at: this.#now() }));
      else if (!draft?.at || this.#now() - draft.at > KEPT_MS) this.#store.removeItem(name);
    }
  }

  #read(name: string): (Version & Partial<Draft>) | null {
    try {
      const kept = JSON.parse(this.#store.getItem(name) ?? "null") as Draft | null;
      return kept && typeof kept.text === "string" && typeof kept.version === "number" ? kept : null;
    } catch {
      return null;
    }
  }
}

const key = (owner: number, contact: string): string => `${PREFIX}${owner}.${contact}`;

// What the server does not have yet of notes and choices, in this browser: unmasked, and therefore not for ever.

/** What the server refuses is there a week for its agent, who may be away, logged out, or at another desk meanwhile. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

const keysOf = (store: Storage, prefix: string): string[] =>
  Array.from({ length: store.length }, (_, place) => store.key(place) ?? "").filter((key) => key.startsWith(prefix));

/** `at`: when it was written, in ms by the server's clock. */
type Dated<T> = T & { at: number };

/** The drafts of one kind of all accounts in one browser; each account sees its own. */
export class Drafts<T extends object> {
  #store: Storage;
  #now: () => number;
  #prefix: string;
  #fits: (found: Partial<T>) => boolean;

  /** `fits`: whether what was found is one of this kind. */
  constructor(store: Storage, now: () => number, kind: string, fits: (found: Partial<T>) => boolean) {
    this.#store = store;
    this.#now = now;
    this.#prefix = `haedap.${kind}.`;
    this.#fits = fits;
  }

  load(owner: number, contact: string): T | null {
    return this.#read(this.#key(owner, contact));
  }

  /** Throws where this browser can keep nothing more. */
  keep(owner: number, contact: string, draft: T): void {
    this.#store.setItem(this.#key(owner, contact), JSON.stringify({ ...draft, at: this.#now() } satisfies Dated<T>));
  }

  remove(owner: number, contact: string): void {
    this.#store.removeItem(this.#key(owner, contact));
  }

  /** The contacts of which `owner` has drafts. */
  contactsOf(owner: number): string[] {
    const prefix = this.#key(owner, "");
    return keysOf(this.#store, prefix).map((name) => name.slice(prefix.length));
  }

  /** Removes, whosever they are, those that nobody can read and those that are too old; an earlier version dated none. */
  clear(): void {
    for (const name of keysOf(this.#store, this.#prefix)) {
      const draft = this.#read(name);
      if (draft && draft.at === undefined) this.#store.setItem(name, JSON.stringify({ ...draft, at: this.#now() }));
      else if (!draft?.at || this.#now() - draft.at > KEPT_MS) this.#store.removeItem(name);
    }
  }

  #key(owner: number, contact: string): string {
    return `${this.#prefix}${owner}.${contact}`;
  }

  #read(name: string): (T & { at?: number }) | null {
    try {
      const found = JSON.parse(this.#store.getItem(name) ?? "null") as (T & { at?: number }) | null;
      return found && this.#fits(found) ? found : null;
    } catch {
      return null;
    }
  }
}

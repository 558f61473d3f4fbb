// The note of one contact: saved as it is typed, kept in this browser until the server has it, and never overwritten.
import { type Signal, signal } from "@preact/signals";
import { ApiError } from "../lib/api";
import { Attempts, type Later } from "./attempts";

export type NoteStatus = "saved" | "waiting" | "saving" | "failed" | "conflict";

export interface Version {
  text: string;
  version: number;
}

export const isNote = ({ text, version }: Partial<Version>): boolean =>
  typeof text === "string" && typeof version === "number";

export interface Draft extends Version {
  contact: string;
}

/** What a note needs from outside. */
export interface NotePorts {
  /** Saves `text` as the successor of `version`; returns what is kept, with personal data masked. Throws ApiError. */
  put(text: string, version: number): Promise<Version>;
  load(): Version | null;
  /** Keeps it in this browser. Throws where that is full. */
  store(draft: Version | null): void;
  later: Later;
  /** Tells the agent's other windows. */
  saved(note: Version): void;
}

/** What no database takes: NUL and half characters, as some programs leave them on the clipboard. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const TYPING_PAUSE_MS = 500;
/** What stands for masked data: [전화번호]. */
const LABEL = /\[[가-힣]{2,7}\]/;

export class NoteKeeper {
  readonly text: Signal<string>;
  readonly status = signal<NoteStatus>("saved");
  /** The other text, while two differ. */
  readonly theirs = signal<Version | null>(null);
  readonly error = signal("");
  /** What the server keeps instead of what stands in the box, because personal data is masked in it. */
  readonly kept = signal<string | null>(null);
  #version: number;
  #ports: NotePorts;
  #attempts: Attempts;
  /** What was sent upon this version without an answer: the server may have it nonetheless, and then it is ours. */
  #unanswered = new Set<string>();

  constructor(server: Version, ports: NotePorts) {
    this.#ports = ports;
    this.#attempts = new Attempts(() => this.#put(), ports.later);
    this.#version = server.version;
    this.text = signal(server.text);
    this.#restore(server, ports.load());
  }

  /** The agent typed. */
  edit(typed: string): void {
    const text = typed.replace(UNSTORABLE, "\ufffd");
    this.text.value = text;
    this.kept.value = null;
    this.#keep({ text, version: this.#version });
    if (this.status.value !== "conflict") this.#saveIn(TYPING_PAUSE_MS);
  }

  /** Saves what is not saved yet; resolves when an attempt has ended. */
  async flush(): Promise<void> {
    if (this.status.value === "waiting" || this.status.value === "failed") await this.#attempts.now();
    else await this.#attempts.callOff();
  }

  /** The box is left: now it shows what is kept. Not before, so that nothing moves under the caret. */
  async leave(): Promise<void> {
    await this.flush();
    if (this.status.value !== "saved" || this.kept.value === null) return;
    this.text.value = this.kept.value;
    this.kept.value = null;
  }

  /** Another window saved. Taken over unless something is typed here: then saving will find the difference. */
  adopt(note: Version): void {
    if (this.status.value !== "saved" || note.version <= this.#version) return;
    this.#version = note.version;
    this.text.value = note.text;
    this.kept.value = null;
  }

  /** The agent has read both texts and chosen. */
  async settle(text: string): Promise<void> {
    const theirs = this.theirs.value;
    if (!theirs) return;
    this.#version = theirs.version;
    this.theirs.value = null;
    this.status.value = "waiting";
    this.edit(text);
    await this.flush();
  }

  /** The note is left: what is not saved is saved now, or as soon as the server can; until then it stays in this browser. */
  close(): void {
    void this.flush();
  }

  /** In this browser. Where its disk is full only the server has the note, which therefore must get it. */
  #keep(draft: Version | null): void {
    try {
      this.#ports.store(draft);
    } catch {
      // The note says by itself whether the server has it.
    }
  }

  #restore(server: Version, draft: Version | null): void {
    if (!draft) return;
    if (draft.text === server.text) {
      this.#keep(null);
      return;
    }
    this.text.value = draft.text;
    if (LABEL.test(server.text)) this.#ask(draft.version);
    else this.#meet(server, draft.version, draft.text);
  }

  /** What the server has may be this very text, masked: only the server can tell. */
  #ask(base: number): void {
    this.#version = base;
    this.#saveIn(0);
  }

  /** The server has `theirs`, and we have something else, `sent` when masked, that was written upon `base`. */
  #meet(theirs: Version, base: number, sent: string): void {
    this.#version = theirs.version;
    if (base === theirs.version || sent.startsWith(theirs.text) || this.#unanswered.has(theirs.text)) {
      this.#keep({ text: this.text.value, version: this.#version });
      this.#saveIn(0);
      return;
    }
    this.#version = base;
    this.theirs.value = theirs;
    this.status.value = "conflict";
  }

  #saveIn(ms: number): void {
    if (this.status.value !== "saving") this.status.value = "waiting";
    this.#attempts.in(ms);
  }

  async #put(): Promise<void> {
    const text = this.text.value;
    let kept: Version;
    this.status.value = "saving";
    try {
      kept = await this.#ports.put(text, this.#version);
    } catch (error) {
      this.#failed(error, text);
      return;
    }
    this.#version = kept.version;
    this.#unanswered.clear();
    this.#attempts.succeeded();
    this.error.value = "";
    this.#ports.saved(kept);
    if (this.text.value === text) {
      this.status.value = "saved";
      this.kept.value = kept.text === text ? null : kept.text;
      this.#keep(null);
    } else {
      this.status.value = "waiting";
      this.#keep({ text: this.text.value, version: this.#version });
      this.#saveIn(TYPING_PAUSE_MS);
    }
  }

  #failed(error: unknown, sent: string): void {
    const known = error instanceof ApiError ? error : new ApiError(0, "", String(error));
    if (known.status === 409 && typeof known.body.version === "number") {
      this.status.value = "waiting";
      const theirs = { text: String(known.body.text ?? ""), version: known.body.version };
      if (theirs.text === this.text.value) this.#same(theirs);
      else this.#meet(theirs, this.#version, String(known.body.sent ?? this.text.value));
      return;
    }
    this.#unanswered.add(sent);
    this.status.value = "failed";
    this.error.value = known.message;
    this.#attempts.failed();
  }

  #same(theirs: Version): void {
    this.#version = theirs.version;
    this.status.value = "saved";
    this.#keep(null);
  }
}

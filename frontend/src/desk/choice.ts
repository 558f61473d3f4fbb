// What an agent has chosen for one contact, its topic or its disposition: saved as it is chosen, kept in this browser until
// the server has it, and tried again until it has it or refuses it, whichever contact is shown by then.
import { type Signal, signal } from "@preact/signals";
import { ApiError } from "../lib/api";
import { Attempts, type Later } from "./attempts";

/** What is chosen, and what the server had then: whoever chooses something else there meanwhile has the last word. */
export interface ChoiceDraft<T> {
  value: T;
  base: T | null;
}

const isValue = (found: unknown): boolean => typeof found === "number" || typeof found === "string";

export const isChoice = ({ value, base }: Partial<ChoiceDraft<unknown>>): boolean =>
  isValue(value) && (base === null || isValue(base));

/** What a choice needs from outside. */
export interface ChoicePorts<T> {
  /** Throws ApiError. */
  put(value: T): Promise<unknown>;
  load(): ChoiceDraft<T> | null;
  /** Keeps it in this browser. Throws where that is full. */
  store(draft: ChoiceDraft<T> | null): void;
  later: Later;
  /** The server has it. */
  saved(): void;
}

/** Whoever is logged out, or too quick, may be heard the next time. */
const NOT_NOW: readonly number[] = [401, 403, 408, 429];

const refused = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && !NOT_NOW.includes(error.status);

export class ChoiceKeeper<T extends number | string> {
  readonly value: Signal<T | null>;
  readonly saved = signal(true);
  /** Why the server has refused it, in a sentence. */
  readonly refusal = signal("");
  /** What the server said last instead of taking it. */
  #failure: unknown = null;
  /** What the server had when it said so last. */
  #server: T | null;
  #ports: ChoicePorts<T>;
  #attempts: Attempts;

  constructor(server: T | null, ports: ChoicePorts<T>) {
    this.value = signal(server);
    this.#server = server;
    this.#ports = ports;
    this.#attempts = new Attempts(() => this.#put(), ports.later);
    this.#restore(ports.load());
  }

  choose(value: T): void {
    this.value.value = value;
    this.saved.value = false;
    this.refusal.value = "";
    this.#keep({ value, base: this.#server });
    void this.#attempts.now();
  }

  /** What the server had when it was asked: of what is chosen here it may not have known. */
  adopt(server: T | null): void {
    if (!this.saved.value) return;
    this.value.value = server ?? this.value.value;
    this.#server = this.value.value;
  }

  /** Saves what is not saved yet. Throws what keeps it from being saved. */
  async flush(): Promise<void> {
    if (this.saved.value) return;
    await this.#attempts.now();
    if (!this.saved.value || this.refusal.value) throw this.#failure;
  }

  /** What an earlier page could not save. */
  #restore(draft: ChoiceDraft<T> | null): void {
    if (!draft) return;
    if (draft.base === this.#server && draft.value !== this.#server) this.choose(draft.value);
    else this.#keep(null);
  }

  #keep(draft: ChoiceDraft<T> | null): void {
    try {
      this.#ports.store(draft);
    } catch {
      // Whether the server has it, the field says by itself.
    }
  }

  /** One after the other: of two requests under way the server may do the second first, and keep the first. */
  async #put(): Promise<void> {
    for (let sent: T | null = null; this.value.value !== null && this.value.value !== sent; ) {
      sent = this.value.value;
      try {
        await this.#ports.put(sent);
      } catch (error) {
        if (this.value.value === sent) this.#failed(error);
        continue;
      }
      this.#server = sent;
      if (this.value.value === sent) this.#done();
      else this.#keep({ value: this.value.value, base: sent });
    }
  }

  #done(): void {
    this.saved.value = true;
    this.#keep(null);
    this.#attempts.succeeded();
    this.#ports.saved();
  }

  #failed(error: unknown): void {
    this.#failure = error;
    if (!refused(error)) {
      this.#attempts.failed();
      return;
    }
    this.refusal.value = error.message;
    this.#keep(null);
    this.value.value = null;
    this.saved.value = true;
  }
}

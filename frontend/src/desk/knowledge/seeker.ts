// Asks while somebody types: after a pause, one question at a time, and only the newest answer counts. What had no
// answer for now, or a makeshift one, is asked anew by itself while nobody types.

export interface SeekerPorts<T> {
  /** Null: nothing is asked for `question`. Throws when there is no answer. */
  ask(question: string): Promise<T>;
  take(answer: T): void;
  fail(error: unknown): void;
  /** Whether a better answer may be had after a while than this, or, where there was none, than this error. */
  better?(answer: T | null, error: unknown): boolean;
  /** Calls `action` after `ms`; returns how to call it off. */
  later(ms: number, action: () => void): () => void;
}

export const PAUSE_MS = 250;
export const AGAIN_MS = 10_000;
/** Five minutes: a page that asks for ever keeps awake the log-in of who has gone. */
export const MOST_AGAIN = 30;

export class Seeker<T> {
  #ports: SeekerPorts<T>;
  #wanted: string | null = null;
  #asking = false;
  #again = 0;
  #cancel: () => void = () => undefined;
  #waiting: (() => void)[] = [];

  constructor(ports: SeekerPorts<T>) {
    this.#ports = ports;
  }

  /** `question` is what is wanted from now on; what was asked before is stale. */
  seek(question: string, pause = PAUSE_MS): void {
    this.#again = 0;
    this.#seek(question, pause);
  }

  #seek(question: string, pause: number): void {
    this.#cancel();
    this.#wanted = question;
    this.#cancel = this.#ports.later(pause, () => void this.#go());
  }

  /** Resolves when the newest question has its answer, or none could be had. */
  answered(): Promise<void> {
    if (this.#wanted === null) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async #go(): Promise<void> {
    if (this.#asking || this.#wanted === null) return;
    const question = this.#wanted;
    let better = false;
    this.#asking = true;
    try {
      const answer = await this.#ports.ask(question);
      better = this.#ports.better?.(answer, null) ?? false;
      if (this.#wanted === question) this.#ports.take(answer);
    } catch (error) {
      better = this.#ports.better?.(null, error) ?? false;
      if (this.#wanted === question) this.#ports.fail(error);
    } finally {
      this.#asking = false;
    }
    if (this.#wanted === question) {
      this.#wanted = null;
      for (const tell of this.#waiting.splice(0)) tell();
      if (better && this.#again++ < MOST_AGAIN) {
        this.#cancel = this.#ports.later(AGAIN_MS, () => this.#seek(question, 0));
      }
    } else this.#cancel = this.#ports.later(0, () => void this.#go());
  }
}

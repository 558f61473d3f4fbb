// Asks while somebody types: after a pause, one question at a time, and only the newest answer counts.

export interface SeekerPorts<T> {
  /** Null: nothing is asked for `question`. Throws when there is no answer. */
  ask(question: string): Promise<T>;
  take(answer: T): void;
  fail(error: unknown): void;
  /** Calls `action` after `ms`; returns how to call it off. */
  later(ms: number, action: () => void): () => void;
}

export const PAUSE_MS = 250;

export class Seeker<T> {
  #ports: SeekerPorts<T>;
  #wanted: string | null = null;
  #asking = false;
  #cancel: () => void = () => undefined;
  #waiting: (() => void)[] = [];

  constructor(ports: SeekerPorts<T>) {
    this.#ports = ports;
  }

  /** `question` is what is wanted from now on; what was asked before is stale. */
  seek(question: string, pause = PAUSE_MS): void {
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
    this.#asking = true;
    try {
      const answer = await this.#ports.ask(question);
      if (this.#wanted === question) this.#ports.take(answer);
    } catch (error) {
      if (this.#wanted === question) this.#ports.fail(error);
    } finally {
      this.#asking = false;
    }
    if (this.#wanted === question) {
      this.#wanted = null;
      for (const tell of this.#waiting.splice(0)) tell();
    } else this.#cancel = this.#ports.later(0, () => void this.#go());
  }
}

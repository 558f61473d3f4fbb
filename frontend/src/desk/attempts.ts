// How what an agent has written or chosen gets to the server: one attempt at a time, again and again until it is there.

/** Calls `action` after `ms`; returns how to call it off. */
export type Later = (ms: number, action: () => void) => () => void;

const RETRY_MS = [1000, 2000, 4000, 8000];

export class Attempts {
  #attempt: () => Promise<void>;
  #later: Later;
  #callOff: () => void = () => undefined;
  #running: Promise<void> | null = null;
  #failures = 0;

  /** `attempt` does not reject, and says by `succeeded` or `failed` what became of it. */
  constructor(attempt: () => Promise<void>, later: Later) {
    this.#attempt = attempt;
    this.#later = later;
  }

  /** One after `ms`, in the place of what was planned. */
  in(ms: number): void {
    this.callOff();
    this.#callOff = this.#later(ms, () => void this.now());
  }

  /** One now in the place of what was planned, or the one that is under way; resolves when it has ended. */
  now(): Promise<void> {
    this.callOff();
    this.#running ??= this.#attempt().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Nothing is planned any more; resolves when the one that is under way has ended. */
  async callOff(): Promise<void> {
    this.#callOff();
    await this.#running;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** It is tried again, after a pause that grows. */
  failed(): void {
    this.in(RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)] ?? 8000);
  }
}

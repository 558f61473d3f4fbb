// Which of an agent's windows holds the telephone: the first one, the next when it goes, or the one that asks for it.
import { computed, effect, signal } from "@preact/signals";

export class Election {
  /** Whether this window holds the telephone. */
  readonly holds = signal(false);
  /** Why a take-over was not possible: the other window is in a call. */
  readonly otherIsBusy = signal(false);
  readonly #name: string;

  /** `busy`, made of signals, tells whether this window has a call, which cannot be moved. */
  constructor(name: string, busy: () => boolean) {
    this.#name = name;
    const hasCall = computed(busy);
    effect(() => (hasCall.value ? this.#keepCall() : undefined));
    this.#stand({});
  }

  /** Takes the telephone from the other window, unless that one is in a call. */
  async takeOver(): Promise<void> {
    this.otherIsBusy.value = false;
    const { held = [] } = await navigator.locks.query();
    const busy = held.some(({ name }) => name === this.#callName);
    this.otherIsBusy.value = busy;
    if (busy) this.#noteItsEnd();
    else this.#stand({ steal: true });
  }

  /** The other window's call is over when nobody has its lock. */
  #noteItsEnd(): void {
    void navigator.locks.request(this.#callName, () => {
      this.otherIsBusy.value = false;
    });
  }

  get #callName(): string {
    return `${this.#name}-call`;
  }

  /** Says by a lock that there is a call, until the result is called. The browser tells it to the other windows: this one
   * may be too busy to answer in time, and its call must not be cut for that. */
  #keepCall(): () => void {
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    void navigator.locks?.request(this.#callName, { mode: "shared" }, () => over);
    return end;
  }

  /** Waits for the telephone and keeps it until the window closes or another one takes it. */
  #stand(options: LockOptions): void {
    if (!navigator.locks) {
      this.holds.value = true;
      return;
    }
    const held = navigator.locks.request(this.#name, options, () => {
      this.holds.value = true;
      this.otherIsBusy.value = false;
      return new Promise<never>(() => undefined);
    });
    held.catch(() => {
      this.holds.value = false;
      this.#stand({});
    });
  }
}

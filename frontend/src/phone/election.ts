// Which of an agent's windows holds the telephone: the first one, the next when it goes, or the one that asks for it.
import { signal } from "@preact/signals";

const ASK_MS = 400;

export class Election {
  /** Whether this window holds the telephone. */
  readonly holds = signal(false);
  /** Why a take-over was not possible: the other window is in a call. */
  readonly otherIsBusy = signal(false);
  readonly #name: string;
  readonly #busy: () => boolean;
  readonly #channel: BroadcastChannel;

  /** `busy` tells whether this window has a call, which cannot be moved. */
  constructor(name: string, busy: () => boolean) {
    this.#name = name;
    this.#busy = busy;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = (event: MessageEvent<string>) => {
      if (event.data === "ask" && this.holds.value && this.#busy()) this.#channel.postMessage("busy");
    };
    this.#stand({});
  }

  /** Takes the telephone from the other window, unless that one is in a call. */
  async takeOver(): Promise<void> {
    this.otherIsBusy.value = false;
    const busy = await this.#ask();
    this.otherIsBusy.value = busy;
    if (!busy) this.#stand({ steal: true });
  }

  #ask(): Promise<boolean> {
    return new Promise((resolve) => {
      const channel = new BroadcastChannel(this.#name);
      const done = (busy: boolean): void => {
        channel.close();
        resolve(busy);
      };
      const timer = setTimeout(() => done(false), ASK_MS);
      channel.onmessage = (event: MessageEvent<string>) => {
        if (event.data !== "busy") return;
        clearTimeout(timer);
        done(true);
      };
      channel.postMessage("ask");
    });
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

// What is asked for as somebody types: begun when the hand rests, and only the newest counts.

export class Newest {
  #asked = 0;
  #done: Promise<void> = Promise.resolve();

  /** Does `work` after `rest` milliseconds, unless something newer is wanted by then; `work` asks whether it still is the
   * newest before it shows anything. */
  ask(rest: number, work: (isNewest: () => boolean) => Promise<void>): void {
    const mine = ++this.#asked;
    const isNewest = (): boolean => mine === this.#asked;
    this.#done = new Promise((resolve) => setTimeout(resolve, rest)).then(() =>
      isNewest() ? work(isNewest) : this.#done,
    );
  }

  /** Nothing that was asked for is wanted any more. */
  forget(): void {
    this.#asked += 1;
    this.#done = Promise.resolve();
  }

  /** Resolves when the newest is done; rejects as it does. */
  done(): Promise<void> {
    return this.#done;
  }
}

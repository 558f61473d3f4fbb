// Keypad tones in the order in which they were pressed, however quickly: what is pressed while others are on their way goes
// with the next ones.

/** As many as the server takes at once. */
const MOST = 32;

export class Digits {
  #waiting = "";
  #sending = false;

  /** `send` resolves when the server has answered; `well`: whether it took them. */
  constructor(
    private readonly send: (digits: string) => Promise<void>,
    private readonly well: () => boolean,
  ) {}

  /** Resolves when all are sent, or those after a failure are dropped: half a number is worse than none. */
  async press(digit: string): Promise<void> {
    this.#waiting += digit;
    if (this.#sending) return;
    this.#sending = true;
    while (this.#waiting) {
      const digits = this.#waiting.slice(0, MOST);
      this.#waiting = this.#waiting.slice(MOST);
      await this.send(digits);
      if (!this.well()) this.#waiting = "";
    }
    this.#sending = false;
  }
}

// The ring: two tones, one second on and two off, made by the browser itself.
export class Ringer {
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    const unlock = (): void => void this.#audio().resume();
    addEventListener("pointerdown", unlock, { once: true });
    addEventListener("keydown", unlock, { once: true });
  }

  start(): void {
    if (this.#timer !== undefined) return;
    void this.#audio().resume();
    this.#burst();
    this.#timer = setInterval(() => this.#burst(), 3000);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #audio(): AudioContext {
    this.#context ??= new AudioContext();
    return this.#context;
  }

  #burst(): void {
    const audio = this.#audio();
    if (audio.state !== "running") return;
    const gain = audio.createGain();
    gain.connect(audio.destination);
    const start = audio.currentTime;
    for (const [from, to] of [
      [0, 0.4],
      [0.6, 1],
    ] as const) {
      gain.gain.setValueAtTime(0.0001, start + from);
      gain.gain.exponentialRampToValueAtTime(0.12, start + from + 0.03);
      gain.gain.setValueAtTime(0.12, start + to - 0.05);
      gain.gain.exponentialRampToValueAtTime(0.0001, start + to);
    }
    for (const frequency of [660, 880]) {
      const tone = audio.createOscillator();
      tone.frequency.value = frequency;
      tone.connect(gain);
      tone.start(start);
      tone.stop(start + 1);
    }
  }
}

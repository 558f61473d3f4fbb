// A telephone that one of a person's windows holds: it registers there, and there alone.
import { effect, type ReadonlySignal, type Signal } from "@preact/signals";
import { centre } from "../live/store";
import { Election } from "./election";
import { renewAfterLogIn } from "./renewal";
import type { Softphone } from "./softphone";

/** Stands for election as soon as it is known who I am, and registers for as long as this window `holds` the telephone. */
export function holdTelephone(
  phone: Softphone,
  audio: HTMLAudioElement,
  election: Signal<Election | null>,
  holds: ReadonlySignal<boolean>,
): void {
  document.body.append(audio);
  const stopWaiting = effect(() => {
    if (centre.value && !election.peek()) {
      election.value = new Election(`haedap-phone-${centre.value.me}`, () => phone.call.value !== null);
      queueMicrotask(() => stopWaiting());
    }
  });
  effect(() => {
    if (holds.value) void phone.start();
    else phone.stop();
  });
  renewAfterLogIn(phone, holds);
}

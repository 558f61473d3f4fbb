// A telephone that is registered, and that the centre takes for gone: registrations end by the clock of its machine,
// and when that is set ahead all of them do, until each telephone renews its own up to a minute later.
import { effect, type ReadonlySignal } from "@preact/signals";

/** Longer than the word of a new registration is on its way to this page. */
const ON_ITS_WAY_MS = 2000;

/** Calls `register` when the telephone has been `forgotten` for a while; returns how to stop. */
export function whenForgotten(forgotten: ReadonlySignal<boolean>, register: () => void): () => void {
  return effect(() => {
    if (!forgotten.value) return undefined;
    const timer = setTimeout(register, ON_ITS_WAY_MS);
    return () => clearTimeout(timer);
  });
}

// What a screen reader hears: each change of my state once, in order, and an arriving contact before anything else.
import { effect, signal } from "@preact/signals";
import { duration, telephone } from "../lib/format";
import { fill } from "../lib/i18n";
import { secondsUntil } from "../live/store";
import type { AgentRow, ContactRow } from "../live/types";
import { my, phase, reasonName, shown } from "./state";
import { hasSoftphone } from "./telephone";
import { stateName } from "./words";

/** Interrupts (an arriving contact). */
export const urgent = signal("");
/** Waits for its turn. */
export const calm = signal("");

export function dismissAnnouncement(): void {
  urgent.value = "";
}

/** Who calls, as it is shown and said. */
export function callerText(contact: ContactRow | null): string {
  if (!contact) return "";
  if (contact.withheld) return gettext("Number withheld");
  return telephone(contact.caller ?? contact.caller_text ?? "") || gettext("Number unknown");
}

function said(row: AgentRow): string {
  const name = stateName(row.state);
  if (row.state === "away") return `${name}, ${reasonName(row.reason)}`;
  if (row.state === "wrap_up") return `${name}, ${duration(secondsUntil(row.until))}`;
  return name;
}

let last = "";

function incoming(): string {
  return hasSoftphone
    ? gettext("Incoming call: %(caller)s. Press F2 to answer.")
    : gettext("Incoming call: %(caller)s. Lift the handset of your desk telephone to answer.");
}

function callback(): string {
  return hasSoftphone
    ? gettext("Callback: %(caller)s. Press F2; then the citizen is called.")
    : gettext("Callback: %(caller)s. Lift the handset of your desk telephone; then the citizen is called.");
}

/** Speaks from now on. */
export function startAnnouncing(): void {
  effect(() => {
    const row = my.value;
    const ringing = phase.value === "ringing";
    const caller = ringing ? callerText(shown.value) : "";
    if (!row) return;
    const key = `${row.state} ${row.reason} ${row.contact}`;
    if (key === last || (ringing && !shown.value)) return;
    last = key;
    if (ringing) {
      calm.value = "";
      urgent.value = fill(shown.value?.direction === "out" ? callback() : incoming(), { caller });
    } else {
      urgent.value = "";
      calm.value = said(row);
    }
  });
}

// What a screen reader hears: each change of my state and of the line once, in order, and an arriving contact before
// anything else.
import { effect, signal } from "@preact/signals";
import { duration, telephone } from "../lib/format";
import { fill } from "../lib/i18n";
import { secondsUntil } from "../live/store";
import type { AgentRow, ContactRow } from "../live/types";
import { my, phase, reasonName, shown } from "./state";
import { hasSoftphone } from "./telephone";
import { changes, type Unusual, USUAL } from "./unusual";
import { goneText, stateName, UNREACHABLE } from "./words";

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
  if (phase.value === "reconnecting") return reconnectingText();
  const name = stateName(row.state);
  if (row.state === "away" && row.reason === UNREACHABLE) return `${name}. ${goneText()}`;
  if (row.state === "away") return `${name}, ${reasonName(row.reason)}`;
  if (row.state === "wrap_up") return `${name}, ${duration(secondsUntil(row.until))}`;
  return name;
}

const reconnectingText = (): string =>
  gettext("The line was lost. The citizen hears music and is being given back to you.");

let last = "";
/** As it was told last; of a line that is regained all is told that is out of the ordinary, for it lasts. */
let line: Unusual = USUAL;

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
    const key = `${row.state} ${row.reason} ${row.contact} ${phase.value === "reconnecting"}`;
    const told = phase.value === "talking" && shown.value ? changes(line, shown.value) : [];
    line = (phase.value === "talking" && shown.value) || USUAL;
    if ((key === last && told.length === 0) || (ringing && !shown.value)) return;
    const sameState = key === last;
    last = key;
    if (ringing) {
      calm.value = "";
      urgent.value = fill(shown.value?.direction === "out" ? callback() : incoming(), { caller });
    } else {
      urgent.value = "";
      calm.value = [...(sameState ? [] : [said(row)]), ...told].join(". ");
    }
  });
}

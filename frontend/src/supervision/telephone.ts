// The supervisor's telephone in this window: it answers by itself when the centre rings it for a talk.
import { computed, signal } from "@preact/signals";
import { call } from "../lib/api";
import type { Election } from "../phone/election";
import { holdTelephone } from "../phone/holding";
import { type Credentials, Softphone } from "../phone/softphone";

export const root = document.getElementById("supervision");
/** The supervisor has a telephone on the desk, and this page none. */
export const onDesk = root?.dataset.telephone === "desk";

const audio = document.createElement("audio");
audio.autoplay = true;

export const phone = new Softphone(() => call<Credentials>("POST", "/api/supervision/phone", {}), audio);
export const election = signal<Election | null>(null);
export const holds = computed(() => election.value?.holds.value === true);
export const ready = computed(
  () => onDesk || (holds.value && phone.registration.value === "registered" && phone.microphone.value === null),
);

/** Takes part in the election of the window that holds the telephone. */
export function startTelephone(): void {
  if (onDesk) return;
  holdTelephone(phone, audio, election, holds);
}

// The agent's telephone in this window: which window holds it, what it says, and when to ask for the citizen back.
import { computed, effect, signal } from "@preact/signals";
import { call } from "../lib/api";
import { serverNow } from "../live/store";
import type { Election } from "../phone/election";
import { whenForgotten } from "../phone/forgotten";
import { holdTelephone } from "../phone/holding";
import { Ringer } from "../phone/ringer";
import { type Credentials, Softphone } from "../phone/softphone";
import { answeredHere, callHere, inCall, my, phase, telephoneKind } from "./state";

export const hasSoftphone = telephoneKind === "browser";
const audio = document.createElement("audio");
audio.autoplay = true;

export const phone = new Softphone(() => call<Credentials>("POST", "/api/desk/phone", {}), audio);
export const election = signal<Election | null>(null);
const ringer = new Ringer();

/** Answer was pressed before the telephone rang: the INVITE and the offer come on different ways. */
const answerWanted = signal<string | null>(null);

/** Answers the ringing contact, as soon as the telephone rings. */
export function answer(): void {
  if (my.value?.state !== "offered") return;
  answerWanted.value = my.value.contact;
}

/** A call that ended here a moment ago: the server's word about it may still be on its way. */
const AFTER_CALL_MS = 1500;
const FRESH_PAGE_MS = 200;
const ASK_AGAIN_MS = 5000;
/** Much later than a call rings after its offer was shown: the call went to a page that is gone. */
const RING_MISSED_MS = 3000;

/** The server's word of an answer comes sooner, unless its database is away: what the telephone knows is shown then. */
const WORD_LATE_MS = 500;

/** Whether this window's telephone could have a call and has none. */
const noCall = computed(
  () => phone.registration.value === "registered" && phone.call.value === null && holdsPhone.value,
);
const lineMissing = computed(() => inCall.value && noCall.value);
const ringMissing = computed(() => phase.value === "ringing" && noCall.value);
export const holdsPhone = computed(() => election.value?.holds.value === true);

const forgotten = computed(
  () => my.value?.reachable === false && holdsPhone.value && phone.registration.value === "registered",
);

function askForReturn(after: number): () => void {
  const ask = (): void => {
    void call("POST", "/api/desk/returned", {}).catch(() => undefined);
  };
  const first = setTimeout(ask, after);
  const again = setInterval(ask, ASK_AGAIN_MS);
  return () => {
    clearTimeout(first);
    clearInterval(again);
  };
}

function tellLater(contact: string): () => void {
  const since = new Date(serverNow()).toISOString();
  const timer = setTimeout(() => {
    answeredHere.value = { contact, since };
  }, WORD_LATE_MS);
  return () => clearTimeout(timer);
}

/** Takes part in the election and rings; call once the agent is known. */
export function startTelephone(): void {
  if (!hasSoftphone) return;
  holdTelephone(phone, audio, election, holdsPhone);
  effect(() => {
    callHere.value = phone.call.value?.contact ?? null;
  });
  effect(() => {
    const ringing = phone.call.value;
    if (answerWanted.value && ringing?.phase === "ringing" && ringing.contact === answerWanted.value) {
      answerWanted.value = null;
      void phone.answer();
    }
  });
  effect(() => {
    if (phase.value !== "ringing") answerWanted.value = null;
  });
  effect(() => {
    const here = phone.call.value;
    const answered = here?.contact === my.value?.contact && here?.phase !== "ringing"; // the server's word comes later
    const rings = phase.value === "ringing" && holdsPhone.value && !answered;
    if (rings) ringer.start();
    else ringer.stop();
  });
  effect(() => {
    const here = phone.call.value;
    answeredHere.value = null;
    return here?.phase === "talking" && here.contact ? tellLater(here.contact) : undefined;
  });
  whenForgotten(forgotten, () => phone.registerAgain());
  effect(() => (lineMissing.value ? askForReturn(phone.lastEnd.peek() ? AFTER_CALL_MS : FRESH_PAGE_MS) : undefined));
  effect(() => (ringMissing.value ? askForReturn(RING_MISSED_MS) : undefined));
}

// What the agent can do now, and how it is done. Each goes to the server; the state comes back over /ws.
import { effect, signal } from "@preact/signals";
import { ApiError, call } from "../lib/api";
import { dismissAnnouncement } from "./announce";
import * as cases from "./cases/state";
import { Digits } from "./digits";
import { focusOn, helpOpen, keypadOpen, menuOpen, tab } from "./focus";
import { finishContact } from "./form";
import * as who from "./history/state";
import type { ActionName } from "./keys";
import * as knowledge from "./knowledge/state";
import * as passing from "./passing/state";
import * as promises from "./promises/state";
import { callSupervisor } from "./protection/help";
import * as protection from "./protection/state";
import { live as recordsOpen } from "./records/state";
import { inCall, my, phase, shown, shownId } from "./state";
import * as suggestions from "./suggestions/state";
import { answer, election, hasSoftphone, holdsPhone, phone } from "./telephone";

/** The actions whose answers are awaited; their buttons wait with them, and a second press does nothing. */
export const busy = signal<ReadonlySet<ActionName>>(new Set());
/** What went wrong with the last action, in a sentence. */
export const failure = signal("");

effect(() => {
  void shownId.value;
  if (phase.value === "ringing") failure.value = ""; // it was about the contact before
});

const EXTEND_SECONDS = 60;
const KNOWLEDGE_TAB = 0;
const RECORDS_TAB = 2;
/** The panels are fetched when the talk begins: who is quicker is taken there as soon as they are. Ten seconds: longer than
 * the server may take for its answer. */
const UNTIL_THERE_FRAMES = 600;
const PASS_TAB = 3;
const guessOf = { guess1: 0, guess2: 1, guess3: 2 } as const;
const stepOf = { warn: "warn", announce: "announce", endAbuse: "end" } as const;

export async function perform(name: ActionName, work: () => Promise<unknown>): Promise<void> {
  if (busy.value.has(name)) return;
  busy.value = new Set([...busy.value, name]);
  failure.value = "";
  try {
    await work();
  } catch (error) {
    failure.value = error instanceof ApiError ? error.message : String(error);
  } finally {
    busy.value = new Set([...busy.value].filter((other) => other !== name));
  }
}

const post = (path: string, body: unknown = {}): Promise<unknown> => call("POST", `/api/desk/${path}`, body);

type Control = "hold" | "unhold" | "mute" | "unmute" | "pause_recording" | "resume_recording" | "send_digits" | "end";

export function control(name: ActionName, wanted: Control, digits = ""): Promise<void> {
  const contact = shown.value?.id;
  return perform(name, () => post("control", { contact, control: wanted, ...(digits ? { digits } : {}) }));
}

const keypad = new Digits(
  (digits) => control("keypad", "send_digits", digits),
  () => failure.value === "",
);
export const sendDigit = (digit: string): Promise<void> => keypad.press(digit);

/** Ends the call at the server; if that does not answer, hangs up here. By then the call may be over, and the next one
 * ring: that one is not meant. */
function end(): Promise<void> {
  const contact = shown.value?.id;
  if (passing.consultedBy.value !== null && phone.call.value) {
    phone.hangUp();
    return Promise.resolve();
  }
  return perform("end", async () => {
    try {
      await post("control", { contact, control: "end" });
    } catch (error) {
      if (phone.call.value?.contact === contact) phone.hangUp();
      else if (inCall.value && shown.value?.id === contact) throw error;
    }
  });
}

export const goAway = (reason: string): Promise<void> => perform("away", () => post("away", { reason }));

const offDuty = (): boolean => my.value?.state === "signed_out";

/** Whether `name` makes sense now. */
export function possible(name: ActionName): boolean {
  const row = my.value;
  const talking = phase.value === "talking";
  const talkIsMine = talking && passing.consultedBy.value === null;
  switch (name) {
    case "answer":
      return phase.value === "ringing" && hasSoftphone;
    case "end":
      return talking || phase.value === "reconnecting";
    case "hold":
      return talkIsMine && !passing.consulting.value;
    case "mute":
    case "keypad":
      return talkIsMine;
    case "recording":
      return talkIsMine && shown.value?.recorded === true;
    case "available":
      return (
        row !== null && !offDuty() && (row.state !== "available" || row.pending !== null) && row.state !== "offered"
      );
    case "away":
      return row !== null && !offDuty();
    case "work":
      return row !== null;
    case "note":
    case "topic":
    case "disposition":
      return phase.value !== "empty" && phase.value !== "ringing";
    case "finish":
      return phase.value === "wrap_up" || phase.value === "past";
    case "extend":
      return phase.value === "wrap_up";
    case "readOut":
      return knowledge.count.value > 0;
    case "identify":
      return recordsOpen.value;
    case "pass":
      return talkIsMine && !passing.consulting.value;
    case "handOver":
    case "takeBack":
      return passing.consulting.value;
    case "conference":
    case "swap":
      return passing.consulting.value && passing.transfer.value?.answered_at !== null;
    case "warn":
    case "endAbuse":
      return talkIsMine && protection.isNext(stepOf[name]);
    case "announce":
      return talkIsMine && !passing.consulting.value && protection.isNext(stepOf[name]);
    case "callSupervisor":
      return talking;
    case "promise":
      return promises.canPromise.value;
    case "openCase":
      return cases.canOpen.value;
    case "who":
      return who.canChoose.value;
    case "guess1":
    case "guess2":
    case "guess3":
      return suggestions.guesses.value.length > guessOf[name];
    case "promises":
      return promises.owed.value.length > 0;
    case "telephone":
      return hasSoftphone && !holdsPhone.value;
    default:
      return true;
  }
}

/** Does `name` if it makes sense now. */
export function run(name: ActionName): void {
  if (!possible(name)) return;
  dismissAnnouncement();
  failure.value = "";
  void actions[name]();
}

const actions: Record<ActionName, () => unknown> = {
  answer: () => {
    if (holdsPhone.value) answer();
    else
      failure.value = gettext(
        "The telephone is in another window of yours. Answer there, or take the telephone here first.",
      );
  },
  end,
  hold: () => control("hold", shown.value?.held ? "unhold" : "hold"),
  mute: () => control("mute", shown.value?.muted ? "unmute" : "mute"),
  keypad: () => {
    keypadOpen.value = !keypadOpen.value;
    if (keypadOpen.value) focusOn("keypad");
    else focusOn("note");
  },
  recording: () => control("recording", shown.value?.recording_paused ? "resume_recording" : "pause_recording"),
  available: () => perform("available", () => post("available")),
  away: () => {
    menuOpen.value = !menuOpen.value;
    if (menuOpen.value) focusOn("away");
  },
  work: () => perform("work", () => post(offDuty() ? "sign-in" : "sign-out")),
  note: () => focusOn("note"),
  topic: () => focusOn("topic"),
  disposition: () => focusOn("disposition"),
  finish: () => perform("finish", finishContact),
  extend: () => perform("extend", () => post("extend-wrap-up", { seconds: EXTEND_SECONDS })),
  today: () => focusOn("today"),
  tab1: () => selectTab(0),
  tab2: () => selectTab(1),
  tab3: () => selectTab(2),
  tab4: () => selectTab(3),
  find: () => {
    tab.value = KNOWLEDGE_TAB;
    focusOn("find");
  },
  readOut: () => {
    tab.value = KNOWLEDGE_TAB;
    knowledge.readOut();
  },
  identify: () => {
    tab.value = RECORDS_TAB;
    focusOn("identify", UNTIL_THERE_FRAMES);
  },
  pass: () => {
    tab.value = PASS_TAB;
    void passing.fetchTargets();
    focusOn(passing.place());
  },
  handOver: () => perform("handOver", () => passing.step("complete")),
  conference: () => perform("conference", () => passing.step("conference")),
  swap: () => perform("swap", () => passing.step(passing.transfer.value?.citizen ? "to_consulted" : "to_citizen")),
  takeBack: () => perform("takeBack", () => passing.step("cancel")),
  warn: () => perform("warn", () => protection.take("warn")),
  announce: () => perform("announce", () => protection.take("announce")),
  endAbuse: () => perform("endAbuse", () => protection.take("end")),
  callSupervisor: () => perform("callSupervisor", callSupervisor),
  promise: () => {
    promises.formOpen.value = !promises.formOpen.value;
    focusOn(promises.formOpen.value ? "promise" : "note");
  },
  promises: () => focusOn("owed"),
  who: () => {
    if (who.formOpen.value) {
      who.closeForm();
      focusOn("note");
    } else if (who.undecided.value && passing.passingOn.value === "none") focusOn("whoFirst");
    else {
      who.openForm();
      focusOn("who");
    }
  },
  openCase: () => {
    if (cases.formOpen.value) cases.closeForm();
    else cases.openForm();
    focusOn(cases.formOpen.value ? "case" : "note");
  },
  guess1: () => suggestions.takeGuess(guessOf.guess1),
  guess2: () => suggestions.takeGuess(guessOf.guess2),
  guess3: () => suggestions.takeGuess(guessOf.guess3),
  telephone: () => election.value?.takeOver(),
  help: () => {
    helpOpen.value = !helpOpen.value;
  },
};

function selectTab(index: number): void {
  tab.value = index;
  focusOn("tab");
}

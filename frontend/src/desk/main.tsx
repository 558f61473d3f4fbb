import { effect } from "@preact/signals";
import { render } from "preact";
import { call } from "../lib/api";
import { connect, connectionUp } from "../live/store";
import { failure, run } from "./actions";
import { startAlerting } from "./alert";
import { calm, startAnnouncing, urgent } from "./announce";
import { Controls } from "./Controls";
import { CaseNews } from "./cases/Cases";
import { Finish } from "./Finish";
import { focusOn, helpOpen, keypadOpen, menuOpen, watchCursor } from "./focus";
import { note, rescueDrafts } from "./form";
import { Head } from "./Head";
import { Help } from "./Help";
import { actionFor } from "./keys";
import { Me } from "./Me";
import { NoteBox } from "./NoteBox";
import { Callback } from "./promises/Callback";
import { Protection } from "./protection/Protection";
import { Surges } from "./radar/Surges";
import { startRadar } from "./radar/state";
import { Strip } from "./Strip";
import { fetchLists, inCall, phase, root } from "./state";
import { Tabs } from "./Tabs";
import { phone, startTelephone } from "./telephone";
import { startTranscript } from "./transcript/state";

declare global {
  interface Window {
    /** For tests and for the support: the telephone of this window. */
    haedap?: { phone: typeof phone };
  }
}

function Desk() {
  return (
    <>
      <p class="sr-only" role="alert">
        {urgent}
      </p>
      <p class="sr-only" role="status">
        {calm}
      </p>
      <Me />
      <div class="desk-centre" data-phase={phase.value}>
        <Strip />
        <Head />
        <Controls />
        <Callback />
        <CaseNews />
        <Surges />
        <Protection />
        <NoteBox />
        <Finish />
      </div>
      <Tabs />
      <Help />
    </>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("textarea, select, input:not([type=radio])");
}

function listenToKeys(): void {
  addEventListener(
    "keydown",
    (event) => {
      const name = event.getModifierState("AltGraph") ? null : actionFor(event, isTyping(event.target));
      if (name) {
        event.preventDefault();
        run(name);
      } else if (event.key === "Escape") {
        helpOpen.value = false;
        menuOpen.value = false;
        failure.value = "";
      }
    },
    { capture: true },
  );
}

/** On answer the cursor goes into the note, once, however late the note arrives, unless the agent wants it elsewhere by
 * then; so it does when the page is loaded anew before the wrap-up is over. The keypad closes with the call. */
function followTheCall(): void {
  let elsewhere: (() => boolean) | null = null;
  let writing = false;
  effect(() => {
    const mine = inCall.value || phase.value === "wrap_up";
    elsewhere = mine ? (elsewhere ?? watchCursor()) : null;
    const canWrite = mine && note.value !== null;
    if (canWrite && !writing && !elsewhere?.()) focusOn("note");
    if (!inCall.value) keypadOpen.value = false;
    writing = canWrite;
  });
}

/** Leaving this page would cut the line: in mid-call the other pages open beside it, and nobody logs out. */
function keepTheLine(): void {
  const header = document.getElementById("hd-header");
  header?.addEventListener("click", ({ target }) => {
    const link = target instanceof Element ? target.closest("a") : null;
    if (link) link.target = inCall.value ? "_blank" : "";
  });
  header?.addEventListener("submit", (event) => {
    if (!inCall.value) return;
    event.preventDefault();
    failure.value = gettext("You are talking. End the call first, then log out.");
  });
}

const KEEP_ALIVE_MS = 60_000;

/** Who works at the desk is not idle, even if nothing is saved for a while. */
function keepLoggedIn(): void {
  let used = true;
  for (const sign of ["keydown", "pointerdown"]) addEventListener(sign, () => (used = true), { passive: true });
  setInterval(() => {
    if (!used && !inCall.value) return;
    used = false;
    void call("GET", "/api/me").catch(() => undefined);
  }, KEEP_ALIVE_MS);
}

if (root) {
  window.haedap = { phone };
  render(<Desk />, root);
  fetchLists();
  listenToKeys();
  followTheCall();
  keepTheLine();
  startAnnouncing();
  startAlerting();
  startTelephone();
  startTranscript();
  startRadar();
  keepLoggedIn();
  connect();
  const stop = effect(() => {
    if (!connectionUp.value) return;
    rescueDrafts();
    queueMicrotask(() => stop());
  });
}

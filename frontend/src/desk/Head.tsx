// The contact's head line: who, in which state, the clock, and the last three contacts in a line each.
import { clock, dateAndTime, duration } from "../lib/format";
import { fill } from "../lib/i18n";
import { centre, now, secondsSince, secondsUntil } from "../live/store";
import type { ContactRow } from "../live/types";
import { callerText } from "./announce";
import { disposition, topic } from "./form";
import { canChoose, formOpen as whoOpen } from "./history/state";
import { asking, Said, Who, WhoButton } from "./history/Who";
import { Consultation } from "./passing/Consultation";
import { passingOn } from "./passing/state";
import { PromiseForm } from "./promises/PromiseForm";
import { formOpen as promiseOpen } from "./promises/state";
import { Flag } from "./protection/Flag";
import { detail, my, type Phase, phase, shown } from "./state";
import { hasSoftphone } from "./telephone";
import { goneText, shortTopic, UNREACHABLE } from "./words";

function phaseWord(current: Phase): string {
  switch (current) {
    case "empty":
      return gettext("No contact");
    case "ringing":
      return shown.value?.direction === "out" ? gettext("Callback") : gettext("Ringing");
    case "talking":
      return gettext("Talking");
    case "reconnecting":
      return gettext("Line lost");
    case "wrap_up":
      return gettext("Wrap-up");
    case "past":
      return gettext("Earlier contact");
  }
}

function Clock() {
  void now.value;
  const contact = shown.value;
  const seconds =
    phase.value === "wrap_up" ? secondsUntil(my.value?.until ?? null) : secondsSince(timeFrom(phase.value, contact));
  if (phase.value === "empty" || phase.value === "past") return null;
  return (
    <p class="head-clock" role="timer" aria-live="off">
      {clock(seconds)}
    </p>
  );
}

/** Of a citizen who called, and whose answer only the telephone here knows of yet, mine is the time of the answer. */
function timeFrom(current: Phase, contact: ContactRow | null): string | null {
  const mine = current === "ringing" || (contact?.direction === "in" && contact.answered_at === null);
  return mine ? (my.value?.since ?? null) : (contact?.answered_at ?? null);
}

function Tags() {
  const contact = shown.value;
  if (!contact || (phase.value !== "talking" && phase.value !== "reconnecting")) return null;
  return (
    <ul class="tags">
      {contact.held && <li class="tag-hold">{gettext("On hold: the citizen hears music")}</li>}
      {contact.muted && <li class="tag-mute">{gettext("Muted: the citizen does not hear you")}</li>}
      {contact.recording_paused && <li class="tag-pause">{gettext("Recording paused")}</li>}
    </ul>
  );
}

function Waited() {
  const contact = shown.value;
  const since = contact?.queued_at;
  if (phase.value !== "ringing" || !since || !my.value) return null;
  const seconds = (Date.parse(my.value.since) - Date.parse(since)) / 1000;
  return <p class="head-queue">{fill(gettext("waited %(duration)s"), { duration: duration(seconds) })}</p>;
}

function Hint() {
  if (phase.value === "ringing" && !hasSoftphone)
    return <p class="head-hint">{gettext("Lift the handset of your desk telephone to answer.")}</p>;
  if (phase.value === "past" && detail.value && (topic.value === null || disposition.value === null)) {
    return <p class="head-hint">{gettext("Not finished: choose topic and disposition.")}</p>;
  }
  if (phase.value === "reconnecting")
    return <p class="head-hint">{gettext("The citizen hears music and is being given back to you.")}</p>;
  return null;
}

function History() {
  const record = detail.value;
  if (!record) return <ul class="head-history" aria-busy="true" aria-label={gettext("Last contacts")} />;
  return (
    <ul class="head-history" aria-label={gettext("Last contacts")}>
      {record.history.length === 0 && <li class="hd-muted">{gettext("No earlier contact with this number.")}</li>}
      {record.history.slice(0, 3).map((item) => (
        <li key={item.id}>
          <time dateTime={item.arrived_at}>{dateAndTime(item.arrived_at)}</time>
          <strong>{shortTopic(item.topic) || gettext("no topic")}</strong>
          <span>{item.disposition || gettext("no disposition")}</span>
          <span class="hd-muted">{item.note_first_line}</span>
        </li>
      ))}
    </ul>
  );
}

/** Below the contact's line, always as high as the last contacts, so that nothing moves: what the agent has opened, else
 * the transfer that is under way, else who it may be, else the last contacts. */
function Below() {
  if (promiseOpen.value) return <PromiseForm />;
  if (whoOpen.value) return <Who />;
  if (passingOn.value !== "none") return null;
  return asking() ? <Who /> : <History />;
}

function idleSentence(): string {
  switch (my.value?.state) {
    case "available":
      return hasSoftphone
        ? gettext("You are on. The next call appears here; F2 answers.")
        : gettext("You are on. The next call appears here; the handset of your desk telephone answers.");
    case "away":
      return my.value.reason === UNREACHABLE
        ? goneText()
        : gettext("You are away and get no calls. Alt+A takes calls again.");
    case "signed_out":
      return gettext("You are off duty. Alt+Q starts work.");
    default:
      return gettext("The contact appears here.");
  }
}

export function Head() {
  const contact = shown.value;
  const current = phase.value;
  if (current === "empty" || !contact) {
    return (
      <section class="head" data-phase={current} aria-labelledby="head-title">
        <h2 id="head-title" class="head-idle">
          {current === "empty" ? idleSentence() : gettext("Loading …")}
        </h2>
        <Consultation key="consultation" hidden />
      </section>
    );
  }
  const name = detail.value?.citizen?.name || contact.caller_name;
  const queue = contact.queue ? centre.value?.queues[contact.queue]?.name : null;
  return (
    <section class="head" data-phase={current} aria-labelledby="head-title">
      <div class="head-row">
        <div class="head-line">
          <p class="head-phase">{phaseWord(current)}</p>
          <h2 id="head-title" class="head-who">
            <span class="hd-number">{callerText(contact)}</span>
            {name ? (
              <span class="head-name">{name}</span>
            ) : (
              <span class="head-name unknown">{gettext("name unknown")}</span>
            )}
          </h2>
          {canChoose.value && <WhoButton />}
          {queue && (
            <p class="head-queue" title={queue}>
              {queue}
            </p>
          )}
          <Waited />
          <Clock />
        </div>
        <Flag />
        <Tags />
        <Hint />
      </div>
      <Below />
      <Consultation key="consultation" hidden={promiseOpen.value || whoOpen.value} />
      <Said />
    </section>
  );
}

/** The browser's title: flashes while it rings, so that it is seen from another window. */
export function titleText(flash: boolean): string {
  const ringing = phase.value === "ringing";
  const base = gettext("Desk · Haedap");
  if (!ringing) return base;
  return flash ? fill(gettext("☎ %(caller)s"), { caller: callerText(shown.value) }) : gettext("● Incoming call");
}

// The line at the top: the telephone, promises overdue; and below it whatever needs a supervisor now.
import { kindWord } from "../desk/protection/kinds";
import { Crowded } from "../lib/Crowded";
import { clock } from "../lib/format";
import { fill } from "../lib/i18n";
import { LostSince } from "../lib/LostSince";
import { centre, connection, health, now, secondsSince } from "../live/store";
import { explain } from "../phone/microphone";
import { alarmText } from "../wallboard/Alarms";
import { owed } from "../wallboard/promises";
import { abusesOf } from "./floor";
import { ask, choose, chosenAgent } from "./state";
import { election, holds, onDesk, phone, ready } from "./telephone";
import { stepWord } from "./words";

function phoneSentence(): string {
  if (onDesk) return gettext("Your telephone on the desk rings when you take part in a talk.");
  if (!holds.value) return gettext("Your telephone is in another window of yours.");
  if (phone.microphone.value) return explain(phone.microphone.value);
  if (phone.problem.value) return phone.problem.value;
  return ready.value ? gettext("Telephone ready") : gettext("The telephone is being connected …");
}

function Telephone() {
  return (
    <p class="floor-phone" data-ready={ready.value} data-phone={phone.registration.value}>
      {phoneSentence()}
      {!onDesk && !holds.value && election.value && (
        <button type="button" class="hd-action small" onClick={() => void election.value?.takeOver()}>
          {gettext("Take the telephone here")}
        </button>
      )}
    </p>
  );
}

function Promises() {
  void now.value;
  const overdue = owed(centre.value?.promises ?? {}, now.value).overdue;
  return (
    <p class="floor-promises" data-overdue={overdue > 0}>
      <a href="/promises/?show=overdue">
        {overdue > 0 ? fill(gettext("%(n)s promises are overdue"), { n: overdue }) : gettext("No promise is overdue")}
      </a>
    </p>
  );
}

export function Top() {
  return (
    <div class="floor-bar">
      <Telephone />
      <Promises />
      <a href="/supervision/flags/">{gettext("Flagged numbers")}</a>
    </div>
  );
}

export function Lost() {
  void now.value;
  if (connection.line.value === "logged_out")
    return (
      <p class="hd-alert error" role="alert">
        {gettext("You are logged out: this page is old.")}{" "}
        <a href="/login?next=/supervision/">{gettext("Log in again")}</a>
      </p>
    );
  if (connection.line.value === "crowded")
    return (
      <p class="hd-alert error" role="alert">
        <Crowded />
      </p>
    );
  if (connection.line.value !== "lost") return null;
  return (
    <p class="hd-alert error" role="alert">
      {gettext("Connection lost: this page is old. Trying again.")} <LostSince />
    </p>
  );
}

function Show({ agent, name }: { agent: number; name: string }) {
  return (
    <button
      type="button"
      class="hd-action small"
      aria-pressed={chosenAgent.value === agent}
      onClick={() => choose(agent)}
    >
      {gettext("Show")}
      <span class="sr-only"> {name}</span>
    </button>
  );
}

function Surges() {
  const open = (health.value?.alarms ?? []).filter(({ state }) => state === "open");
  return (
    <>
      {open.map((alarm) => (
        <li key={`alarm-${alarm.id}`} data-kind="surge" data-alarm={alarm.id}>
          <strong>{gettext("Surge")}</strong> <a href={`/radar/${alarm.id}/`}>{alarm.title}</a>{" "}
          <span>{alarmText(alarm)}</span>
        </li>
      ))}
    </>
  );
}

/** Calls for a supervisor first, then surges that nobody sees to, then steps against abuse; the list stays so that a screen reader hears a new one. */
export function Urgent() {
  void now.value;
  const nameOf = (agent: number): string => centre.value?.agents[agent]?.name ?? "";
  const abuses = centre.value ? abusesOf(centre.value) : [];
  return (
    <ul class="floor-urgent" aria-live="assertive" aria-label={gettext("Needs a supervisor now")}>
      {(health.value?.help ?? []).map(({ agent, name, contact, since }) => (
        <li key={`help-${agent}`} data-kind="help">
          <strong>{gettext("Calls a supervisor")}</strong> <span>{name}</span>{" "}
          <span class="hd-number" aria-hidden="true">
            {clock(secondsSince(since))}
          </span>
          <Show agent={agent} name={name} />
          <button type="button" class="hd-action small" onClick={() => void ask("seen", "seen", { contact })}>
            {gettext("I see to it")}
            <span class="sr-only"> {name}</span>
          </button>
        </li>
      ))}
      <Surges />
      {abuses.map(({ contact, agent, step, kind, at }) => (
        <li key={contact} data-kind="abuse" data-step={step}>
          <strong>{stepWord(step)}</strong>{" "}
          <span>
            {nameOf(agent)} · {kindWord(kind)}
          </span>{" "}
          <span class="hd-number" aria-hidden="true">
            {clock(secondsSince(at))}
          </span>
          <Show agent={agent} name={nameOf(agent)} />
        </li>
      ))}
    </ul>
  );
}

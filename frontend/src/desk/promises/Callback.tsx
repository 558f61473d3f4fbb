// Below the controls: that this is a callback and for what, that the citizen has one coming, that a talk goes on.
import { dateAndTime, duration } from "../../lib/format";
import { fill } from "../../lib/i18n";
import { now, secondsSince } from "../../live/store";
import { my, phase, shown } from "../state";
import { hasSoftphone } from "../telephone";
import { callback, calling, outgoing, promised } from "./state";
import type { Origin, PromiseDetail } from "./types";
import { urgencyWord } from "./words";

function Before({ origin }: { origin: Origin }) {
  return (
    <p class="callback-before">
      <time dateTime={origin.arrived_at}>{dateAndTime(origin.arrived_at)}</time>{" "}
      {[origin.agent_name, origin.topic, origin.disposition].filter(Boolean).join(" · ") ||
        gettext("nobody talked to them")}
      {origin.note && <q>{origin.note}</q>}
    </p>
  );
}

function Written({ promise }: { promise: PromiseDetail }) {
  return (
    <>
      {promise.texts.map((text) => (
        <p key={text.at} class="callback-before">
          {gettext("The citizen wrote:")} <q>{text.text}</q>
        </p>
      ))}
      {promise.voicemail && (
        <p class="callback-before">
          <a href={`/promises/${promise.id}/#recording`} target="_blank" rel="noreferrer">
            {gettext("Listen to the message on tape (new window)")}
          </a>
        </p>
      )}
    </>
  );
}

function whatHappens(): string {
  void now.value;
  if (phase.value === "ringing")
    return hasSoftphone
      ? gettext("F2: you are connected first, then the citizen is called.")
      : gettext("Lift the handset: you are connected first, then the citizen is called.");
  if (calling.value)
    return fill(gettext("Calling the citizen … %(duration)s"), {
      duration: duration(secondsSince(my.value?.since ?? null)),
    });
  const told = callback.value;
  if (!told?.not_reached) return "";
  const why = fill(gettext("The citizen was not reached: %(why)s."), { why: told.not_reached });
  const again = told.keeps?.again_at;
  return again
    ? `${why} ${fill(gettext("The next attempt is at %(time)s."), { time: dateAndTime(again) })}`
    : `${why} ${gettext("No further attempt is made.")}`;
}

function Outgoing() {
  const keeps = callback.value?.keeps ?? null;
  const happens = whatHappens();
  return (
    <section
      class="callback"
      data-kind={callback.value?.not_reached ? "failed" : "out"}
      aria-label={gettext("Callback")}
    >
      <p>
        <strong class="callback-word">{gettext("Callback")}</strong> {keeps?.reason}{" "}
        {keeps?.urgency && <strong class="callback-urgent">{urgencyWord(keeps.urgency)}</strong>}
      </p>
      {happens && (
        <p class="callback-happens" role={calling.value ? undefined : "status"}>
          {happens}
        </p>
      )}
    </section>
  );
}

function Incoming() {
  const told = callback.value;
  if (!told || (told.owed.length === 0 && !told.resumes)) return null;
  return (
    <section class="callback" data-kind="in" aria-label={gettext("What this call goes on with")}>
      {told.resumes && (
        <p>
          <strong class="callback-word">{gettext("Calls again")}</strong>{" "}
          {gettext("The call before broke off, or the citizen gave up waiting; the place was kept.")}
        </p>
      )}
      {told.owed.map((promise) => (
        <p key={promise.id}>
          <strong class="callback-word">{gettext("A call is owed")}</strong>{" "}
          {fill(gettext("%(reason)s; %(owner)s, until %(time)s"), {
            reason: promise.reason,
            owner: promise.owner,
            time: dateAndTime(promise.deadline),
          })}{" "}
          {promise.urgency && <strong class="callback-urgent">{urgencyWord(promise.urgency)}</strong>}
        </p>
      ))}
    </section>
  );
}

/** The bar below the controls. */
export function Callback() {
  if (!shown.value || phase.value === "empty") return null;
  return (
    <>
      {outgoing.value ? <Outgoing /> : <Incoming />}
      <p class="callback-promised" role="status" data-shown={promised.value !== ""}>
        {promised.value}
      </p>
    </>
  );
}

/** What belongs to it, for the top of the history: what the citizen wrote or said, and the contact before. */
export function Belonging() {
  const told = callback.value;
  const promises = told ? [told.keeps, ...told.owed].filter((one) => one !== null) : [];
  const origins = new Map<string, Origin>();
  for (const origin of [told?.resumes, ...promises.map((one) => one.origin)])
    if (origin) origins.set(origin.id, origin);
  const written = promises.filter((one) => one.texts.length > 0 || one.voicemail);
  if (origins.size === 0 && written.length === 0) return null;
  return (
    <section class="callback-belonging" aria-label={gettext("What this call goes on with")}>
      {written.map((promise) => (
        <Written key={promise.id} promise={promise} />
      ))}
      {[...origins.values()].map((origin) => (
        <Before key={origin.id} origin={origin} />
      ))}
    </section>
  );
}

// The agent who is chosen: taking part in their talk, and setting their state.
import { signal } from "@preact/signals";
import { stateName } from "../desk/words";
import { clock, telephone } from "../lib/format";
import { fill } from "../lib/i18n";
import { centre, me, now, secondsSince } from "../live/store";
import type { ContactRow } from "../live/types";
import { ActionButton } from "./ActionButton";
import type { Mode } from "./floor";
import { awayReasons } from "./lists";
import { ask, chosen, connecting, failure, mine, obstacleNow, ownTalk, reason } from "./state";
import { hearing, modeWord, obstacleSentence } from "./words";

const MODES: readonly [Mode, () => string][] = [
  ["listen", () => gettext("Listen")],
  ["whisper", () => gettext("Whisper")],
  ["barge", () => gettext("Barge in")],
];

function usualReasons(): string[] {
  return [
    gettext("The agent asked for it"),
    gettext("Protection from abuse"),
    gettext("Coaching"),
    gettext("Quality check"),
  ];
}

/** A state that is to be set, until it is confirmed. */
const wanted = signal<{ agent: number; state: "available" | "away" | "signed_out"; reason: string } | null>(null);

function caller(contact: ContactRow): string {
  if (contact.withheld) return gettext("withheld number");
  return contact.caller ? telephone(contact.caller) : (contact.caller_text ?? "");
}

/** Who hears whom now, in words; read out when it changes. */
function Hearing() {
  void now.value;
  const own = ownTalk.value;
  const watched = mine.value;
  const mode = watched?.supervision?.mode;
  const agent = watched?.agent ? centre.value?.agents[watched.agent]?.name : "";
  return (
    <div class="floor-hearing" role="status" data-mode={own ? "own" : (mode ?? (connecting.value ? "asked" : "none"))}>
      {own && (
        <>
          <strong>{gettext("The citizen is with you.")}</strong>{" "}
          {fill(gettext("You and %(caller)s hear each other; the agent is out of the call."), { caller: caller(own) })}
        </>
      )}
      {!own && mode && (
        <>
          <strong>{fill(gettext("%(mode)s: %(agent)s"), { mode: modeWord(mode), agent: agent ?? "" })}</strong>{" "}
          {hearing(mode)}
        </>
      )}
      {!own && !mode && connecting.value && gettext("Your telephone is being put into the talk …")}
      {!own && !mode && !connecting.value && gettext("You take part in no talk.")}
    </div>
  );
}

function Own() {
  void now.value;
  const own = ownTalk.value;
  if (!own) return null;
  return (
    <div class="floor-own">
      <span class="hd-number">{clock(secondsSince(me.value?.since ?? null))}</span>
      <a href={`/contacts/${own.id}/`} target="_blank" rel="noreferrer">
        {gettext("The contact in a new window")}
      </a>
      <ActionButton name="end" class="small end">
        {gettext("End the call")}
      </ActionButton>
    </div>
  );
}

function Reason() {
  return (
    <div class="floor-why">
      <label for="supervision-reason">
        {gettext("Reason")} <kbd aria-hidden="true">Alt+R</kbd>
      </label>
      <input
        id="supervision-reason"
        class="krds-input small"
        list="supervision-reasons"
        maxLength={200}
        autocomplete="off"
        aria-describedby="supervision-reason-hint"
        value={reason.value}
        onInput={(event) => {
          reason.value = event.currentTarget.value;
        }}
      />
      <datalist id="supervision-reasons">
        {usualReasons().map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <p id="supervision-reason-hint" class="hd-muted">
        {gettext("It is kept in the access log with your name.")}
      </p>
    </div>
  );
}

function TakingPart() {
  const obstacle = obstacleNow.value;
  const mode = mine.value?.supervision?.mode;
  return (
    <>
      <Reason />
      <div class="floor-keys">
        {MODES.map(([name, word]) => (
          <ActionButton key={name} name={name} pressed={mode === name}>
            {word()}
          </ActionButton>
        ))}
        <ActionButton name="take_over" class="warning">
          {gettext("Take over")}
        </ActionButton>
        <ActionButton name="stop" class="end">
          {gettext("Stop")}
        </ActionButton>
      </div>
      {obstacle && <p class="hd-muted">{obstacleSentence(obstacle)}</p>}
    </>
  );
}

function want(agent: number, state: "available" | "away" | "signed_out", why: string): void {
  wanted.value = { agent, state, reason: why };
}

function Confirm({ agent, name }: { agent: number; name: string }) {
  const wish = wanted.value;
  if (wish?.agent !== agent) return null;
  return (
    <div class="floor-confirm" role="alert">
      <p>{fill(gettext("Set %(name)s to: %(state)s?"), { name, state: stateName(wish.state) })}</p>
      <button
        type="button"
        class="hd-action small"
        data-confirm="yes"
        onClick={async () => {
          const body = { agent, state: wish.state, reason: wish.reason || null };
          const done = await ask("state", "state", body);
          if (done && wanted.value === wish) wanted.value = null; // not what was asked for meanwhile
        }}
      >
        {gettext("Yes, set it")}
      </button>
      <button
        type="button"
        class="hd-action small"
        onClick={() => {
          wanted.value = null;
        }}
      >
        {gettext("No")}
      </button>
    </div>
  );
}

function Force() {
  const row = chosen.value?.agent;
  if (!row) return null;
  return (
    <div class="floor-force">
      <h3>{gettext("Set the state")}</h3>
      <div class="floor-row">
        <button type="button" class="hd-action small" onClick={() => want(row.agent, "available", "")}>
          {stateName("available")}
        </button>
        <select
          class="krds-form-select small"
          aria-label={gettext("Away, with a reason")}
          value=""
          onChange={(event) => {
            if (event.currentTarget.value) want(row.agent, "away", event.currentTarget.value);
            event.currentTarget.value = "";
          }}
        >
          <option value="">{gettext("Away: choose the reason")}</option>
          {awayReasons.value.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
        <button type="button" class="hd-action small" onClick={() => want(row.agent, "signed_out", "")}>
          {stateName("signed_out")}
        </button>
      </div>
      <Confirm agent={row.agent} name={row.name} />
      {(row.state === "engaged" || row.state === "offered") && (
        <p class="hd-muted">{gettext("In mid-call it takes effect after the call and its wrap-up.")}</p>
      )}
    </div>
  );
}

export function Talk() {
  void now.value;
  const line = chosen.value;
  const contact = line?.talk;
  return (
    <section class="floor-talk" aria-labelledby="floor-talk-title">
      <h2 id="floor-talk-title">{line ? line.agent.name : gettext("No agent is chosen")}</h2>
      {contact && (
        <p>
          <a href={`/contacts/${contact.id}/`} target="_blank" rel="noreferrer" class="hd-number">
            {caller(contact)}
          </a>{" "}
          {line.queue?.name} <span class="hd-number">{clock(secondsSince(line.agent.since))}</span>
        </p>
      )}
      <Hearing />
      <Own />
      {failure.value && (
        <p class="hd-alert error" role="alert">
          {failure.value}
        </p>
      )}
      <TakingPart />
      <Force />
    </section>
  );
}

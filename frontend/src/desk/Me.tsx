// The left column: my state, the queue, my contacts of today.
import { useRef } from "preact/hooks";
import { clock, duration, telephone, timeOfDay } from "../lib/format";
import { fill } from "../lib/i18n";
import { figures, now, secondsSince, secondsUntil } from "../live/store";
import { ActionButton } from "./ActionButton";
import { goAway } from "./actions";
import { menuOpen } from "./focus";
import { Owed } from "./promises/Owed";
import { useCursorBack } from "./returning";
import { awayReasons, inCall, my, opened, phase, reasonName, shownId, today } from "./state";
import type { TodayItem } from "./types";
import { shortTopic, stateName } from "./words";

function MyState() {
  const row = my.value;
  void now.value;
  if (!row) return <section class="me" data-state="signed_out" aria-busy="true" />;
  const running = row.state === "wrap_up" && row.until ? secondsUntil(row.until) : secondsSince(row.since);
  const next = row.pending;
  return (
    <section class="me" data-state={row.state} aria-labelledby="me-title">
      <h2 id="me-title" class="sr-only">
        {gettext("My state")}
      </h2>
      <p class="me-word">{stateName(row.state)}</p>
      <p class="me-clock" role="timer" aria-live="off">
        {row.state === "signed_out" ? "–" : clock(running)}
      </p>
      <p class="me-reason">
        {row.state === "away" && reasonName(row.reason)}
        {row.state === "wrap_up" && gettext("left")}
        {next && (
          <strong>
            {fill(gettext("then: %(state)s"), { state: stateName(next) })}
            {next === "away" && ` (${reasonName(row.pending_reason)})`}
          </strong>
        )}
      </p>
    </section>
  );
}

function AwayReasons() {
  const menu = useRef<HTMLFieldSetElement>(null);
  useCursorBack(menu);
  const reasons = awayReasons.value;
  const choose = (key: string): void => {
    menuOpen.value = false;
    void goAway(key);
  };
  const move = (event: KeyboardEvent): void => {
    const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const digit = /^[1-9]$/.test(event.key) ? reasons[Number(event.key) - 1] : undefined;
    if (event.key === "Escape") menuOpen.value = false;
    else if (digit) choose(digit.key);
    else if (event.key === "ArrowDown") buttons[(at + 1) % buttons.length]?.focus();
    else if (event.key === "ArrowUp") buttons[(at - 1 + buttons.length) % buttons.length]?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <fieldset class="away-menu" ref={menu} onKeyDown={move}>
      <legend class="sr-only">{gettext("Why are you away?")}</legend>
      {reasons.map((reason, index) => (
        <button
          type="button"
          key={reason.key}
          data-place={index === 0 ? "away" : undefined}
          onClick={() => choose(reason.key)}
        >
          <kbd aria-hidden="true">{index + 1}</kbd> {reason.name}
        </button>
      ))}
    </fieldset>
  );
}

function MyButtons() {
  const off = my.value?.state === "signed_out";
  return (
    <div class="me-buttons">
      <ActionButton name="available" class="available">
        {gettext("Take calls")}
      </ActionButton>
      <ActionButton name="away" expanded={menuOpen.value}>
        {gettext("Be away")}
      </ActionButton>
      {menuOpen.value && <AwayReasons />}
      <ActionButton name="work" class={off ? "primary" : ""}>
        {off ? gettext("Start work") : gettext("End work")}
      </ActionButton>
    </div>
  );
}

function QueueLine() {
  void now.value;
  const day = figures.value?.today;
  const since = day?.longest_wait_since ?? null;
  return (
    <section class="queue-line" aria-labelledby="queue-title">
      <h2 id="queue-title">{gettext("Waiting now")}</h2>
      <p class="hd-number">
        <strong>{day ? fill(gettext("%(n)s people"), { n: day.waiting }) : "–"}</strong>
        <span>
          {since && fill(gettext("longest %(duration)s"), { duration: duration(secondsSince(since)) })}
          {day && !since && gettext("nobody waits")}
        </span>
      </p>
    </section>
  );
}

function TodayRow({ item, first }: { item: TodayItem; first: boolean }) {
  const missing = !item.complete;
  const who = item.citizen_name || telephone(item.caller ?? "") || gettext("Number unknown");
  const busyNow = inCall.value || phase.value === "ringing" || (phase.value === "wrap_up" && shownId.value !== item.id);
  return (
    <li>
      <button
        type="button"
        aria-current={shownId.value === item.id}
        aria-disabled={busyNow}
        data-place={first ? "today" : undefined}
        onClick={() => {
          if (!busyNow) opened.value = opened.value === item.id ? null : item.id;
        }}
      >
        <time dateTime={item.arrived_at}>{timeOfDay(item.arrived_at)}</time>
        <span class="who">{who}</span>
        <span class={missing ? "what missing" : "what"}>
          {missing ? gettext("not finished") : `${shortTopic(item.topic)} · ${item.disposition}`}
        </span>
      </button>
    </li>
  );
}

function Today() {
  const items = today.value;
  return (
    <section class="today" aria-labelledby="today-title">
      <h2 id="today-title">
        {gettext("My contacts today")} <span class="count">{items?.length ?? ""}</span>
      </h2>
      {items && items.length === 0 && (
        <p class="hd-muted">{gettext("Your contacts of today will stand here, the newest first.")}</p>
      )}
      <ul>
        {items?.map((item, index) => (
          <TodayRow key={item.id} item={item} first={index === 0} />
        ))}
      </ul>
    </section>
  );
}

export function Me() {
  return (
    <aside class="desk-left" aria-label={gettext("Me and the queue")}>
      <MyState />
      <MyButtons />
      <QueueLine />
      <Owed />
      <Today />
    </aside>
  );
}

// The citizen's cases: an answer that is to be told stands in the middle, all of them in the history.
import { dateAndTime } from "../../lib/format";
import { fill } from "../../lib/i18n";
import { perform } from "../actions";
import { calling } from "../promises/state";
import { inCall } from "../state";
import { cases, opened, told, toTell } from "./state";
import type { CaseRow } from "./types";
import { urgencyWord } from "./words";

function Answer({ one }: { one: CaseRow }) {
  return (
    <section class="case-news case-answer" aria-label={gettext("Answer to a case")}>
      <p>
        <strong class="case-word">{fill(gettext("Answer to case %(number)s"), { number: one.number })}</strong>{" "}
        {one.office} {one.officer}
      </p>
      <p>
        <q>{one.answer}</q>
      </p>
      <button
        type="button"
        class="krds-btn secondary small"
        data-case={one.id}
        disabled={!inCall.value || calling.value}
        onClick={() => void perform("openCase", () => told(one))}
      >
        {gettext("I have told the citizen")}
      </button>
    </section>
  );
}

/** What the citizen is to be told now, and what was opened in this contact. */
export function CaseNews() {
  return (
    <>
      <p class="case-news" data-shown={opened.value !== ""} role="status">
        {opened.value}
      </p>
      {toTell.value.map((one) => (
        <Answer key={one.id} one={one} />
      ))}
    </>
  );
}

function Card({ one }: { one: CaseRow }) {
  return (
    <li class="history-card" data-case-state={one.over ? "over" : "open"}>
      <p>
        <a href={`/cases/${one.id}/`} target="_blank" rel="noreferrer">
          {fill(gettext("Case %(number)s"), { number: one.number })}
          <span class="sr-only"> {gettext("(new window)")}</span>
        </a>
        <span class="hd-muted">{[one.citizen, one.office, one.officer].filter(Boolean).join(" · ")}</span>
      </p>
      <p>
        <strong>{one.state}</strong>
        {!one.over && !one.to_tell && (
          <span class="hd-badge">{fill(gettext("answer by %(time)s"), { time: dateAndTime(one.due_at) })}</span>
        )}
        {one.urgency && (
          <span class={`hd-badge ${one.urgency === "overdue" ? "red" : "yellow"}`}>{urgencyWord(one.urgency)}</span>
        )}
      </p>
      <p class="history-note">{one.answer || one.text}</p>
    </li>
  );
}

export function Cases() {
  if (cases.value.length === 0) return null;
  return (
    <ul class="history" aria-label={gettext("Cases of this citizen")}>
      {cases.value.map((one) => (
        <Card key={one.id} one={one} />
      ))}
    </ul>
  );
}

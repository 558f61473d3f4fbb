// The left column's list of calls that I owe: how many, until when, and each one click away.
import { dateAndTime, telephone, timeOfDay } from "../../lib/format";
import { fill } from "../../lib/i18n";
import { centre, now } from "../../live/store";
import type { PromiseRow } from "../../live/types";
import { perform } from "../actions";
import { urgencyOf } from "./order";
import { callNow, owed } from "./state";
import { reasonWord, urgencyWord } from "./words";

const DAY_MS = 86_400_000;

function deadlineText(row: PromiseRow): string {
  const far = Date.parse(row.deadline) - now.value > DAY_MS;
  return fill(gettext("until %(time)s"), { time: far ? dateAndTime(row.deadline) : timeOfDay(row.deadline) });
}

function Row({ row, first }: { row: PromiseRow; first: boolean }) {
  const urgency = urgencyOf(row, now.value);
  const whose = row.owner_queue ? (centre.value?.queues[row.owner_queue]?.name ?? "") : gettext("mine");
  const who = row.citizen ? telephone(row.citizen) : reasonWord(row.reason);
  return (
    <li data-urgency={urgency}>
      <a
        href={`/promises/${row.id}/`}
        target="_blank"
        rel="noreferrer"
        data-place={first ? "owed" : undefined}
        title={gettext("Open the promise in a new window")}
      >
        <span class="who">{who}</span>
        <span class="what">
          {urgency && <strong>{urgencyWord(urgency)} </strong>}
          {deadlineText(row)} · {row.citizen ? reasonWord(row.reason) : whose}
        </span>
      </a>
      {row.state === "waiting" ? (
        <span class="hd-badge purple">{gettext("next in line")}</span>
      ) : (
        <button
          type="button"
          class="hd-action small"
          onClick={() => void perform("promises", () => callNow(row.id))}
          aria-label={fill(gettext("Call now: %(who)s"), { who })}
        >
          {gettext("Call now")}
        </button>
      )}
    </li>
  );
}

export function Owed() {
  const rows = owed.value;
  if (rows.length === 0) return null;
  return (
    <section class="owed" aria-labelledby="owed-title">
      <h2 id="owed-title">
        {gettext("Calls that I owe")} <span class="count">{rows.length}</span>
      </h2>
      <ul>
        {rows.map((row, index) => (
          <Row key={row.id} row={row} first={index === 0} />
        ))}
      </ul>
    </section>
  );
}

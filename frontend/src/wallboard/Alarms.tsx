// What many citizens call about at once, as the radar sees it.
import { timeOfDay } from "../lib/format";
import { fill } from "../lib/i18n";
import type { AlarmLine } from "../live/types";

/** Observed against expected, and since when, in words. */
export function alarmText({ observed, expected, since }: AlarmLine): string {
  return fill(gettext("%(observed)s contacts, %(expected)s expected, since %(time)s"), {
    observed,
    expected: Math.round(expected * 10) / 10,
    time: timeOfDay(since),
  });
}

/** A line for each alarm, those that nobody sees to first; the list stays so that a screen reader hears a new one. */
export function Alarms({ alarms, mayOpen }: { alarms: readonly AlarmLine[]; mayOpen: boolean }) {
  const lines = [...alarms].sort((one, other) => other.state.localeCompare(one.state));
  return (
    <ul class="board-alarms" aria-live="polite" aria-label={gettext("Radar")}>
      {lines.map((alarm) => (
        <li key={alarm.id} data-alarm={alarm.id} data-state={alarm.state}>
          <strong>{gettext("Surge")}</strong>{" "}
          {mayOpen ? <a href={`/radar/${alarm.id}/`}>{alarm.title}</a> : <span>{alarm.title}</span>}{" "}
          <span class="fault-since">{alarmText(alarm)}</span>
        </li>
      ))}
    </ul>
  );
}

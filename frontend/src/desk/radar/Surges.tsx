// What many citizens call about at the moment, and whether this contact is one of them.
import { health } from "../../live/store";
import { alarmText } from "../../wallboard/Alarms";
import { belongsTo, problem, say } from "./state";

/** The alarms that stand, side by side, so that they never take more room than one; while a contact is on the screen, whether it belongs to it. */
export function Surges() {
  const known = belongsTo.value;
  const alarms = health.value?.alarms ?? [];
  if (alarms.length === 0) return null;
  return (
    <ul class="desk-surges" aria-label={gettext("Radar")}>
      {alarms.map((alarm) => (
        <li key={alarm.id} data-alarm={alarm.id}>
          <p title={`${alarm.title} ${alarmText(alarm)}`}>
            <strong>{gettext("Surge")}</strong> {alarm.title} <span class="hd-muted">{alarmText(alarm)}</span>
          </p>
          {known && (
            <button
              type="button"
              class="krds-btn small tertiary"
              aria-pressed={known.has(alarm.id)}
              onClick={() => void say(alarm.id, !known.has(alarm.id))}
            >
              {known.has(alarm.id) ? gettext("Belongs to it ✓") : gettext("This contact, too")}
            </button>
          )}
        </li>
      ))}
      {problem.value && <li role="alert">{problem.value}</li>}
    </ul>
  );
}

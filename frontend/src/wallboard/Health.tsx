// What is wrong with the centre itself, and who is at work behind it.
import { timeOfDay } from "../lib/format";
import { fill } from "../lib/i18n";
import type { FaultLine, HealthMessage } from "../live/types";

function levelWord(level: FaultLine["level"]): string {
  if (level === "fault") return gettext("Fault");
  return level === "warning" ? gettext("Warning") : gettext("Notice");
}

/** A line for each fault; the list stays in the page so that a screen reader hears a new one. */
export function Faults({ health }: { health: HealthMessage | null }) {
  return (
    <ul class="board-faults" aria-live="polite" aria-label={gettext("Faults")}>
      {(health?.faults ?? []).map((fault) => (
        <li key={fault.key} data-level={fault.level} data-fault={fault.key}>
          <strong>{levelWord(fault.level)}</strong> {fault.text}{" "}
          <span class="fault-since">{fill(gettext("since %(time)s"), { time: timeOfDay(fault.since) })}</span>
          <p class="fault-remedy">{fault.remedy}</p>
        </li>
      ))}
    </ul>
  );
}

/** Whether an engine is at work and another is ready; nothing while nobody knows. */
export function Engines({ health }: { health: HealthMessage | null }) {
  if (health?.engine == null) return null;
  return (
    <p class="board-engines" data-ready={health.engine && health.standby}>
      {health.engine ? gettext("Engine at work") : gettext("No engine at work")} ·{" "}
      {health.standby ? gettext("standby ready") : gettext("no standby")}
    </p>
  );
}

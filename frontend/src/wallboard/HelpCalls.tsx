// Agents who call for a supervisor, until one looks or the talk is over.
import { clock } from "../lib/format";
import { fill } from "../lib/i18n";
import { now, secondsSince } from "../live/store";
import type { HelpLine } from "../live/types";

/** A line for each; the list stays in the page so that a screen reader hears a new one. */
export function HelpCalls({ calls }: { calls: readonly HelpLine[] }) {
  void now.value;
  return (
    <ul class="board-help" aria-live="assertive" aria-label={gettext("Calls for a supervisor")}>
      {calls.map(({ agent, name, since }) => (
        <li key={agent} data-agent={agent}>
          <strong>{fill(gettext("%(name)s calls a supervisor"), { name })}</strong>{" "}
          <span class="hd-number" aria-hidden="true">
            {clock(secondsSince(since))}
          </span>
        </li>
      ))}
    </ul>
  );
}

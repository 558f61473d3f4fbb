// Calls that the centre owes: a line in the bar; what is too late stands above all figures, in words.
import { fill } from "../lib/i18n";
import { centre, figures, now } from "../live/store";
import { owed } from "./promises";

export function Overdue() {
  const { near, overdue } = owed(centre.value?.promises ?? {}, now.value);
  return (
    <ul class="board-faults" aria-live="polite" aria-label={gettext("Callback promises")}>
      {overdue > 0 && (
        <li data-level="fault" data-promises="overdue">
          <a href="/promises/?show=overdue">
            <strong>{gettext("Overdue")}</strong>{" "}
            {fill(gettext("%(n)s promised calls were not made in time"), { n: overdue })}
          </a>
        </li>
      )}
      {near > 0 && (
        <li data-level="warning" data-promises="near">
          <a href="/promises/">
            <strong>{gettext("Deadline near")}</strong> {fill(gettext("%(n)s promised calls"), { n: near })}
          </a>
        </li>
      )}
    </ul>
  );
}

/** What offices owe citizens too long already. */
export function OverdueCases({ mayOpen }: { mayOpen: boolean }) {
  const overdue = figures.value?.today.cases_overdue ?? 0;
  if (overdue === 0) return null;
  const words = (
    <>
      <strong>{gettext("Overdue")}</strong> {fill(gettext("%(n)s cases are past their term"), { n: overdue })}
    </>
  );
  return (
    <ul class="board-faults" aria-live="polite" aria-label={gettext("Cases")}>
      <li data-level="warning" data-cases="overdue">
        {mayOpen ? <a href="/cases/?show=overdue">{words}</a> : words}
      </li>
    </ul>
  );
}

export function Promised() {
  if (!centre.value) return null;
  const { open } = owed(centre.value.promises, now.value);
  return (
    <p class="board-promises">
      <a href="/promises/">{fill(gettext("Callback promises %(n)s"), { n: open })}</a>
    </p>
  );
}

// The tab 행정정보: who the citizen is, then one panel for each system of the city.
import { Empty } from "../Empty";
import { phase } from "../state";
import { Identify } from "./Identify";
import { PanelBox } from "./PanelBox";
import { askAll, board, failure, live, runOf, typed } from "./state";
import { askable } from "./values";

/** After a reload the citizen is identified and nothing has been asked yet. */
function AskAll() {
  const open = (board.value?.panels ?? []).filter(
    (panel) => runOf(panel.key).state === "idle" && askable(panel, typed.value),
  );
  if (open.length < 2) return null;
  return (
    <p class="records-all">
      <button type="button" class="krds-btn secondary small" onClick={() => void askAll()}>
        {gettext("Look everything up")}
      </button>
    </p>
  );
}

export function Records() {
  const current = board.value;
  if (!live.value) {
    return (
      <Empty
        title={gettext("Records of the citizen")}
        text={
          phase.value === "empty" || phase.value === "ringing"
            ? gettext("Bills, cars and cases of the citizen stand here as soon as you talk and have identified them.")
            : gettext("The contact is over, so nothing of the citizen is kept here.")
        }
      />
    );
  }
  if (current === null) {
    return failure.value ? (
      <p class="records-problem" role="alert">
        {failure.value}
      </p>
    ) : (
      <p class="records-waiting hd-muted">{gettext("Fetching the panels …")}</p>
    );
  }
  if (current.panels.length === 0) {
    return (
      <Empty
        title={gettext("No system connected")}
        text={gettext("An administrator connects the city's systems under Centre, Look-ups.")}
      />
    );
  }
  return (
    <>
      <Identify of={current} />
      <AskAll />
      {current.panels.map((panel) => (
        <PanelBox key={panel.key} panel={panel} />
      ))}
    </>
  );
}

// One system of the city: its progress, its answer to read out, its records; it fails alone.

import { fill } from "../../lib/i18n";
import { now } from "../../live/store";
import { Subject } from "./Identify";
import { RecordTable } from "./RecordTable";
import { SettlementForm } from "./SettlementForm";
import { ask, board, copied, lineFor, runOf, toNote, typed } from "./state";
import type { Panel, Run } from "./types";
import { askable, missing, said } from "./values";

/** So many records stand open; the rest is one key away. */
const OPEN_RECORDS = 3;

function Chip({ panel, run }: { panel: Panel; run: Run }) {
  switch (run.state) {
    case "asking":
      return <span class="hd-badge blue">{gettext("looking it up")}</span>;
    case "ok":
      return (
        <span class="hd-badge green">
          {fill(gettext("%(count)s found"), { count: run.answer?.records.length ?? 0 })}
        </span>
      );
    case "empty":
      return <span class="hd-badge gray">{gettext("nothing there")}</span>;
    case "failed":
      return <span class="hd-badge red">{gettext("no answer")}</span>;
    case "idle":
      return panel.refusal ? <span class="hd-badge gray">{gettext("closed")}</span> : null;
  }
}

function Progress({ panel, run }: { panel: Panel; run: Run }) {
  const seconds = Math.max(0, now.value - run.since) / 1000;
  const most = panel.limit_ms / 1000;
  return (
    <p class="panel-progress">
      <progress max={most} value={Math.min(seconds, most)} aria-label={panel.title} />
      <span class="hd-number" aria-hidden="true">
        {fill(gettext("%(n)s s, at most %(most)s s"), { n: Math.floor(seconds), most: Math.ceil(most) })}
      </span>
    </p>
  );
}

function Found({ panel, run }: { panel: Panel; run: Run }) {
  const { answer } = run;
  if (!answer) return null;
  const rest = answer.records.slice(OPEN_RECORDS);
  return (
    <>
      {answer.read_out && <p class="panel-read-out">{answer.read_out}</p>}
      {answer.records.slice(0, OPEN_RECORDS).map((record, place) => (
        <RecordTable key={place} panel={panel} record={record} place={place} />
      ))}
      {rest.length > 0 && (
        <details class="panel-more">
          <summary>{fill(gettext("%(count)s more"), { count: rest.length })}</summary>
          {rest.map((record, place) => (
            <RecordTable key={place} panel={panel} record={record} place={place + OPEN_RECORDS} />
          ))}
        </details>
      )}
      {panel.settlement && answer.records.length > 0 && <SettlementForm panel={panel} />}
    </>
  );
}

function Wanted({ panel, run }: { panel: Panel; run: Run }) {
  const identity = new Set(board.value?.identity.map(({ name }) => name));
  const own = panel.subject.filter(({ name }) => !identity.has(name));
  const ready = askable(panel, typed.value);
  const lacking = missing(panel, typed.value);
  return (
    <form
      class="panel-wanted"
      aria-label={panel.title}
      onSubmit={(event) => {
        event.preventDefault();
        void ask(panel, run.state !== "idle");
      }}
    >
      {own.map((field) => (
        <Subject key={field.name} field={field} />
      ))}
      <button type="submit" class="krds-btn tertiary small" aria-disabled={!ready || run.state === "asking"}>
        {run.state === "idle" ? gettext("Look up") : gettext("Again")}{" "}
        {run.state !== "idle" && <kbd aria-hidden="true">R</kbd>}
      </button>
      {lineFor(panel) && (
        <button type="button" class="krds-btn tertiary small" onClick={() => toNote(panel)}>
          {copied.value === lineFor(panel) ? gettext("In the note") : gettext("To the note")}{" "}
          <kbd aria-hidden="true">C</kbd>
        </button>
      )}
      {!ready && lacking.length > 0 && (
        <span class="hd-muted">{fill(gettext("Ask for: %(what)s"), { what: lacking.join(", ") })}</span>
      )}
    </form>
  );
}

/** R asks again and C copies, while the focus is in the panel and not where characters are typed. */
function press(event: KeyboardEvent, panel: Panel, run: Run): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
  if (event.target instanceof HTMLElement && event.target.matches("input, select, textarea")) return;
  if (event.code === "KeyR" && run.state !== "idle") void ask(panel, true);
  else if (event.code === "KeyC") toNote(panel);
  else return;
  event.preventDefault();
}

export function PanelBox({ panel }: { panel: Panel }) {
  const run = runOf(panel.key);
  const heading = `panel-${panel.key}`;
  return (
    <section
      class="panel"
      data-panel={panel.key}
      data-state={run.state}
      aria-labelledby={heading}
      aria-busy={run.state === "asking"}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the panel takes the focus, so that its keys can be pressed
      tabIndex={0}
      onKeyDown={(event) => press(event, panel, run)}
    >
      <h3 id={heading}>
        {panel.title} <Chip panel={panel} run={run} />
        {run.answer?.cached && <span class="hd-muted">{gettext("of a moment ago")}</span>}
      </h3>
      <p class="sr-only" role="status">
        {said(panel, run)}
      </p>
      {panel.refusal !== "" && <p class="hd-muted">{panel.sentence}</p>}
      {run.state === "asking" && <Progress panel={panel} run={run} />}
      {run.state === "failed" && <p class="panel-failed">{run.sentence}</p>}
      <Found panel={panel} run={run} />
      {panel.refusal === "" && <Wanted panel={panel} run={run} />}
    </section>
  );
}

// Everybody on duty: in which state, since when, and how long the talk has lasted.
import { kindWord } from "../desk/protection/kinds";
import { stateName } from "../desk/words";
import { clock, duration, timeOfDay } from "../lib/format";
import { fill } from "../lib/i18n";
import { now, secondsSince } from "../live/store";
import { type Line, lengthSaid } from "./floor";
import { reasonName } from "./lists";
import { choose, chosenAgent, lines } from "./state";
import { modeWord } from "./words";

function Talk({ line }: { line: Line }) {
  const seconds = secondsSince(line.agent.since);
  const said = lengthSaid(seconds, line.queue);
  return (
    <span class="floor-length" data-length={said}>
      <span class="hd-number">{clock(seconds)}</span>
      {said === "long" && ` ${gettext("over the recommended time")}`}
      {said === "too_long" && ` ${gettext("may be ended")}`}
    </span>
  );
}

/** The queue with the lengths of a talk at which the desk reminds, and offers to end it. */
function limits({ queue }: Line): string {
  if (!queue || queue.notice_seconds === 0) return "";
  return fill(gettext("reminder %(notice)s, end %(end)s"), {
    notice: duration(queue.notice_seconds),
    end: queue.end_seconds === 0 ? gettext("none") : duration(queue.end_seconds),
  });
}

function Marks({ line: { agent, talk } }: { line: Line }) {
  return (
    <>
      {!agent.reachable && !talk && <span class="hd-badge yellow">{gettext("Telephone not reachable")}</span>}
      {agent.pending && (
        <span class="hd-badge">{fill(gettext("then %(state)s"), { state: stateName(agent.pending) })}</span>
      )}
      {talk?.supervision && <span class="hd-badge">{modeWord(talk.supervision.mode)}</span>}
      {talk?.flagged && (
        <span class="hd-badge yellow">
          {fill(gettext("Flagged number: %(kind)s"), { kind: kindWord(talk.flagged.kind) })}
        </span>
      )}
      {talk?.held && <span class="hd-badge">{gettext("On hold")}</span>}
    </>
  );
}

function Row({ line }: { line: Line }) {
  const { agent, talk, queue } = line;
  const chosen = chosenAgent.value === agent.agent;
  return (
    <tr data-agent={agent.agent} data-state={agent.state} aria-current={chosen ? "true" : undefined}>
      <th scope="row">
        <button type="button" class="floor-name" aria-pressed={chosen} onClick={() => choose(agent.agent)}>
          {agent.name}
        </button>
      </th>
      <td>
        <span class="floor-state">{stateName(agent.state)}</span>
        {agent.reason && <span class="floor-reason">{reasonName(agent.reason)}</span>}
      </td>
      <td class="hd-number">{timeOfDay(agent.since)}</td>
      <td>
        {queue?.name ?? ""} {talk && <span class="hd-muted">{limits(line)}</span>}
      </td>
      <td>{talk ? <Talk line={line} /> : <span class="hd-number">{clock(secondsSince(agent.since))}</span>}</td>
      <td>
        <Marks line={line} />
      </td>
    </tr>
  );
}

export function Agents() {
  void now.value;
  const rows = lines.value;
  return (
    <div class="floor-agents">
      <h2 id="floor-agents-title">
        {gettext("Agents on duty")} <span class="hd-number">{rows.length}</span>
      </h2>
      {rows.length === 0 ? (
        <p class="hd-empty">{gettext("Nobody is on duty. Agents appear here when they start work at the desk.")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        <section class="floor-scroll" tabIndex={0} aria-labelledby="floor-agents-title">
          <table>
            <thead>
              <tr>
                <th scope="col">{gettext("Agent")}</th>
                <th scope="col">{gettext("State")}</th>
                <th scope="col">{gettext("Since")}</th>
                <th scope="col">{gettext("Queue")}</th>
                <th scope="col">{gettext("For")}</th>
                <th scope="col">{gettext("Marks")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((line) => (
                <Row key={line.agent.agent} line={line} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

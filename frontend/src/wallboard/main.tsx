// 상황판: read from five metres. Six numbers, the day's curve, and who is doing what.
import { computed, effect, signal } from "@preact/signals";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { stateName } from "../desk/words";
import { Crowded } from "../lib/Crowded";
import { clock, timeOfDay } from "../lib/format";
import { fill } from "../lib/i18n";
import { LostSince } from "../lib/LostSince";
import { centre, connect, connection, figures, health, now, secondsSince } from "../live/store";
import type { AgentRow, AgentState } from "../live/types";
import { Alarms } from "./Alarms";
import { draw } from "./curve";
import { type Tile, tiles } from "./figures";
import { Engines, Faults } from "./Health";
import { HelpCalls } from "./HelpCalls";
import { Overdue, OverdueCases, Promised } from "./Promised";

interface Definition {
  key: string;
  formula: string;
  settings: { service_level_seconds?: Record<string, number>; short_abandon_seconds?: number };
  /** Whether there is a page of the contacts behind the figure. */
  opens: boolean;
}

const root = document.getElementById("wallboard");
const mayOpen = root?.dataset.role !== "agent";
const definitions: readonly Definition[] = JSON.parse(document.getElementById("definitions")?.textContent || "[]");
const openDefinition = signal<string | null>(null);

const THEME_KEY = "haedap.wallboard.theme";
const theme = signal(localStorage.getItem(THEME_KEY) ?? "dark");
effect(() => {
  document.documentElement.dataset.theme = theme.value;
  localStorage.setItem(THEME_KEY, theme.value);
});

const longestWait = computed(() => {
  void now.value;
  const since = figures.value?.today.longest_wait_since ?? null;
  return since ? secondsSince(since) : null;
});

/** The settings that a figure depends on, in words. */
function conditions({ settings }: Definition): string {
  const promises = Object.entries(settings.service_level_seconds ?? {}).map(([name, seconds]) =>
    fill(gettext("%(queue)s %(n)s s"), { queue: name, n: seconds }),
  );
  const short = settings.short_abandon_seconds;
  const parts = [
    promises.length > 0 ? fill(gettext("Aim: %(promises)s."), { promises: promises.join(", ") }) : "",
    short === undefined ? "" : fill(gettext("Short abandon: up to %(n)s s."), { n: short }),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function Explanation({ name }: { name: string }) {
  const definition = definitions.find(({ key }) => key === name);
  if (name === "longest_wait") return <p>{gettext("How long the citizen who waits longest has been in the queue.")}</p>;
  if (!definition) return <p>{gettext("The definition is not available.")}</p>;
  return (
    <>
      <p>{definition.formula}</p>
      <p>{conditions(definition)}</p>
      {definition.opens && mayOpen && (
        <a href={`/wallboard/figures/${name}/`}>{gettext("The contacts behind this figure")}</a>
      )}
    </>
  );
}

function Figure({ tile }: { tile: Tile }) {
  const open = openDefinition.value === tile.key;
  return (
    <li class="tile" data-level={tile.level} data-figure={tile.key}>
      <button
        type="button"
        aria-expanded={open}
        aria-describedby={open ? `definition-${tile.key}` : undefined}
        onClick={() => {
          openDefinition.value = open ? null : tile.key;
        }}
      >
        <span class="tile-name">{tile.name}</span>
        <span class="tile-value">{tile.value}</span>
        {tile.level !== "plain" && <span class="tile-level">{levelWord(tile.level)}</span>}
      </button>
      {open && (
        <div class="tile-definition" id={`definition-${tile.key}`}>
          <Explanation name={tile.key} />
        </div>
      )}
    </li>
  );
}

function levelWord(level: Tile["level"]): string {
  if (level === "good") return gettext("good");
  return level === "warn" ? gettext("needs attention") : gettext("serious");
}

const MARGIN = { left: 44, right: 12, top: 12, bottom: 34 };
const plot = signal({ width: 0, height: 0 });
const resized = new ResizeObserver(([entry]) => {
  const { width = 0, height = 0 } = entry?.contentRect ?? {};
  plot.value = {
    width: Math.max(0, width - MARGIN.left - MARGIN.right),
    height: Math.max(0, height - MARGIN.top - MARGIN.bottom),
  };
});

function Plot() {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (holder.current) resized.observe(holder.current);
    return () => resized.disconnect();
  }, []);
  const { width, height } = plot.value;
  const curve = width > 0 ? draw(figures.value?.curve ?? [], plot.value) : null;
  return (
    <div class="plot" ref={holder}>
      <svg role="img" aria-labelledby="curve-title" width="100%" height="100%">
        {curve && (
          <g transform={`translate(${MARGIN.left} ${MARGIN.top})`}>
            {curve.lines.map(({ at, text }) => (
              <g key={text} class="grid">
                <line x1="0" x2={width} y1={at} y2={at} />
                <text x="-10" y={at + 6} text-anchor="end">
                  {text}
                </text>
              </g>
            ))}
            {curve.hours.map(({ at, text }) => (
              <text key={text} x={at} y={height + 26} text-anchor={at > width - MARGIN.right ? "end" : "middle"}>
                {text}
              </text>
            ))}
            <path class="area" d={curve.area} />
            <path class="usual" d={curve.usual} />
            <path class="answered" d={curve.answered} />
            <path class="offered" d={curve.offered} />
          </g>
        )}
      </svg>
    </div>
  );
}

function Curve() {
  const points = figures.value?.curve ?? [];
  const usual = points.some((point) => point.usual !== null);
  return (
    <section class="board-curve" aria-labelledby="curve-title">
      <div class="board-head">
        <h2 id="curve-title">{gettext("Today by quarter hour")}</h2>
        <p class="legend">
          <i class="key-offered" /> {gettext("Offered")} <i class="key-answered" /> {gettext("Answered")}{" "}
          {usual && <i class="key-usual" />} {usual && gettext("The usual day")}
        </p>
      </div>
      {points.length > 0 ? (
        <Plot />
      ) : (
        <p class="hd-empty">{gettext("The curve begins with the first call of the day.")}</p>
      )}
    </section>
  );
}

const ORDER: AgentState[] = ["offered", "engaged", "wrap_up", "available", "away"];

const onDuty = computed<AgentRow[]>(() => {
  const rows = Object.values(centre.value?.agents ?? {}).filter((row) => row.state !== "signed_out");
  return rows.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.since.localeCompare(b.since));
});

function Agents() {
  void now.value;
  const rows = onDuty.value;
  return (
    <section class="board-agents" aria-labelledby="agents-title">
      <div class="board-head">
        <h2 id="agents-title">{gettext("Agents")}</h2>
        <p class="hd-number">{rows.length}</p>
      </div>
      <ul class="counts">
        {ORDER.map((state) => (
          <li key={state} data-state={state}>
            <span>{stateName(state)}</span> <strong>{rows.filter((row) => row.state === state).length}</strong>
          </li>
        ))}
      </ul>
      {rows.length === 0 && (
        <p class="hd-empty">{gettext("Nobody is on duty. Agents appear here when they start work at the desk.")}</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable list must be reachable by keyboard */}
      <ul class="agents" tabIndex={0} aria-labelledby="agents-title">
        {rows.map((row) => (
          <li key={row.agent} data-state={row.state}>
            <span class="agent-name">{row.name}</span>
            <span class="agent-state">{stateName(row.state)}</span>
            <span class="agent-time">{clock(secondsSince(row.since))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Lost() {
  void now.value;
  if (connection.line.value === "logged_out") {
    return (
      <p class="board-lost" role="alert">
        {gettext("You are logged out: these figures are old.")}{" "}
        <a href="/login?next=/wallboard/">{gettext("Log in again")}</a>
      </p>
    );
  }
  if (connection.line.value === "crowded") {
    return (
      <p class="board-lost" role="alert">
        <Crowded />
      </p>
    );
  }
  if (connection.line.value !== "lost") return null;
  return (
    <p class="board-lost" role="alert">
      {gettext("Connection lost: these figures are old. Trying again.")} <LostSince />
    </p>
  );
}

function Board() {
  const other = theme.value === "dark" ? "light" : "dark";
  return (
    <>
      <Lost />
      <HelpCalls calls={health.value?.help ?? []} />
      <Alarms alarms={health.value?.alarms ?? []} mayOpen={mayOpen} />
      <Faults health={health.value} />
      <Overdue />
      <OverdueCases mayOpen={mayOpen} />
      <div class="board-bar">
        <p class="hd-muted">{gettext("Contacts that arrived today. Choose a figure to see its definition.")}</p>
        <Promised />
        <Engines health={health.value} />
        <p class="board-time">{timeOfDay(now.value)}</p>
        <button
          type="button"
          class="hd-action small"
          onClick={() => {
            theme.value = other;
          }}
        >
          {other === "light" ? gettext("Light") : gettext("Dark")}
        </button>
      </div>
      <ul class="tiles">
        {tiles(figures.value?.today ?? null, longestWait.value).map((tile) => (
          <Figure key={tile.key} tile={tile} />
        ))}
      </ul>
      <div class="board-low">
        <Curve />
        <Agents />
      </div>
    </>
  );
}

if (root) {
  render(<Board />, root);
  connect();
}

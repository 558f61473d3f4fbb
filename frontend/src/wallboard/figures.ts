// The six numbers of the wallboard and how each is written.
import { clock, percent } from "../lib/format";
import type { Figures } from "../live/types";

export interface Tile {
  /** The key of the figure's definition. */
  readonly key: string;
  readonly name: string;
  readonly value: string;
  readonly level: "plain" | "good" | "warn" | "bad";
}

/** Below these shares a figure turns amber, then red; KS certification asks for 80 % within the time and 95 % answered. */
const SERVICE_LEVEL = { good: 0.8, warn: 0.7 };
const ANSWER_RATE = { good: 0.95, warn: 0.9 };
const LONG_WAIT_SECONDS = { warn: 20, bad: 60 };

function share(value: number | null, limits: { good: number; warn: number }): Tile["level"] {
  if (value === null) return "plain";
  if (value >= limits.good) return "good";
  return value >= limits.warn ? "warn" : "bad";
}

function wait(seconds: number | null): Tile["level"] {
  if (seconds === null || seconds < LONG_WAIT_SECONDS.warn) return "plain";
  return seconds < LONG_WAIT_SECONDS.bad ? "warn" : "bad";
}

/** The six tiles; `waited`: seconds of the longest wait now, null when nobody waits. */
export function tiles(day: Figures | null, waited: number | null): Tile[] {
  const number = (value: number | undefined): string => (value === undefined ? "–" : value.toLocaleString("ko-KR"));
  const longest = waited === null ? "0:00" : clock(waited);
  return [
    { key: "waiting", name: gettext("Waiting"), value: number(day?.waiting), level: wait(waited) },
    { key: "longest_wait", name: gettext("Longest wait"), value: day ? longest : "–", level: wait(waited) },
    {
      key: "answer_rate",
      name: gettext("Answer rate"),
      value: percent(day?.answer_rate ?? null),
      level: share(day?.answer_rate ?? null, ANSWER_RATE),
    },
    {
      key: "service_level",
      name: gettext("Service level"),
      value: percent(day?.service_level ?? null),
      level: share(day?.service_level ?? null, SERVICE_LEVEL),
    },
    { key: "offered", name: gettext("Offered"), value: number(day?.offered), level: "plain" },
    { key: "answered", name: gettext("Answered"), value: number(day?.answered), level: "plain" },
  ];
}

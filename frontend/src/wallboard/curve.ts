// The curve of the day as SVG paths. Pure.
import type { CurvePoint } from "../live/types";

/** Where the curve is drawn: pixels inside the axes. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Mark {
  readonly at: number;
  readonly text: string;
}

export interface Curve {
  /** Offered so far, as a line and as the area below it. */
  readonly offered: string;
  readonly area: string;
  readonly answered: string;
  readonly usual: string;
  readonly top: number;
  /** Full hours; within the first hour of a day its quarters, for there may be no full one. */
  readonly hours: readonly Mark[];
  readonly lines: readonly Mark[];
}

function niceTop(largest: number): number {
  const step = [4, 8, 12, 20, 40, 60, 80, 100, 160, 200, 400].find((top) => top >= largest);
  return step ?? Math.ceil(largest / 400) * 400;
}

function path(values: readonly (number | null)[], top: number, size: Size): string {
  let pen = "M";
  let out = "";
  values.forEach((value, index) => {
    if (value === null) {
      pen = "M";
      return;
    }
    out += `${pen}${x(index, values.length, size).toFixed(1)},${(size.height - (value / top) * size.height).toFixed(1)}`;
    pen = "L";
  });
  return out;
}

const x = (index: number, length: number, size: Size): number => (index / (length - 1)) * size.width;

const hourOf = new Intl.DateTimeFormat("ko-KR", {
  timeZone: "Asia/Seoul",
  hour: "numeric",
  minute: "2-digit",
  hourCycle: "h23",
});

const QUARTER_MS = 15 * 60 * 1000;

/** A line needs two ends: before the first quarter hour of a day there was nothing. */
function fromNothing(points: readonly CurvePoint[]): readonly CurvePoint[] {
  const [first] = points;
  if (!first || points.length > 1) return points;
  const at = new Date(Date.parse(first.at) - QUARTER_MS).toISOString();
  return [{ at, offered: 0, answered: 0, usual: null }, first];
}

/** Of a few quarter hours each is told, of a day its full hours, of a long one every other. */
function isTold(text: string, index: number, quarters: number): boolean {
  if (quarters <= 4) return true;
  return text.endsWith(":00") && (quarters <= 48 || index % 8 < 4);
}

/** What to draw for the day, a quarter of an hour each point. Null for a day without any. */
export function draw(day: readonly CurvePoint[], size: Size): Curve | null {
  if (day.length === 0) return null;
  const points = fromNothing(day);
  const top = niceTop(Math.max(1, ...points.flatMap(({ offered, usual }) => [offered ?? 0, usual ?? 0])));
  const offered = points.map((point) => point.offered);
  const known = offered.reduce<number>((last, value, index) => (value === null ? last : index), -1);
  const line = path(offered, top, size);
  return {
    top,
    offered: line,
    area: known > 0 ? `${line}L${x(known, points.length, size).toFixed(1)},${size.height}L0,${size.height}Z` : "",
    answered: path(
      points.map((point) => point.answered),
      top,
      size,
    ),
    usual: path(
      points.map((point) => point.usual),
      top,
      size,
    ),
    hours: points
      .map((point, index) => ({ at: x(index, points.length, size), text: hourOf.format(new Date(point.at)) }))
      .filter(({ text }, index) => isTold(text, index, points.length)),
    lines: [0.25, 0.5, 0.75, 1].map((part) => ({
      at: size.height - part * size.height,
      text: String(Math.round(top * part)),
    })),
  };
}

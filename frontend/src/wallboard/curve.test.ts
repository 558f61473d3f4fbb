import assert from "node:assert/strict";
import { test } from "node:test";
import type { CurvePoint } from "../live/types";
import { draw } from "./curve";

const point = (quarter: number, offered: number | null, usual: number | null): CurvePoint => ({
  at: new Date(Date.UTC(2026, 10, 21, 0, 15 * quarter)).toISOString(),
  offered,
  answered: offered,
  usual,
});

const size = { width: 1000, height: 260 };

test("the day so far ends where it is now, the usual day goes on", () => {
  const curve = draw([point(0, 0, 2), point(1, 4, 4), point(2, null, 2)], size);
  assert.equal(curve?.top, 4);
  assert.equal(curve.offered, "M0.0,260.0L500.0,0.0");
  assert.equal(curve.area, "M0.0,260.0L500.0,0.0L500.0,260L0,260Z");
  assert.equal(curve.usual, "M0.0,130.0L500.0,0.0L1000.0,130.0");
  const texts = curve.hours.map(({ text }) => text);
  assert.deepEqual(texts, ["09:00", "09:15", "09:30"]);
});

test("a day without contacts has no curve, the first quarter hour rises from nothing", () => {
  assert.equal(draw([], size), null);
  const curve = draw([point(1, 4, null)], size);
  assert.equal(curve?.offered, "M0.0,260.0L1000.0,0.0");
  const [from, to] = [
    { at: 0, text: "09:00" },
    { at: 1000, text: "09:15" },
  ];
  assert.deepEqual(curve?.hours, [from, to]);
});

test("a longer day tells its full hours, a long one every other", () => {
  const texts = (quarters: number): string[] | undefined =>
    draw(
      Array.from({ length: quarters }, (_, quarter) => point(quarter + 1, 1, null)),
      size,
    )?.hours.map(({ text }) => text);
  assert.deepEqual(texts(8), ["10:00", "11:00"]);
  assert.deepEqual(texts(52)?.slice(0, 2), ["10:00", "12:00"]);
});

test("no usual day, no line", () => {
  assert.equal(draw([point(0, 1, null), point(1, 500, null)], size)?.usual, "");
});

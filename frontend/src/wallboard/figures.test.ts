import assert from "node:assert/strict";
import { test } from "node:test";
import { tiles } from "./figures";

globalThis.gettext = (text) => text;
const day = { waiting: 1234, longest_wait_since: null, offered: 10, answered: 9, answer_rate: 0.9, service_level: 0.5 };

test("six numbers, each with its level", () => {
  const shown = tiles(day, 75).map(({ value, level }) => [value, level]);
  assert.deepEqual(shown, [
    ["1,234", "bad"],
    ["1:15", "bad"],
    ["90.0%", "warn"],
    ["50.0%", "bad"],
    ["10", "plain"],
    ["9", "plain"],
  ]);
});

test("before the first figures there are dashes, not zeros", () => {
  assert.deepEqual(new Set(tiles(null, null).map(({ value }) => value)), new Set(["–"]));
});

test("a day without contacts has no shares", () => {
  const empty = { ...day, waiting: 0, offered: 0, answered: 0, answer_rate: null, service_level: null };
  assert.deepEqual(
    tiles(empty, null).map(({ value }) => value),
    ["0", "0:00", "–", "–", "0", "0"],
  );
});

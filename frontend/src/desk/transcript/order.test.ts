import assert from "node:assert/strict";
import { test } from "node:test";
import { merged, type Piece } from "./order";

const piece = (id: number, second: number): Piece => ({
  id,
  side: "citizen",
  text: `${id}`,
  started_at: `2026-09-23T08:00:0${second}Z`,
});

test("pieces stand in the order of speaking, each once", () => {
  const known = merged([], [piece(2, 5), piece(1, 1)]);
  assert.deepEqual(
    merged(known, [piece(2, 5), piece(3, 3)]).map(({ id }) => id),
    [1, 3, 2],
  );
});

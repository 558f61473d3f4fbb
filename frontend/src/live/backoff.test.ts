import assert from "node:assert/strict";
import { test } from "node:test";
import { backOff } from "./backoff";

test("waits longer each time, up to 8 s", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 1000].map((n) => backOff(n, () => 1)),
    [500, 1000, 2000, 4000, 8000, 8000, 8000],
  );
  assert.equal(
    backOff(0, () => 0),
    250,
  );
});

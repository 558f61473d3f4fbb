import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthOf, mayFollow, type Step } from "./steps";

const STEPS: Step[] = ["warn", "announce", "end"];
const allowed = (last: Step | null, atOnce = false): Step[] => STEPS.filter((step) => mayFollow(last, step, atOnce));

test("each step follows the one before, once", () => {
  assert.deepEqual(allowed(null), ["warn"]);
  assert.deepEqual(allowed("warn"), ["announce"]);
  assert.deepEqual(allowed("announce"), ["end"]);
  assert.deepEqual(allowed("end"), []);
});

test("what needs no warning may be ended at once, and once", () => {
  assert.deepEqual(allowed(null, true), ["warn", "end"]);
  assert.deepEqual(allowed("end", true), []);
});

test("the talk's length speaks at its limits, and a limit of 0 never", () => {
  const limits = { notice_seconds: 900, end_seconds: 1200 };
  assert.deepEqual(
    [899, 900, 1199, 1200].map((seconds) => lengthOf(seconds, limits)),
    ["usual", "long", "long", "too_long"],
  );
  assert.equal(lengthOf(9999, { notice_seconds: 0, end_seconds: 0 }), "usual");
  assert.equal(lengthOf(9999, undefined), "usual");
});

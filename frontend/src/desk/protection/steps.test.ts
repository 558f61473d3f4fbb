import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthOf, mayFollow, type Step } from "./steps";

const STEPS: Step[] = ["warn", "announce", "end"];
const allowed = (last: Step | null, kind: string): Step[] => STEPS.filter((step) => mayFollow(last, step, kind));

test("each step follows the one before, once", () => {
  assert.deepEqual(allowed(null, "abuse"), ["warn"]);
  assert.deepEqual(allowed("warn", "abuse"), ["announce"]);
  assert.deepEqual(allowed("announce", "abuse"), ["end"]);
  assert.deepEqual(allowed("end", "abuse"), []);
});

test("sexual abuse and threats may be ended at once", () => {
  for (const kind of ["sexual", "threat"]) {
    assert.deepEqual(allowed(null, kind), ["warn", "end"]);
    assert.deepEqual(allowed("end", kind), []);
  }
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

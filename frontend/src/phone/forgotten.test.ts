import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { signal } from "@preact/signals";
import { whenForgotten } from "./forgotten";

const forgotten = signal(false);
let registered = 0;
let stop: () => void;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  registered = 0;
  forgotten.value = false;
  stop = whenForgotten(forgotten, () => {
    registered += 1;
  });
});

afterEach(() => {
  stop();
  mock.timers.reset();
});

test("a telephone that the centre has forgotten registers anew, once", () => {
  forgotten.value = true;
  mock.timers.tick(10_000);
  assert.equal(registered, 1);
  forgotten.value = false;
  forgotten.value = true;
  mock.timers.tick(10_000);
  assert.equal(registered, 2);
});

test("one that has just registered waits for the word of it", () => {
  forgotten.value = true;
  mock.timers.tick(1000);
  forgotten.value = false;
  mock.timers.tick(10_000);
  assert.equal(registered, 0);
});

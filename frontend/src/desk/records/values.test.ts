import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldValue, Panel, Run } from "./types";
import { askable, isoDay, missing, noteLine, readable, said, withoutAnswers } from "./values";

globalThis.gettext = (text) => text;

const field = (changes: Partial<FieldValue>): FieldValue => ({
  name: "x",
  label: "X",
  type: "text",
  unit: "",
  value: "",
  masked: false,
  ...changes,
});

const panel = (changes: Partial<Panel>): Panel => ({
  key: "water",
  title: "Water",
  level: "asked",
  subject: [],
  limit_ms: 4000,
  settlement: false,
  refusal: "",
  sentence: "",
  ...changes,
});

const subject = { label: "Number", hint: "", personal: false, shown: "" };

test("values are read by their type", () => {
  assert.equal(readable(field({ type: "won", value: 12300 })), "12,300 won");
  assert.equal(readable(field({ type: "number", value: 1234.5, unit: "㎥" })), "1,234.5㎥");
  assert.equal(readable(field({ type: "date", value: "2026-01-09" })), "2026. 1. 9.");
  assert.equal(readable(field({ type: "list", value: ["a", "b"] })), "a, b");
  assert.equal(readable(field({ value: null })), "–");
  assert.equal(readable(field({ type: "date", value: "soon" })), "soon");
  assert.equal(readable(field({ value: "홍*동", masked: true })), "홍*동");
});

test("a panel is asked when it is open and all that it needs is known or typed", () => {
  const wanting = panel({
    subject: [
      { ...subject, name: "a", required: true, known: true },
      { ...subject, name: "b", required: true, known: false },
      { ...subject, name: "c", required: false, known: false },
    ],
  });
  assert.deepEqual(missing(wanting, {}), ["Number"]);
  assert.deepEqual(missing(wanting, { b: "  " }), ["Number"]);
  assert.equal(askable(wanting, { b: "1" }), true);
  assert.equal(askable({ ...wanting, refusal: "level" }, { b: "1" }), false);
});

test("a screen reader hears of a panel only when its answer is there", () => {
  const run: Run = { state: "asking", since: 0, answer: null, sentence: "", again: false };
  assert.equal(said(panel({}), run), "");
  assert.equal(said(panel({}), { ...run, state: "idle" }), "");
  assert.equal(said(panel({}), { ...run, state: "empty" }), "Water: nothing found");
  assert.equal(said(panel({}), { ...run, state: "failed", sentence: "Later." }), "Water: Later.");
});

test("the day of moving is today in Seoul", () => {
  assert.equal(isoDay(Date.parse("2026-11-21T15:30:00Z")), "2026-11-22");
});

test("what is looked for is what the agent wrote, not what the systems said", () => {
  const note = `moves out today\n${noteLine(panel({}), "7 m³ were used")}\n[memo] second floor`;
  assert.equal(withoutAnswers(note, ["Tax", "Water"]), "moves out today\n[memo] second floor");
  assert.equal(withoutAnswers(note, []), note);
});

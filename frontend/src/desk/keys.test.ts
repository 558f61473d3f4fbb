import assert from "node:assert/strict";
import { test } from "node:test";
import { actionFor, type Pressed, shortcuts } from "./keys";

const press = (change: Partial<Pressed>): Pressed => ({
  code: "",
  key: "",
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  repeat: false,
  ...change,
});

test("keys work while Korean is typed in the note", () => {
  assert.equal(actionFor(press({ code: "F2", key: "F2" }), true), "answer");
  assert.equal(actionFor(press({ code: "KeyM", key: "Process", altKey: true }), true), "mute");
  assert.equal(actionFor(press({ code: "Enter", key: "Enter", altKey: true }), true), "finish");
});

test("typing, the browser's own keys and a held key do nothing", () => {
  assert.equal(actionFor(press({ code: "KeyM", key: "ㅡ" }), true), null);
  assert.equal(actionFor(press({ code: "KeyR", key: "r", ctrlKey: true }), false), null);
  assert.equal(actionFor(press({ code: "F2", key: "F2", repeat: true }), false), null);
  assert.equal(actionFor(press({ code: "Slash", key: "?", shiftKey: true }), true), null);
  assert.equal(actionFor(press({ code: "Slash", key: "?", shiftKey: true }), false), "help");
});

test("no two actions share a key", () => {
  const labels = Object.values(shortcuts).map(({ label }) => label);
  assert.equal(new Set(labels).size, labels.length);
});

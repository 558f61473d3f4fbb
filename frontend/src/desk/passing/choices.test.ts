import assert from "node:assert/strict";
import { test } from "node:test";
import { fromColleagues, fromNumber, fromOffices, fromQueues } from "./choices";
import type { OfficeFound, Targets } from "./types";

globalThis.gettext = (text) => text;

const office = (changes: Partial<OfficeFound>): OfficeFound => ({
  department: { id: 3, name: "도로과", place: "안전건설국 > 도로과" },
  duty: "가로등 유지관리",
  officer: { id: 9, name: "이하늘", title: "주무관" },
  answers: {
    officer: { id: 9, name: "이하늘", title: "주무관" },
    telephone: "+82200002001",
    extension: "2001",
    reason: "",
  },
  ...changes,
});

const centre: Targets = {
  colleagues: [
    { id: 1, name: "김가람", state: "available", reason: "", since: "2026-01-01T00:00:00Z", queues: ["세무"] },
    { id: 2, name: "박나래", state: "engaged", reason: "", since: "2026-01-01T00:00:00Z", queues: [] },
  ],
  queues: [{ key: "tax", name: "세무", waiting: 4, free: 0 }],
};

test("an office is meant by its officer, or by the department when it has none", () => {
  const [first, second] = fromOffices([office({}), office({ officer: null, duty: null })]);
  assert.deepEqual(first?.target, { type: "officer", officer: 9 });
  assert.equal(first?.name, "도로과 · 이하늘 주무관");
  assert.deepEqual(second?.target, { type: "department", department: 3 });
  assert.equal(second?.about, "안전건설국 > 도로과");
});

test("who answers in place of the officer is said", () => {
  const away = office({});
  away.answers = { officer: null, telephone: "+82200002000", extension: "", reason: "연가 ~ 11.25." };
  const [choice] = fromOffices([away]);
  assert.equal(choice?.warning, "연가 ~ 11.25.");
  assert.equal(choice?.where, "02-0000-2000");
});

test("colleagues and queues are found by a part of the name, free or not", () => {
  const found = (text: string) => [
    ...fromColleagues(centre.colleagues, text, (state) => state),
    ...fromQueues(centre.queues, text),
  ];
  const names = (text: string): string[] => found(text).map((one) => one.key);
  assert.deepEqual(names(""), ["agent-1", "agent-2", "queue-tax"]);
  assert.deepEqual(names("나래"), ["agent-2"]);
  assert.deepEqual(names("없음"), []);
  const [, busy, queue] = found("");
  assert.notEqual(busy?.warning, "");
  assert.notEqual(queue?.warning, "");
});

test("a number is one when nothing else is typed", () => {
  assert.deepEqual(fromNumber(" 02-0000-1234 ")[0]?.target, { type: "number", number: "02-0000-1234" });
  assert.deepEqual(fromNumber("2001").length, 1);
  for (const text of ["", "1", "02-0000-1234번", "*72", "+82"]) assert.deepEqual(fromNumber(text), []);
});

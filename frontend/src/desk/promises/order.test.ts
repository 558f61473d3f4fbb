import assert from "node:assert/strict";
import { test } from "node:test";
import type { PromiseRow } from "../../live/types";
import { nextTime, owedBy, urgencyOf } from "./order";

const now = Date.parse("2026-11-22T05:00:00Z"); // 14:00 in Seoul

const row = (id: string, changes: Partial<PromiseRow>): PromiseRow => ({
  id,
  citizen: null,
  owner_kind: "queue",
  owner_agent: null,
  owner_queue: "tax",
  owner_name: "",
  reason: "queue",
  state: "open",
  due_at: "2026-11-22T05:00:00Z",
  deadline: "2026-11-22T08:00:00Z",
  attempts: 0,
  escalated_at: null,
  ...changes,
});

test("mine and those of my queues, the late ones first", () => {
  const rows = [
    row("far", { deadline: "2026-11-23T08:00:00Z" }),
    row("soon", { deadline: "2026-11-22T06:00:00Z" }),
    row("near", { deadline: "2026-11-22T07:00:00Z", escalated_at: "2026-11-22T04:59:00Z" }),
    row("late", { deadline: "2026-11-22T04:00:00Z" }),
    row("mine", { owner_kind: "agent", owner_agent: 7, owner_queue: null }),
    row("theirs", { owner_kind: "agent", owner_agent: 8, owner_queue: null }),
    row("elsewhere", { owner_queue: "roads" }),
    row("officer", { owner_kind: "outside", owner_queue: null, owner_name: "세무과" }),
  ];
  const known = Object.fromEntries(rows.map((one) => [one.id, one]));
  const found = owedBy(known, 7, new Set(["tax"]), now);
  assert.deepEqual(
    found.map((one) => one.id),
    ["late", "near", "soon", "mine", "far"],
  );
  assert.deepEqual(
    owedBy(known, 9, new Set(), now).map((one) => one.id),
    [],
  );
});

test("a promise is overdue the moment its deadline is past, told or not", () => {
  assert.equal(urgencyOf(row("a", { deadline: "2026-11-22T05:00:00Z" }), now), "");
  assert.equal(urgencyOf(row("a", { deadline: "2026-11-22T05:00:00Z" }), now + 1), "overdue");
  assert.equal(urgencyOf(row("a", { escalated_at: "2026-11-22T04:00:00Z" }), now), "near");
});

test("a time of day is today while it lies ahead, else tomorrow", () => {
  assert.equal(nextTime("14:01", now), "2026-11-22T05:01:00.000Z");
  assert.equal(nextTime("14:00", now), "2026-11-23T05:00:00.000Z");
  assert.equal(nextTime("09:00", now), "2026-11-23T00:00:00.000Z");
  const afterMidnight = Date.parse("2026-11-22T15:30:00Z"); // 00:30 in Seoul, on the 23rd
  assert.equal(nextTime("09:00", afterMidnight), "2026-11-23T00:00:00.000Z");
  assert.equal(nextTime("00:10", afterMidnight), "2026-11-23T15:10:00.000Z");
});

test("what is no time is none", () => {
  for (const text of ["", "24:00", "9:00", "12:60", "내일"]) assert.equal(nextTime(text, now), null);
});

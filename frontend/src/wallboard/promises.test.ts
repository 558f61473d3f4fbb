import assert from "node:assert/strict";
import { test } from "node:test";
import type { PromiseRow } from "../live/types";
import { owed } from "./promises";

const now = Date.parse("2026-11-22T05:00:00Z");
const row = (deadline: string, escalated_at: string | null): PromiseRow => ({
  id: deadline,
  citizen: null,
  owner_kind: "outside",
  owner_agent: null,
  owner_queue: null,
  owner_name: "세무과",
  reason: "officer",
  state: "open",
  due_at: deadline,
  deadline,
  attempts: 0,
  escalated_at,
});

test("each promise is counted once: too late, nearly so, or neither", () => {
  const told = "2026-11-22T04:00:00Z";
  const promises = {
    a: row("2026-11-22T04:59:59Z", told),
    b: row("2026-11-22T04:00:00Z", null),
    c: row("2026-11-22T05:00:00Z", told),
    d: row("2026-11-23T05:00:00Z", null),
  };
  assert.deepEqual(owed(promises, now), { open: 4, near: 1, overdue: 2 });
  assert.deepEqual(owed({}, now), { open: 0, near: 0, overdue: 0 });
});

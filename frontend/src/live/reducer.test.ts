import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Centre, reduce } from "./reducer";
import { agentRow, contactRow } from "./rows.fixture";
import type { AgentRow, ContactRow, DeltaMessage, PromiseRow, SnapshotMessage } from "./types";

const contactStates = ["in_flow", "waiting", "offered", "engaged", "reconnecting", "forwarded", "ended"] as const;
const agentStates = ["available", "offered", "engaged", "wrap_up", "away", "signed_out"] as const;
const at = "2026-11-21T00:00:00Z";

const promiseStates = ["open", "waiting", "ended"] as const;
const promiseRow = (id: string, state: (typeof promiseStates)[number]): PromiseRow => ({
  id,
  citizen: null,
  owner_kind: "queue",
  owner_agent: null,
  owner_queue: "general",
  owner_name: "",
  reason: "queue",
  state,
  due_at: at,
  deadline: at,
  attempts: 0,
  escalated_at: null,
});

/** What the server knows: every row, ended ones too, and the number of the last change. */
interface Server {
  seq: number;
  agents: Record<string, AgentRow>;
  contacts: Record<string, ContactRow>;
  promises: Record<string, PromiseRow>;
}

const open = <T extends { state: string }>(rows: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(rows).filter(([, row]) => row.state !== "ended"));

const snapshot = (server: Server): SnapshotMessage => ({
  type: "snapshot",
  now: at,
  me: 1,
  role: "agent",
  queues: { general: { name: "일반", service_level_seconds: 20, notice_seconds: 900, end_seconds: 1200 } },
  seq: server.seq,
  agents: { ...server.agents },
  contacts: open(server.contacts),
  promises: open(server.promises),
});

const change = fc.record({
  agents: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(...agentStates)), { maxLength: 3 }),
  contacts: fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.constantFrom(...contactStates)), {
    maxLength: 3,
  }),
  promises: fc.array(fc.tuple(fc.constantFrom("p", "q"), fc.constantFrom(...promiseStates)), { maxLength: 2 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function apply(server: Server, { agents, contacts, promises }: Change): DeltaMessage {
  const delta: DeltaMessage = {
    type: "delta",
    seq: ++server.seq,
    agents: Object.fromEntries(agents.map(([id, state]) => [id, agentRow(id, { state })])),
    contacts: Object.fromEntries(contacts.map(([id, state]) => [id, contactRow(id, { state })])),
    promises: Object.fromEntries(promises.map(([id, state]) => [id, promiseRow(id, state)])),
  };
  Object.assign(server.agents, delta.agents);
  Object.assign(server.contacts, delta.contacts);
  Object.assign(server.promises, delta.promises);
  return delta;
}

test("snapshot + deltas = refetched snapshot, whatever is repeated or late", () => {
  fc.assert(
    fc.property(fc.array(change), fc.array(change), fc.nat(), (before, after, pick) => {
      const server: Server = { seq: 0, agents: {}, contacts: {}, promises: {} };
      const old = before.map((item) => apply(server, item));
      let centre: Centre | null = reduce(null, snapshot(server));
      for (const item of after) {
        const delta = apply(server, item);
        centre = reduce(centre, delta);
        centre = reduce(centre, delta);
        const late = old[pick % Math.max(1, old.length)];
        if (late) centre = reduce(centre, late);
        old.push(delta);
      }
      assert.deepEqual(centre, reduce(null, snapshot(server)));
    }),
  );
});

test("a delta before any snapshot is left out", () => {
  assert.equal(reduce(null, { type: "delta", seq: 1, agents: {}, contacts: {}, promises: {} }), null);
});

test("what was known is not changed in place", () => {
  const server: Server = { seq: 0, agents: {}, contacts: { a: contactRow("a", { state: "waiting" }) }, promises: {} };
  const first = reduce(null, snapshot(server));
  const copy = structuredClone(first);
  reduce(first, apply(server, { agents: [[1, "available"]], contacts: [["a", "ended"]], promises: [] }));
  assert.deepEqual(first, copy);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Centre } from "../live/reducer";
import { agentRow, contactRow } from "../live/rows.fixture";
import type { AgentRow, ContactRow } from "../live/types";
import { abusesOf, lengthSaid, linesOf, obstacle, type Situation, supervisedBy, waitingOf } from "./floor";

const at = (minute: number): string => `2026-11-22T01:${String(minute).padStart(2, "0")}:00Z`;
const queues = {
  tax: { name: "지방세", service_level_seconds: 20, notice_seconds: 900, end_seconds: 1200 },
  general: { name: "일반", service_level_seconds: 20, notice_seconds: 0, end_seconds: 0 },
};

const contact = (id: string, changes: Partial<ContactRow> = {}): ContactRow =>
  contactRow(id, { queue: "tax", arrived_at: at(0), queued_at: at(0), agent: 1, ...changes });
const agent = (id: number, name: string, changes: Partial<AgentRow> = {}): AgentRow =>
  agentRow(id, { name, since: at(0), ...changes });
const centre = (agents: AgentRow[], contacts: ContactRow[]): Centre => ({
  seq: 1,
  me: 9,
  role: "supervisor",
  agents: Object.fromEntries(agents.map((row) => [row.agent, row])),
  contacts: Object.fromEntries(contacts.map((row) => [row.id, row])),
  promises: {},
  queues,
});

test("everybody on duty stands in the list by name, with the talk that they are in", () => {
  const talk = contact("a");
  const lines = linesOf(
    centre(
      [
        agent(1, "하나", { state: "engaged", contact: "a" }),
        agent(2, "가을", { state: "wrap_up", contact: "a" }),
        agent(3, "나무", { state: "signed_out" }),
      ],
      [talk],
    ),
  );
  assert.deepEqual(
    lines.map((line) => [line.agent.name, line.talk?.id ?? null, line.queue?.name ?? null]),
    [
      ["가을", null, "지방세"],
      ["하나", "a", "지방세"],
    ],
  );
});

test("who waits has a position by arrival in each queue; a ringing citizen waits still", () => {
  const found = waitingOf(
    centre(
      [],
      [
        contact("late", { state: "waiting", queued_at: at(5) }),
        contact("early", { state: "offered", queued_at: at(2) }),
        contact("other", { state: "waiting", queue: "general", queued_at: at(1) }),
        contact("talking"),
        contact("menu", { state: "in_flow", queue: null }),
      ],
    ),
  );
  assert.deepEqual(
    found.map(({ key, rows }) => [key, rows.map((row) => `${row.position} ${row.contact.id}`)]),
    [
      ["tax", ["1 early", "2 late"]],
      ["general", ["1 other"]],
    ],
  );
});

test("the latest step against abuse of each live talk, the newest first", () => {
  const step = (name: "warn" | "announce" | "end", minute: number) => ({
    step: name,
    kind: "abuse",
    agent: 1,
    at: at(minute),
  });
  const found = abusesOf(
    centre(
      [],
      [
        contact("a", { protection: [step("warn", 1), step("announce", 3)] }),
        contact("b", { protection: [step("warn", 4)] }),
        contact("c", { protection: [step("end", 5)], state: "forwarded" }),
        contact("d"),
      ],
    ),
  );
  assert.deepEqual(
    found.map((each) => [each.contact, each.step]),
    [
      ["b", "warn"],
      ["a", "announce"],
    ],
  );
});

test("a talk without a queue has no recommended length", () => {
  assert.equal(lengthSaid(5000, null), "usual");
  assert.equal(lengthSaid(900, queues.tax), "long");
  assert.equal(lengthSaid(5000, queues.general), "usual");
});

test("taking part needs a talk, a telephone, and nobody else in it", () => {
  const talk = contact("a");
  const free: Situation = { me: 9, ready: true, engaged: false, mine: null, chosen: talk };
  const watched = (supervisor: number) =>
    contact("a", { supervision: { supervisor, mode: "listen" as const, since: at(0) } });
  assert.equal(obstacle(free), null);
  assert.equal(obstacle({ ...free, mine: watched(9), chosen: watched(9) }), null);
  assert.equal(obstacle({ ...free, chosen: null }), "none_chosen");
  assert.equal(obstacle({ ...free, chosen: contact("a", { state: "reconnecting" }) }), "none_chosen");
  assert.equal(obstacle({ ...free, ready: false }), "no_telephone");
  assert.equal(obstacle({ ...free, engaged: true }), "engaged");
  assert.equal(obstacle({ ...free, chosen: contact("a", { agent: 9 }) }), "own");
  assert.equal(obstacle({ ...free, mine: contact("b") }), "elsewhere");
  assert.equal(obstacle({ ...free, chosen: watched(8) }), "other");
  assert.equal(supervisedBy(centre([], [watched(9)]), 9)?.id, "a");
  assert.equal(supervisedBy(centre([], [watched(8)]), 9), null);
});

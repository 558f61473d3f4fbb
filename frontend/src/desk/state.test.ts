import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import type { Centre } from "../live/reducer";
import { agentRow } from "../live/rows.fixture";

/** The questions that the page has asked, the latest last. */
let asked: string[] = [];
let live: typeof import("../live/store");
let state: typeof import("./state");

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const todays = (): number => asked.filter((path) => path === "/api/desk/today").length;

before(async () => {
  Object.assign(globalThis, {
    gettext: (text: string) => text,
    document: { getElementById: () => null, querySelector: () => null, cookie: "" },
    sessionStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
    fetch: (path: string) => {
      asked.push(path);
      return Promise.resolve(Response.json([]));
    },
  });
  live = await import("../live/store");
  state = await import("./state");
});

const floor = (me: Centre["agents"][string], other: Centre["agents"][string], seq: number): Centre => ({
  seq,
  me: 1,
  role: "agent",
  agents: { 1: me, 2: other },
  contacts: {},
  promises: {},
  queues: {},
});

beforeEach(() => {
  live.centre.value = null;
  live.connection.line.value = "up";
  asked = [];
});

test("what colleagues do asks for nothing, and what I do for my contacts of today", async () => {
  const mine = agentRow(1);
  live.centre.value = floor(mine, agentRow(2), 1);
  await settled();
  assert.equal(todays(), 1);
  for (const [seq, state] of [
    [2, "offered"],
    [3, "engaged"],
    [4, "wrap_up"],
  ] as const) {
    live.centre.value = floor(mine, agentRow(2, { state }), seq);
    await settled();
  }
  assert.equal(todays(), 1);
  live.centre.value = floor(agentRow(1, { state: "away" }), agentRow(2), 5);
  await settled();
  assert.equal(todays(), 2);
});

test("the list of today is asked for again when the line is there again", async () => {
  live.centre.value = floor(agentRow(1), agentRow(2), 1);
  await settled();
  live.connection.line.value = "lost";
  live.connection.line.value = "up";
  await settled();
  assert.equal(todays(), 2);
});

test("a desk that is open at midnight in Seoul asks for the contacts of the new day", async () => {
  live.now.value = Date.parse("2026-11-24T23:59:58+09:00");
  live.centre.value = floor(agentRow(1), agentRow(2), 1);
  await settled();
  live.now.value = Date.parse("2026-11-24T23:59:59+09:00");
  await settled();
  assert.equal(todays(), 1);
  live.now.value = Date.parse("2026-11-25T00:00:00+09:00");
  await settled();
  assert.equal(todays(), 2);
});

test("what rang as the log-in ended rings no more, unless the telephone in this window still does", () => {
  live.centre.value = floor(agentRow(1, { state: "offered", contact: "c" }), agentRow(2), 1);
  assert.equal(state.phase.value, "ringing");
  live.connection.line.value = "lost";
  assert.equal(state.phase.value, "ringing");
  state.callHere.value = "c";
  live.connection.line.value = "logged_out";
  assert.equal(state.phase.value, "ringing");
  state.callHere.value = null;
  assert.equal(state.phase.value, "empty");
  assert.equal(state.my.value?.state, "signed_out");
});

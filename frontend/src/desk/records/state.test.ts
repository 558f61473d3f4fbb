import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Centre } from "../../live/reducer";
import { agentRow, contactRow } from "../../live/rows.fixture";

let live: typeof import("../../live/store");
let records: typeof import("./state");

before(async () => {
  Object.assign(globalThis, {
    gettext: (text: string) => text,
    document: { getElementById: () => null, querySelector: () => null, cookie: "", hidden: false },
    sessionStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
    localStorage: { length: 0, getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
    addEventListener: () => undefined,
    BroadcastChannel: class {}, // Node's own would keep the test from ending
    fetch: () => Promise.resolve(new Response(null, { status: 404 })),
  });
  live = await import("../../live/store");
  records = await import("./state");
});

after(() => {
  live.centre.value = null; // what the desk asks for again and again it asks for no more
});

const talkingIn = (contact: string): Centre => ({
  seq: 1,
  me: 1,
  role: "agent",
  agents: { 1: agentRow(1, { state: "engaged", contact }) },
  contacts: { [contact]: contactRow(contact, { agent: 1 }) },
  promises: {},
  queues: {},
});

test("how one citizen was identified, and what of theirs was to be shown, is not the next one's", () => {
  live.centre.value = talkingIn("first");
  records.way.value = "certificate";
  records.anew.value = true;
  records.tick("name", true);
  records.unmasking.value = { panel: "water", record: 0, field: "payer" };
  live.centre.value = talkingIn("second");
  assert.equal(records.way.value, "asked");
  assert.equal(records.anew.value, false);
  assert.equal(records.asked.value.size, 0);
  assert.equal(records.unmasking.value, null);
});

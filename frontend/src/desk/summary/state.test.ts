import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Centre } from "../../live/reducer";
import { agentRow, contactRow } from "../../live/rows.fixture";

let live: typeof import("../../live/store");
let summary: typeof import("./state");
const answers: ((lines: string[]) => void)[] = [];

before(async () => {
  Object.assign(globalThis, {
    gettext: (text: string) => text,
    document: { getElementById: () => null, querySelector: () => null, cookie: "", hidden: false },
    sessionStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
    localStorage: { length: 0, getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
    addEventListener: () => undefined,
    BroadcastChannel: class {}, // Node's own would keep the test from ending
    fetch: (address: string) =>
      address.endsWith("/summary")
        ? new Promise((resolve) => answers.push((lines) => resolve(Response.json({ lines }))))
        : Promise.resolve(new Response(null, { status: 404 })),
  });
  live = await import("../../live/store");
  summary = await import("./state");
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

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a summary that is still on its way is the last contact's: of the next one can be asked at once", async () => {
  live.centre.value = talkingIn("first");
  const first = summary.ask();
  await settled();
  live.centre.value = talkingIn("second");
  assert.equal(summary.asking.value, false);
  const second = summary.ask();
  await settled();
  assert.equal(answers.length, 2);
  answers[0]?.(["of the first"]);
  await first;
  assert.equal(summary.asking.value, true);
  assert.equal(summary.offered.value, null);
  answers[1]?.(["of the second"]);
  await second;
  assert.equal(summary.asking.value, false);
  assert.deepEqual(summary.offered.value, ["of the second"]);
});

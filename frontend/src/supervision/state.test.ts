import assert from "node:assert/strict";
import { before, mock, test } from "node:test";
import type { Centre } from "../live/reducer";
import { agentRow, contactRow } from "../live/rows.fixture";
import type { ContactRow } from "../live/types";

const ME = 9;
let live: typeof import("../live/store");
let state: typeof import("./state");

before(async () => {
  Object.assign(globalThis, {
    gettext: (text: string) => text,
    document: {
      getElementById: () => ({ dataset: { telephone: "desk" } }),
      createElement: () => ({}),
      querySelector: () => null,
      cookie: "",
    },
    fetch: () => Promise.resolve(Response.json({ outcome: "done" })),
  });
  live = await import("../live/store");
  state = await import("./state");
});

let seq = 0;
function becomes(...contacts: ContactRow[]): void {
  const floor: Centre = {
    seq: ++seq,
    me: ME,
    role: "supervisor",
    agents: { 1: agentRow(1, { state: contacts.length > 0 ? "engaged" : "wrap_up", contact: "c" }) },
    contacts: Object.fromEntries(contacts.map((contact) => [contact.id, contact])),
    promises: {},
    queues: {},
  };
  live.centre.value = floor;
}
const heard = (mode: "listen" | "whisper"): ContactRow =>
  contactRow("c", { agent: 1, supervision: { supervisor: ME, mode, since: "2026-11-21T00:00:00Z" } });

test("a talk that ends after the supervisor took part in another way is over, and nothing is being connected", async () => {
  becomes(contactRow("c", { agent: 1 }));
  state.choose(1);
  state.reason.value = "Coaching";
  state.run("listen");
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(state.connecting.value, true);
  becomes(heard("listen"));
  assert.equal(state.connecting.value, false);
  state.run("whisper");
  becomes(heard("whisper")); // before the server's answer is here
  await new Promise((resolve) => setTimeout(resolve, 5));
  mock.timers.enable({ apis: ["setTimeout"] });
  becomes();
  assert.equal(state.connecting.value, false);
  mock.timers.tick(60_000);
  assert.equal(state.failure.value, "");
  mock.timers.reset();
});

test("a talk that was left before the server's answer is here is not being connected", async () => {
  becomes(contactRow("c", { agent: 1 }));
  state.choose(1);
  state.reason.value = "Coaching";
  state.run("listen");
  becomes(heard("listen"));
  state.run("stop");
  becomes(contactRow("c", { agent: 1 }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(state.connecting.value, false);
});

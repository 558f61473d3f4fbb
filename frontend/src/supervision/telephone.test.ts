import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Centre } from "../live/reducer";

Object.assign(globalThis, {
  document: {
    getElementById: () => ({ dataset: { telephone: "browser" } }),
    createElement: () => ({}),
    body: { append: () => undefined },
  },
});
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });

test("who logged out and in again in another window gets a telephone that may register", async () => {
  const { centre, connection } = await import("../live/store");
  const { phone, startTelephone } = await import("./telephone");
  mock.method(phone, "start", () => Promise.resolve());
  const renew = mock.method(phone, "renew", () => Promise.resolve());
  const floor: Centre = { seq: 1, me: 9, role: "supervisor", agents: {}, contacts: {}, promises: {}, queues: {} };
  centre.value = floor;
  connection.line.value = "up";
  startTelephone();
  connection.line.value = "logged_out";
  assert.equal(renew.mock.callCount(), 0);
  connection.line.value = "up";
  assert.equal(renew.mock.callCount(), 1);
});

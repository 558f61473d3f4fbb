import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { ApiError } from "../lib/api";
import { type Credentials, Softphone } from "./softphone";

Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });

let sockets = 0;
Object.assign(globalThis, {
  WebSocket: class {
    constructor() {
      sockets += 1;
    }
    send(): void {}
    close(): void {}
  },
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("one question for credentials at a time: each makes the earlier ones void", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const asked: ((reason: ApiError) => void)[] = [];
  const fetch = (): Promise<Credentials> => new Promise((_, refuse) => asked.push(refuse));
  const phone = new Softphone(fetch, {} as HTMLAudioElement);
  const started = phone.start();
  await settled();
  assert.equal(asked.length, 1);
  void phone.renew();
  await settled();
  assert.equal(asked.length, 1);
  asked[0]?.(new ApiError(401, "not_logged_in", "Logged out"));
  await started;
  assert.equal(phone.problem.value, "Logged out");
  void phone.renew();
  await settled();
  assert.equal(asked.length, 2);
  phone.stop();
  mock.timers.reset();
});

test("credentials of another name are another telephone; those of the same name stay with it", async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  let username = "citizen-1";
  const fetch = (): Promise<Credentials> =>
    Promise.resolve({
      username,
      password: "invented",
      realm: "haedap",
      uri: `sip:${username}@127.0.0.1`,
      ws_url: "ws://127.0.0.1/ws",
      expires_in: 3600,
    });
  const phone = new Softphone(fetch, {} as HTMLAudioElement);
  await phone.start();
  assert.equal(sockets, 1);
  await phone.renew();
  assert.equal(sockets, 1);
  username = "citizen-2";
  await phone.renew();
  assert.equal(sockets, 2);
  phone.stop();
  mock.timers.reset();
});

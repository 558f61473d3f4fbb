import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { ApiError } from "../lib/api";
import { type Credentials, Softphone } from "./softphone";

Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });

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

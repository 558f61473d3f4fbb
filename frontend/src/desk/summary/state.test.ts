import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { notFound, standIn, talkingIn } from "../desk.fixture";

let live: typeof import("../../live/store");
let summary: typeof import("./state");
const answers: ((lines: string[]) => void)[] = [];

before(async () => {
  standIn((address) =>
    address.endsWith("/summary")
      ? new Promise((resolve) => answers.push((lines) => resolve(Response.json({ lines }))))
      : notFound(),
  );
  live = await import("../../live/store");
  summary = await import("./state");
});

after(() => {
  live.centre.value = null; // what the desk asks for again and again it asks for no more
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

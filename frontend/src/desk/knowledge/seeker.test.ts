import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_AGAIN, Seeker } from "./seeker";

function bench() {
  const timers: (() => void)[] = [];
  const asked: string[] = [];
  const taken: string[] = [];
  const failed: unknown[] = [];
  const answers: { resolve: (text: string) => void; reject: (error: unknown) => void }[] = [];
  const seeker = new Seeker<string>({
    ask: (question) => {
      asked.push(question);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    },
    take: (answer) => taken.push(answer),
    fail: (error) => failed.push(error),
    better: (answer, error) => answer === "makeshift" || error === "away",
    later: (_ms, action) => {
      timers.push(action);
      return () => timers.splice(timers.indexOf(action), timers.includes(action) ? 1 : 0);
    },
  });
  const rest = async (): Promise<void> => {
    for (const action of timers.splice(0)) action();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { seeker, rest, asked, taken, failed, answers };
}

test("only what stands there after the pause is asked", async () => {
  const { seeker, rest, asked, answers, taken } = bench();
  seeker.seek("수");
  seeker.seek("수도");
  await rest();
  assert.deepEqual(asked, ["수도"]);
  answers[0]?.resolve("1");
  await rest();
  assert.deepEqual(taken, ["1"]);
});

test("a stale answer is dropped, and the newest question is asked next", async () => {
  const { seeker, rest, asked, answers, taken } = bench();
  seeker.seek("수도");
  await rest();
  seeker.seek("여권");
  await rest();
  assert.deepEqual(asked, ["수도"]);
  answers[0]?.resolve("old");
  await rest();
  await rest();
  assert.deepEqual(asked, ["수도", "여권"]);
  answers[1]?.resolve("new");
  await rest();
  assert.deepEqual(taken, ["new"]);
});

test("who waits for the answer has that to the newest question", async () => {
  const { seeker, rest, answers, taken } = bench();
  seeker.seek("수도");
  await rest();
  let had: string[] | null = null;
  void seeker.answered().then(() => {
    had = [...taken];
  });
  seeker.seek("여권");
  answers[0]?.resolve("old");
  await rest();
  await rest();
  assert.equal(had, null);
  answers[1]?.resolve("new");
  await rest();
  assert.deepEqual(had, ["new"]);
  await seeker.answered();
});

test("an error is told once, and the next question is asked all the same", async () => {
  const { seeker, rest, asked, answers, failed } = bench();
  seeker.seek("a");
  await rest();
  answers[0]?.reject("down");
  await rest();
  seeker.seek("b");
  await rest();
  assert.deepEqual([asked, failed], [["a", "b"], ["down"]]);
});

test("a makeshift answer, or none, is asked for again by itself until there is a good one", async () => {
  const { seeker, rest, asked, answers, taken, failed } = bench();
  seeker.seek("수도");
  await rest();
  answers[0]?.resolve("makeshift");
  await rest();
  await seeker.answered();
  await rest();
  await rest();
  answers[1]?.reject("away");
  await rest();
  await rest();
  await rest();
  answers[2]?.resolve("good");
  await rest();
  await rest();
  assert.deepEqual([asked, taken, failed], [["수도", "수도", "수도"], ["makeshift", "good"], ["away"]]);
});

test("who types on, or has waited for long, is asked for nothing of before", async () => {
  const { seeker, rest, asked, answers } = bench();
  seeker.seek("수도");
  await rest();
  answers[0]?.resolve("makeshift");
  await rest();
  seeker.seek("여권");
  for (let turn = 0; turn < 4 * MOST_AGAIN; turn++) {
    await rest();
    answers.at(-1)?.resolve("makeshift");
  }
  assert.deepEqual(asked, ["수도", ...Array(1 + MOST_AGAIN).fill("여권")]);
});

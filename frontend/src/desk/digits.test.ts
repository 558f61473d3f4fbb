import assert from "node:assert/strict";
import { test } from "node:test";
import { Digits } from "./digits";

function bench() {
  const sent: string[] = [];
  const answers: (() => void)[] = [];
  let well = true;
  const digits = new Digits(
    (some) => {
      sent.push(some);
      return new Promise((resolve) => answers.push(resolve));
    },
    () => well,
  );
  const answer = async (taken = true): Promise<void> => {
    well = taken;
    answers.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { digits, sent, answer };
}

test("digits pressed while others are on their way are sent after them, in order", async () => {
  const { digits, sent, answer } = bench();
  for (const digit of `12${"3".repeat(40)}#`) void digits.press(digit);
  while (sent.join("").length < 43) await answer();
  assert.deepEqual(sent, ["1", `2${"3".repeat(31)}`, `${"3".repeat(9)}#`]);
});

test("after a failure what waits is dropped, and what is pressed later is sent", async () => {
  const { digits, sent, answer } = bench();
  void digits.press("1");
  void digits.press("2");
  await answer(false);
  void digits.press("3");
  assert.deepEqual(sent, ["1", "3"]);
});

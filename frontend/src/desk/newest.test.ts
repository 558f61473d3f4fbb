import assert from "node:assert/strict";
import { test } from "node:test";
import { Newest } from "./newest";

function record(): { newest: Newest; begun: string[]; ask: (name: string) => void } {
  const newest = new Newest();
  const begun: string[] = [];
  const ask = (name: string): void => newest.ask(0, async () => void begun.push(name));
  return { newest, begun, ask };
}

test("of what is asked for before the hand rests only the newest is done, and waited for", async () => {
  const { newest, begun, ask } = record();
  ask("a");
  const first = newest.done();
  ask("b");
  await Promise.all([first, newest.done()]);
  assert.deepEqual(begun, ["b"]);
});

test("what is forgotten while the hand rests is never done, and whoever waits goes on", async () => {
  const { newest, begun, ask } = record();
  ask("a");
  const waiting = newest.done();
  newest.forget();
  await Promise.all([waiting, newest.done()]);
  assert.deepEqual(begun, []);
});

test("what is under way hears that something newer is wanted", async () => {
  const newest = new Newest();
  let isNewest = (): boolean => false;
  newest.ask(0, async (asked) => {
    isNewest = asked;
  });
  await newest.done();
  assert.equal(isNewest(), true);
  newest.forget();
  assert.equal(isNewest(), false);
});

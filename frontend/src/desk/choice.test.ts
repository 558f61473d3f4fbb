import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../lib/api";
import { type ChoiceDraft, ChoiceKeeper } from "./choice";

/** A server that answers when the test says so, and a clock that the test moves. */
class World {
  server: number | null = null;
  down: ApiError | null = null;
  slow: Promise<void> | null = null;
  asked: number[] = [];
  told = 0;
  kept: ChoiceDraft<number> | null = null;
  full = false;
  #due: (() => void)[] = [];

  /** What a page that is loaded anew has, when the server's record says `server`. */
  open(server: number | null): ChoiceKeeper<number> {
    return new ChoiceKeeper<number>(server, this.#ports());
  }

  #ports = (): ConstructorParameters<typeof ChoiceKeeper<number>>[1] => ({
    put: async (value) => {
      this.asked.push(value);
      await this.slow;
      if (this.down) throw this.down;
      this.server = value;
    },
    load: () => this.kept,
    store: (draft) => {
      if (this.full) throw new Error("full");
      this.kept = draft;
    },
    later: (_ms, action) => {
      this.#due.push(action);
      return () => {
        this.#due = this.#due.filter((other) => other !== action);
      };
    },
    saved: () => {
      this.told++;
    },
  });

  keeper = this.open(null);

  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    for (const action of this.#due.splice(0)) action();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const away = new ApiError(0, "", "no connection");

test("what is chosen while the server is away is there when the server is back", async () => {
  const world = new World();
  for (const down of [away, new ApiError(503, "", "busy"), new ApiError(401, "", "logged out")]) {
    world.down = down;
    world.keeper.choose(1);
    await world.settle();
    assert.equal(world.keeper.saved.value, false);
    assert.equal(world.keeper.value.value, 1);
    assert.equal(world.server, null);
  }
  await assert.rejects(world.keeper.flush(), { message: "logged out" });
  world.down = null;
  await world.settle();
  assert.equal(world.server, 1);
  assert.equal(world.keeper.saved.value, true);
  assert.equal(world.told, 1);
  await world.settle();
  assert.equal(world.told, 1);
});

test("what the server refuses is not tried again, and is chosen no more", async () => {
  const world = new World();
  world.down = new ApiError(404, "", "no such topic");
  world.keeper.choose(1);
  await assert.rejects(world.keeper.flush(), { message: "no such topic" });
  await world.settle();
  assert.deepEqual(world.asked, [1]);
  assert.equal(world.keeper.value.value, null);
  assert.equal(world.keeper.refusal.value, "no such topic");
  world.down = null;
  world.keeper.choose(2);
  assert.equal(world.keeper.refusal.value, "");
  await world.keeper.flush();
  assert.equal(world.server, 2);
});

test("of what is chosen in haste the last is sent last, and nothing twice", async () => {
  const world = new World();
  let answer = (): void => undefined;
  world.slow = new Promise((resolve) => {
    answer = resolve;
  });
  for (const value of [1, 2, 3]) world.keeper.choose(value);
  assert.deepEqual(world.asked, [1]);
  answer();
  await world.keeper.flush();
  assert.deepEqual(world.asked, [1, 3]);
  assert.equal(world.server, 3);
});

test("a record that was asked for before does not take away what was chosen", async () => {
  const world = new World();
  world.down = away;
  world.keeper.choose(1);
  world.keeper.adopt(5);
  assert.equal(world.keeper.value.value, 1);
  world.down = null;
  await world.keeper.flush();
  world.keeper.adopt(null);
  assert.equal(world.keeper.value.value, 1);
  world.keeper.adopt(5);
  assert.equal(world.keeper.value.value, 5);
});

test("what a page could not save the next one saves", async () => {
  const world = new World();
  world.down = away;
  world.keeper.choose(1);
  world.keeper.choose(2);
  await world.settle();
  world.down = null;
  world.keeper = world.open(null);
  assert.equal(world.keeper.value.value, 2);
  await world.keeper.flush();
  assert.equal(world.server, 2);
  assert.equal(world.kept, null);
});

test("what was chosen elsewhere meanwhile stands, and so does what the server had taken without an answer", async () => {
  for (const server of [5, 1]) {
    const world = new World();
    world.down = away;
    world.keeper.choose(1);
    await world.settle();
    world.asked = [];
    world.keeper = world.open(server);
    await world.settle();
    assert.equal(world.keeper.value.value, server);
    assert.equal(world.keeper.saved.value, true);
    assert.equal(world.kept, null);
  }
});

test("what the server refuses is kept no more; where the browser is full a choice is saved all the same", async () => {
  const world = new World();
  world.down = new ApiError(404, "", "no such topic");
  world.keeper.choose(1);
  await assert.rejects(world.keeper.flush());
  assert.equal(world.kept, null);
  world.down = null;
  world.full = true;
  world.keeper.choose(2);
  await world.keeper.flush();
  assert.equal(world.server, 2);
});

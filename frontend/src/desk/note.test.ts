import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ApiError } from "../lib/api";
import { NoteKeeper, type NotePorts, type Version } from "./note";

/** A server, a browser's store and a clock that the test moves. */
class World implements NotePorts {
  server: Version = { text: "", version: 0 };
  draft: Version | null = null;
  down = false;
  /** The next answer is lost although the server has saved. */
  loseAnswer = false;
  /** The computer's disk is full. */
  full = false;
  #due: Set<() => void> = new Set();

  async put(text: string, version: number): Promise<Version> {
    if (this.down) throw new ApiError(0, "", "no connection");
    const sent = text.replaceAll(/010-\d{4}-\d{4}/g, "[전화번호]");
    if (sent === this.server.text) return this.server;
    if (version !== this.server.version) throw new ApiError(409, "conflict", "changed", { ...this.server, sent });
    this.server = { text: sent, version: version + 1 };
    if (this.loseAnswer) {
      this.loseAnswer = false;
      throw new ApiError(0, "", "no answer");
    }
    return this.server;
  }
  load(): Version | null {
    return this.draft;
  }
  store(draft: Version | null): void {
    if (this.full && draft) throw new DOMException("full", "QuotaExceededError");
    this.draft = draft;
  }
  readonly later = (_ms: number, action: () => void): (() => void) => {
    this.#due.add(action);
    return () => this.#due.delete(action);
  };
  saved(): void {}

  crash(): void {
    this.#due.clear();
  }
  /** Lets everything that waits happen, until nothing waits any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < 20 && this.#due.size > 0; round++) {
      const due = [...this.#due];
      this.#due.clear();
      for (const action of due) action();
      await new Promise((resolve) => setImmediate(resolve));
      if (this.down) return;
    }
  }
  open(): NoteKeeper {
    return new NoteKeeper({ ...this.server }, this);
  }
}

test("what is typed is saved although this browser can keep nothing", async () => {
  const world = new World();
  world.full = true;
  const note = world.open();
  note.edit("재산세 문의");
  await world.settle();
  assert.equal(world.server.text, "재산세 문의");
  assert.equal(note.status.value, "saved");
});

test("what is typed is saved, and then not kept in the browser", async () => {
  const world = new World();
  const note = world.open();
  note.edit("자동차세");
  assert.deepEqual(world.draft, { text: "자동차세", version: 0 });
  await world.settle();
  assert.deepEqual(world.server, { text: "자동차세", version: 1 });
  assert.equal(world.draft, null);
  assert.equal(note.status.value, "saved");
});

test("a dead server keeps the text in the browser; it is saved when the server is back", async () => {
  const world = new World();
  const note = world.open();
  world.down = true;
  note.edit("연납 문의");
  await world.settle();
  assert.equal(note.status.value, "failed");
  world.down = false;
  await world.settle();
  assert.equal(world.server.text, "연납 문의");
});

test("a crash before saving: the text is there again and is saved", async () => {
  const world = new World();
  world.open().edit("반쯤 쓴 메모");
  world.crash();
  const note = world.open();
  assert.equal(note.text.value, "반쯤 쓴 메모");
  await world.settle();
  assert.equal(world.server.text, "반쯤 쓴 메모");
});

test("an answer that was lost is no conflict", async () => {
  const world = new World();
  const note = world.open();
  world.loseAnswer = true;
  note.edit("가");
  await world.settle();
  note.edit("가나");
  await world.settle();
  assert.equal(note.status.value, "saved");
  assert.equal(world.server.text, "가나");
});

test("an answer that was lost is no conflict when the text was corrected meanwhile", async () => {
  const world = new World();
  const note = world.open();
  note.edit("재산세");
  await world.settle();
  world.loseAnswer = true;
  note.edit("재산세 문읨");
  await note.flush();
  assert.equal(note.status.value, "failed");
  note.edit("재산세 문의");
  await world.settle();
  assert.equal(note.status.value, "saved");
  assert.equal(world.server.text, "재산세 문의");
});

test("what a colleague wrote after an answer was lost is a conflict", async () => {
  const world = new World();
  const note = world.open();
  world.loseAnswer = true;
  note.edit("재산세");
  await note.flush();
  world.server = { text: "자동차세", version: 2 };
  note.edit("재산");
  await world.settle();
  assert.equal(note.status.value, "conflict");
  assert.equal(note.theirs.value?.text, "자동차세");
});

test("two windows: both texts are shown, and the chosen one is saved", async () => {
  const world = new World();
  const first = world.open();
  const second = new NoteKeeper({ ...world.server }, Object.assign(new World(), { put: world.put.bind(world) }));
  first.edit("첫째 창");
  await world.settle();
  second.edit("둘째 창");
  await second.flush();
  assert.equal(second.status.value, "conflict");
  assert.equal(second.theirs.value?.text, "첫째 창");
  assert.equal(second.text.value, "둘째 창");
  await second.settle("첫째 창\n둘째 창");
  assert.equal(world.server.text, "첫째 창\n둘째 창");
  assert.equal(second.status.value, "saved");
});

test("a draft upon an older version is a conflict after a crash", () => {
  const world = new World();
  world.draft = { text: "내 것", version: 1 };
  world.server = { text: "남의 것", version: 2 };
  const note = world.open();
  assert.equal(note.status.value, "conflict");
  assert.equal(note.text.value, "내 것");
  assert.equal(note.theirs.value?.text, "남의 것");
});

test("another window's text is taken over only when nothing is typed here", () => {
  const world = new World();
  const note = world.open();
  note.adopt({ text: "다른 창", version: 3 });
  assert.equal(note.text.value, "다른 창");
  note.edit("여기");
  note.adopt({ text: "또 다른 창", version: 4 });
  assert.equal(note.text.value, "여기");
});

test("what is masked as it is saved stays in the box until the box is left", async () => {
  const world = new World();
  const note = world.open();
  note.edit("연락처 010-0000-1234");
  await world.settle();
  assert.equal(world.server.text, "연락처 [전화번호]");
  assert.equal(note.text.value, "연락처 010-0000-1234");
  assert.equal(note.kept.value, "연락처 [전화번호]");
  note.edit("연락처 010-0000-1234, 오후에");
  assert.equal(note.kept.value, null);
  await note.leave();
  assert.equal(note.text.value, "연락처 [전화번호], 오후에");
  assert.equal(world.draft, null);
});

test("an answer that was lost is no conflict when the text was masked", async () => {
  const world = new World();
  const note = world.open();
  world.loseAnswer = true;
  note.edit("010-0000-1234");
  await world.settle();
  note.edit("010-0000-1234 회신");
  await world.settle();
  assert.equal(note.status.value, "saved");
  assert.equal(world.server.text, "[전화번호] 회신");
});

test("a crash after an answer was lost: the masked text on the server is known as this one", async () => {
  const world = new World();
  world.loseAnswer = true;
  world.open().edit("010-0000-1234");
  for (let round = 0; round < 3 && world.server.version === 0; round++) await world.settle();
  world.crash();
  world.draft = { text: "010-0000-1234", version: 0 };
  const note = world.open();
  await world.settle();
  assert.equal(note.status.value, "saved");
  await note.leave();
  assert.equal(note.text.value, "[전화번호]");
});

test("half characters and NUL do not stop the saving", async () => {
  const world = new World();
  world.open().edit("가\0나\ud83d다😀");
  await world.settle();
  assert.equal(world.server.text, "가\ufffd나\ufffd다😀");
});

const step = fc.oneof(
  fc.record({ kind: fc.constant("type" as const), text: fc.string({ minLength: 1, maxLength: 4 }) }),
  fc.record({
    kind: fc.constantFrom("wait" as const, "down" as const, "up" as const, "lose" as const, "crash" as const),
  }),
);

test("whatever fails in between, the last text typed is on the server in the end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const world = new World();
      let note = world.open();
      let typed = "";
      for (const item of steps) {
        if (item.kind === "type") {
          typed += item.text;
          note.edit(typed);
        } else if (item.kind === "wait") await world.settle();
        else if (item.kind === "down") world.down = true;
        else if (item.kind === "up") world.down = false;
        else if (item.kind === "lose") world.loseAnswer = true;
        else {
          world.crash();
          note = world.open();
          assert.equal(note.text.value, typed);
        }
      }
      world.down = false;
      world.loseAnswer = false;
      await world.settle();
      assert.equal(note.text.value, typed);
      assert.equal(world.server.text, typed);
    }),
  );
});

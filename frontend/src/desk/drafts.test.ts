import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts } from "./drafts";
import { isNote, type Version } from "./note";

class Store implements Storage {
  #kept = new Map<string, string>();
  get length(): number {
    return this.#kept.size;
  }
  key = (place: number): string | null => [...this.#kept.keys()][place] ?? null;
  getItem = (name: string): string | null => this.#kept.get(name) ?? null;
  setItem = (name: string, value: string): void => void this.#kept.set(name, value);
  removeItem = (name: string): void => void this.#kept.delete(name);
  clear = (): void => this.#kept.clear();
}

const DAY_MS = 24 * 60 * 60 * 1000;

test("a draft is its account's, until it is a week old, whoever looks", () => {
  const store = new Store();
  let now = Date.parse("2026-03-02T09:00:00Z");
  const drafts = new Drafts<Version>(store, () => now, "note", isNote);
  drafts.keep(1, "a", { text: "내 것", version: 2 });
  drafts.keep(12, "b", { text: "다른 사람의 것", version: 0 });
  store.setItem("haedap.theme", "dark");
  assert.deepEqual(drafts.contactsOf(1), ["a"]);
  assert.equal(drafts.load(1, "a")?.version, 2);
  now += 6 * DAY_MS;
  drafts.clear();
  drafts.keep(1, "a", { text: "내 것, 더", version: 2 });
  now += 2 * DAY_MS;
  drafts.clear();
  assert.equal(drafts.load(1, "a")?.text, "내 것, 더");
  assert.deepEqual(drafts.contactsOf(12), []);
  now += 6 * DAY_MS;
  drafts.clear();
  assert.equal(drafts.load(1, "a"), null);
  assert.equal(store.length, 1);
});

test("what an earlier version left without a date is there another week; what nobody can read is not", () => {
  const store = new Store();
  let now = Date.parse("2026-03-02T09:00:00Z");
  const drafts = new Drafts<Version>(store, () => now, "note", isNote);
  store.setItem("haedap.note.1.a", JSON.stringify({ text: "예전 것", version: 0 }));
  store.setItem("haedap.note.1.b", "{");
  drafts.clear();
  assert.deepEqual(drafts.contactsOf(1), ["a"]);
  now += 6 * DAY_MS;
  drafts.clear();
  assert.equal(drafts.load(1, "a")?.text, "예전 것");
  now += 2 * DAY_MS;
  drafts.clear();
  assert.equal(store.length, 0);
});

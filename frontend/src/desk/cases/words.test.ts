import assert from "node:assert/strict";
import { test } from "node:test";
import { questionOf } from "./words";

test("an office is looked up by the first line of the note that has words", () => {
  assert.equal(questionOf("\n  가로등이 꺼짐 \n둘째 줄"), "가로등이 꺼짐");
  assert.equal(questionOf(""), "");
  assert.equal(questionOf("가".repeat(500)).length, 60);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { bestLine, pieces } from "./marks";

test("marked pieces, characters counted as people do", () => {
  assert.deepEqual(pieces("수도요금 정산", [{ field: "title", start: 0, end: 4 }]), [
    { text: "수도요금", marked: true },
    { text: " 정산", marked: false },
  ]);
  assert.deepEqual(pieces("🚰수도", [{ field: "title", start: 1, end: 3 }]), [
    { text: "🚰", marked: false },
    { text: "수도", marked: true },
  ]);
});

test("marks beyond the text, and none at all", () => {
  assert.deepEqual(pieces("가", [{ field: "title", start: 5, end: 9 }]), [{ text: "가", marked: false }]);
  assert.deepEqual(pieces("", []), []);
});

test("the line that matched best", () => {
  const marks = [
    { field: "questions", start: 6, end: 8 },
    { field: "questions", start: 9, end: 11 },
  ];
  assert.deepEqual(bestLine("이사 가요\n수도 정산 해줘요", marks), [
    { text: "수도", marked: true },
    { text: " ", marked: false },
    { text: "정산", marked: true },
    { text: " 해줘요", marked: false },
  ]);
  assert.equal(bestLine("이사", []), null);
});

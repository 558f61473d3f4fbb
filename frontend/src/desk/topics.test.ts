import assert from "node:assert/strict";
import { test } from "node:test";
import { find, flatten, fullName, numberOf, usualOnes } from "./topics";
import type { TopicNode } from "./types";

const leaf = (id: number, name: string): TopicNode => ({ id, name, children: [] });
const tree: TopicNode[] = [
  { id: 1, name: "세무", children: [{ id: 2, name: "지방세", children: [leaf(3, "자동차세"), leaf(4, "재산세")] }] },
  { id: 5, name: "차량", children: [leaf(6, "자동차 등록"), leaf(7, "세무 상담 차량")] },
];
const topics = flatten(tree);

test("only leaves can be chosen, each with its path", () => {
  assert.deepEqual(topics.map(fullName), [
    "세무 › 지방세 › 자동차세",
    "세무 › 지방세 › 재산세",
    "차량 › 자동차 등록",
    "차량 › 세무 상담 차량",
  ]);
});

test("own names come first", () => {
  assert.deepEqual(
    find(topics, "세무").map(({ id }) => id),
    [7, 3, 4],
  );
  assert.deepEqual(
    find(topics, "ㅈㄷㅊ").map(({ id }) => id),
    [3, 6],
  );
  assert.deepEqual(find(topics, "없는 말"), []);
  assert.equal(find(topics, " ").length, 4);
});

test("the whole name, then its beginning, then its inside, the shorter first", () => {
  const names = (nodes: TopicNode[], query: string): string[] => find(flatten(nodes), query).map(({ name }) => name);
  assert.deepEqual(
    names(
      [leaf(1, "이사정산"), leaf(2, "지방소득세"), leaf(3, "자동차세"), leaf(4, "재산세"), leaf(5, "정산")],
      "ㅈㅅ",
    ),
    ["정산", "재산세", "이사정산"],
  );
  const water = [leaf(1, "도로 누수"), leaf(2, "누수·동파 신고"), leaf(3, "누수 감면"), leaf(4, "누수")];
  assert.deepEqual(names(water, "누수"), ["누수", "누수 감면", "누수·동파 신고", "도로 누수"]);
  assert.deepEqual(names(water, "누수 신"), ["누수·동파 신고"]);
});

test("the usual ones keep their order; what is no topic any more has no number", () => {
  const ids = (wanted: number[]): number[] => usualOnes(topics, wanted).map(({ id }) => id);
  assert.deepEqual(ids([7, 99, 3, 1]), [7, 3]);
  assert.deepEqual(ids([]), []);
  const many = flatten(Array.from({ length: 20 }, (_, id) => leaf(id, `유형 ${id}`)));
  assert.equal(usualOnes(many, [...many.keys()]).length, 9);
});

test("digits of both rows are numbers, whatever the input language", () => {
  const number = (code: string, shiftKey = false): number => numberOf({ code, shiftKey });
  assert.deepEqual(
    [number("Digit1"), number("Numpad9"), number("Digit0"), number("KeyA"), number("Digit1", true)],
    [1, 9, 0, 0, 0],
  );
});

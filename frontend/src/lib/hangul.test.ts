import assert from "node:assert/strict";
import { test } from "node:test";
import { hay, needle } from "./hangul";

const carTax = hay("세무 › 지방세 › 자동차세 (연납)");
const found = (query: string): boolean => needle(query).matches(carTax);

test("initials, half syllables, parts and several words find a topic", () => {
  for (const query of [
    "ㅈㄷㅊ",
    "ㅈㄷㅊㅅ",
    "자동ㅊ",
    "자도",
    "자동차",
    "동차",
    "세무 자동",
    "ㅅㅁ ㅈㄷㅊ",
    "연납",
    "",
    "  ",
  ]) {
    assert.equal(found(query), true, query);
  }
});

test("what is not in it is not found", () => {
  for (const query of ["수도", "ㅅㄷㅇㄱ", "자동차세금", "자동 수도"]) assert.equal(found(query), false, query);
});

test("decomposed Hangul finds the same", () => {
  assert.equal(found("자동차".normalize("NFD")), true);
});

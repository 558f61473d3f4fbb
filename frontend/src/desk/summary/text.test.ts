import assert from "node:assert/strict";
import { test } from "node:test";
import { joined } from "./text";

test("a summary stands behind the note, under its label", () => {
  assert.equal(joined("", ["하나"], "기계"), "[기계]\n- 하나");
  assert.equal(joined("메모\n\n", ["하나", "둘"], "기계"), "메모\n[기계]\n- 하나\n- 둘");
});

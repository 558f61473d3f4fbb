import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { standIn, talkingIn } from "../desk.fixture";

let live: typeof import("../../live/store");
let records: typeof import("./state");

before(async () => {
  standIn();
  live = await import("../../live/store");
  records = await import("./state");
});

after(() => {
  live.centre.value = null; // what the desk asks for again and again it asks for no more
});

test("how one citizen was identified, and what of theirs was to be shown, is not the next one's", () => {
  live.centre.value = talkingIn("first");
  records.way.value = "certificate";
  records.anew.value = true;
  records.tick("name", true);
  records.unmasking.value = { panel: "water", record: 0, field: "payer" };
  live.centre.value = talkingIn("second");
  assert.equal(records.way.value, "asked");
  assert.equal(records.anew.value, false);
  assert.equal(records.asked.value.size, 0);
  assert.equal(records.unmasking.value, null);
});

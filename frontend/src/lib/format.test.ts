import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, clock, dateAndTime, percent, telephone, timeOfDay } from "./format";

globalThis.gettext = (text) => text;

test("clock", () => {
  assert.equal(clock(-3), "0:00");
  assert.equal(clock(7.9), "0:07");
  assert.equal(clock(754), "12:34");
  assert.equal(clock(3723), "1:02:03");
});

test("telephone numbers are written the Korean way", () => {
  const written: [string, string][] = [
    ["+821000001234", "010-0000-1234"],
    ["+82200001234", "02-0000-1234"],
    ["+8220001234", "02-000-1234"],
    ["+82310001234", "031-000-1234"],
    ["+8216000000", "1600-0000"],
    ["16000000", "1600-0000"],
    ["+8250500001234", "0505-0000-1234"],
    ["+8250200001234", "0502-0000-1234"],
    ["+12025550100", "+12025550100"],
    ["120", "120"],
    ["agent<1>", "agent<1>"],
  ];
  for (const [number, text] of written) assert.equal(telephone(number), text);
});

test("times are relative while they matter", () => {
  const now = Date.parse("2026-11-21T03:00:00Z");
  assert.equal(ago("2026-11-21T02:59:22Z", now), "38 s ago");
  assert.equal(ago("2026-11-21T01:00:00Z", now), "2 h ago");
  assert.match(ago("2026-11-19T03:00:00Z", now), /11\. 19\. 12:00/);
  assert.equal(timeOfDay("2026-11-21T00:05:00Z"), "09:05");
});

test("the year stands where it is not the present one, by the year in Seoul", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  assert.equal(dateAndTime("2025-12-31T15:05:00Z", now), "1. 1. 00:05");
  assert.equal(dateAndTime("2025-12-31T14:55:00Z", now), "2025. 12. 31. 23:55");
});

test("percent", () => {
  assert.equal(percent(null), "–");
  assert.equal(percent(0.9658), "96.6%");
  assert.equal(percent(0.9999), "100.0%"); // as reports and books round it
  assert.equal(percent(0.9994), "99.9%");
  assert.equal(percent(0.0285), "2.9%"); // times 1000 it is a little less than 28.5
  assert.equal(percent(1), "100.0%");
  assert.equal(percent(0), "0.0%");
});

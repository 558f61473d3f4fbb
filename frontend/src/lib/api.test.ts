import assert from "node:assert/strict";
import { test } from "node:test";
import { type ApiError, call } from "./api";

globalThis.gettext = (text) => text;
Object.assign(globalThis, {
  document: { getElementById: () => ({ dataset: { account: "2" } }), querySelector: () => null, cookie: "" },
});

const answers = (body: BodyInit): void => {
  globalThis.fetch = () => Promise.resolve(new Response(body, { headers: { "Content-Type": "application/json" } }));
};

test("an answer is what the server says", async () => {
  answers('{"version": 2}');
  assert.deepEqual(await call("GET", "/api/me"), { version: 2 });
});

test("half an answer, or another one's, is none", async () => {
  for (const body of ['{"version": ', "<!doctype html>", ""]) {
    answers(body);
    await assert.rejects(call("GET", "/api/me"), (error: ApiError) => error.code === "no_connection");
  }
});

test("a page says for whom it asks, whoever else may have logged in in this browser", async () => {
  let sent: HeadersInit | undefined;
  globalThis.fetch = (_path, init) => {
    sent = init?.headers;
    return Promise.resolve(new Response("{}"));
  };
  await call("POST", "/api/desk/available", {});
  assert.equal(new Headers(sent).get("X-Haedap-Account"), "2");
});

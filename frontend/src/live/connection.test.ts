import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { effect } from "@preact/signals";
import { Connection } from "./connection";

/** A socket on which nothing happens by itself, and whose end nobody confirms. */
class Socket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  readyState = Socket.CONNECTING;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor() {
    sockets.push(this);
  }

  send(): void {}

  close(): void {
    this.readyState = Socket.CLOSING;
  }

  opens(): void {
    this.readyState = Socket.OPEN;
  }

  tells(): void {
    this.onmessage?.({ data: JSON.stringify({ type: "snapshot", me: loggedIn }) });
  }
}

const OURS = 2;
const SOMEONE_ELSES = 3;
const isOurs = ({ me }: { me: number }): boolean => me === OURS;
let loggedIn = OURS;
let sockets: Socket[] = [];
let page: EventTarget;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  sockets = [];
  loggedIn = OURS;
  page = new EventTarget();
  Object.assign(globalThis, {
    WebSocket: Socket,
    location: { protocol: "https:", host: "localhost" },
    addEventListener: page.addEventListener.bind(page),
  });
});
afterEach(() => mock.timers.reset());

function up(): Connection {
  const connection = new Connection(() => undefined, isOurs);
  connection.open();
  sockets[0]?.opens();
  sockets[0]?.tells();
  assert.equal(connection.line.value, "up");
  return connection;
}

test("a network that is gone is told at once, although nobody confirms the line's end", () => {
  const connection = up();
  page.dispatchEvent(new Event("offline"));
  assert.equal(connection.line.value, "lost");
  sockets[0]?.tells();
  assert.equal(connection.line.value, "lost");
});

test("who acts on the line's being up finds what it told", () => {
  const told: boolean[] = [];
  let taken = false;
  const connection = new Connection(() => {
    taken = true;
  }, isOurs);
  const stop = effect(() => {
    if (connection.line.value === "up") told.push(taken);
  });
  connection.open();
  sockets[0]?.opens();
  sockets[0]?.tells();
  assert.deepEqual(told, [true]);
  stop();
});

test("however many signs of life there are, there is one line", () => {
  const connection = up();
  page.dispatchEvent(new Event("offline"));
  page.dispatchEvent(new Event("online"));
  page.dispatchEvent(new Event("focus"));
  sockets[1]?.opens();
  page.dispatchEvent(new Event("focus"));
  assert.equal(sockets.length, 2);
  sockets[1]?.tells();
  assert.equal(connection.line.value, "up");
});

test("one window too many is closed, and comes back only when somebody turns to it", () => {
  const connection = up();
  sockets[0]?.onclose?.({ code: 4429 });
  mock.timers.tick(3_600_000);
  assert.deepEqual([connection.line.value, sockets.length], ["crowded", 1]);
  page.dispatchEvent(new Event("focus"));
  sockets[1]?.opens();
  sockets[1]?.tells();
  assert.deepEqual([connection.line.value, sockets.length], ["up", 2]);
});

test("what is told to somebody else who has logged in in this browser is not taken for ours", () => {
  const told: unknown[] = [];
  const connection = new Connection((message) => told.push(message), isOurs);
  const next = (): void => {
    const socket = sockets.at(-1);
    socket?.opens();
    socket?.tells();
    socket?.onmessage?.({ data: '{"type":"figures"}' });
  };
  connection.open();
  next();
  const before = told.length;
  sockets.at(-1)?.onclose?.({ code: 4401 });
  assert.equal(connection.loggedOut.value, "gone");
  loggedIn = SOMEONE_ELSES;
  mock.timers.tick(10_000);
  next();
  assert.deepEqual([connection.line.value, connection.loggedOut.value], ["logged_out", "someone_else"]);
  assert.equal(told.length, before);
  mock.timers.tick(10_000);
  sockets.at(-1)?.onclose?.({ code: 4401 });
  assert.equal(connection.loggedOut.value, "gone");
  loggedIn = OURS;
  mock.timers.tick(10_000);
  next();
  assert.deepEqual([connection.line.value, connection.loggedOut.value], ["up", null]);
});

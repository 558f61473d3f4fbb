// The WebSocket to the server: keeps it up, tells whether it is, and hands on every message.
import { batch, signal } from "@preact/signals";
import { backOff } from "./backoff";
import type { ServerMessage, SnapshotMessage } from "./types";

/** `crowded`: closed for the sake of newer windows of the account, until somebody turns to this one. */
export type Line = "connecting" | "up" | "lost" | "logged_out" | "crowded";
export type LoggedOut = "gone" | "new_password" | "stopped" | "someone_else";

/** Why nobody is logged in any more, by the code that the line was closed with. */
const LOGGED_OUT: Readonly<Record<number, LoggedOut>> = {
  4401: "gone",
  4402: "new_password",
  4403: "stopped",
  4409: "someone_else",
};
/** The server never says this: it knows only who is logged in, and the page for whom it was made. */
const SOMEONE_ELSE = 4409;
const CROWDED = 4429;
const PING_MS = 10_000;
/** No answer to two pings: the line is dead although nobody closed it. */
const SILENT_MS = 25_000;

export class Connection {
  readonly line = signal<Line>("connecting");
  /** When the line was lost (Date.now()), for 'since'. */
  readonly lostAt = signal<number | null>(null);
  /** Why, as it was told first: a later attempt knows only that there is no log-in. */
  readonly loggedOut = signal<LoggedOut | null>(null);
  #socket: WebSocket | null = null;
  #attempt = 0;
  #heard = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #take: (message: ServerMessage) => void;
  readonly #isOurs: (snapshot: SnapshotMessage) => boolean;

  /** `isOurs`: whether a snapshot is for whom this page was made. */
  constructor(take: (message: ServerMessage) => void, isOurs: (snapshot: SnapshotMessage) => boolean) {
    this.#take = take;
    this.#isOurs = isOurs;
  }

  /** Opens the line and keeps it open from now on. */
  open(): void {
    setInterval(() => this.#ping(), PING_MS);
    addEventListener("online", () => this.retryNow());
    addEventListener("focus", () => this.retryNow());
    addEventListener("offline", () => this.#drop());
    addEventListener("pageshow", (event) => event.persisted && this.retryNow());
    this.#open();
  }

  /** Tries at once instead of waiting out the pause. */
  retryNow(): void {
    if (this.#socket) return;
    clearTimeout(this.#retry);
    this.#open();
  }

  #open(): void {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
    this.#socket = socket;
    this.#heard = Date.now();
    socket.onmessage = (event: MessageEvent<string>) => {
      if (this.#socket === socket) this.#receive(JSON.parse(event.data) as ServerMessage);
    };
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#closed(event.code);
    };
  }

  #receive(message: ServerMessage): void {
    this.#heard = Date.now();
    if (message.type !== "snapshot") this.#take(message);
    else if (this.#isOurs(message)) this.#up(message);
    else this.#drop(SOMEONE_ELSE);
  }

  /** Whoever acts on the line's being up finds what it told. */
  #up(snapshot: ServerMessage): void {
    this.#attempt = 0;
    batch(() => {
      this.lostAt.value = null;
      this.loggedOut.value = null;
      this.line.value = "up";
      this.#take(snapshot);
    });
  }

  #closed(code: number): void {
    this.#socket = null;
    this.lostAt.value ??= Date.now();
    if (code === CROWDED) {
      // Who came back by itself would close another window, which came back by itself.
      this.line.value = "crowded";
      return;
    }
    const why = LOGGED_OUT[code];
    const told = this.loggedOut.value !== null && this.loggedOut.value !== "someone_else";
    if (why && (why !== "gone" || !told)) this.loggedOut.value = why;
    this.line.value = why ? "logged_out" : "lost";
    const pause = why ? PING_MS : backOff(this.#attempt++, Math.random);
    this.#retry = setTimeout(() => this.#open(), pause);
  }

  /** Gives the line up at once: on a dead network the browser waits long for the other side's word before it closes. */
  #drop(code = 0): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    socket.close();
    this.#closed(code);
  }

  #ping(): void {
    const socket = this.#socket;
    if (!socket) return;
    if (Date.now() - this.#heard > SILENT_MS) this.#drop();
    else if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
  }
}

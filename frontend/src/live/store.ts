// What every page with live data shares: the centre, the day's figures, and the server's clock.
import { computed, signal } from "@preact/signals";
import { pageAccount } from "../lib/account";
import { Connection } from "./connection";
import { type Centre, reduce } from "./reducer";
import type { AgentRow, FiguresMessage, HealthMessage, ServerMessage } from "./types";

export const centre = signal<Centre | null>(null);
export const figures = signal<FiguresMessage | null>(null);
export const health = signal<HealthMessage | null>(null);
export const me = computed<AgentRow | null>(() => centre.value?.agents[String(centre.value.me)] ?? null);

/** The server's time minus the page's own running clock (ms): timers do not trust this machine's clock. */
let ahead = Date.now() - performance.now();
/** The server's time now (ms since 1970). */
export const serverNow = (): number => performance.now() + ahead;

/** A difference to the server's time (ms) that is more than a delay on the way: its clock was set, and comes nearer. */
const ASTRAY_MS = 2000;

/** Ticks twice a second; components that show a timer read it. */
export const now = signal(serverNow());

function goBy(iso: string): void {
  ahead = Date.parse(iso) - performance.now();
  now.value = serverNow();
}

function take(message: ServerMessage): void {
  if (message.type === "pong") {
    if (Math.abs(Date.parse(message.now) - serverNow()) > ASTRAY_MS) goBy(message.now);
    return;
  }
  if (message.type === "figures") {
    figures.value = message;
    return;
  }
  if (message.type === "health") {
    health.value = message;
    return;
  }
  if (message.type === "snapshot") goBy(message.now);
  centre.value = reduce(centre.value, message);
}

/** The line to the server. */
export const connection = new Connection(take, ({ me }) => {
  const account = pageAccount();
  return account === "" || account === String(me);
});
export const connectionUp = computed(() => connection.line.value === "up");

/** Opens the line and starts the clock; call once on a page. */
export function connect(): void {
  connection.open();
  setInterval(() => {
    now.value = serverNow();
  }, 500);
}

/** Seconds since `iso`, by the server's clock. */
export const secondsSince = (iso: string | null): number =>
  iso ? Math.max(0, (now.value - Date.parse(iso)) / 1000) : 0;

/** Seconds until `iso`, by the server's clock. */
export const secondsUntil = (iso: string | null): number =>
  iso ? Math.max(0, (Date.parse(iso) - now.value) / 1000) : 0;

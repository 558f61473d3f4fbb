// Which promised calls I owe, in which order, and when a time of day comes next. Pure.
import { DAY_MS, midnightBefore } from "../../lib/format";
import type { PromiseRow } from "../../live/types";

export type Urgency = "overdue" | "near" | "";

/** How near the deadline is: past, or so near that supervisors were told. */
export function urgencyOf(row: PromiseRow, now: number): Urgency {
  if (Date.parse(row.deadline) < now) return "overdue";
  return row.escalated_at === null ? "" : "near";
}

/** Mine and those of the queues that I serve: what is late or nearly so first, then by the deadline. */
export function owedBy(
  promises: Readonly<Record<string, PromiseRow>>,
  me: number,
  queues: ReadonlySet<string>,
  now: number,
): PromiseRow[] {
  const rank = (row: PromiseRow): number => ["overdue", "near", ""].indexOf(urgencyOf(row, now));
  return Object.values(promises)
    .filter((row) => row.owner_agent === me || (row.owner_queue !== null && queues.has(row.owner_queue)))
    .sort((a, b) => rank(a) - rank(b) || Date.parse(a.deadline) - Date.parse(b.deadline) || a.id.localeCompare(b.id));
}

/** When it is `time` ("14:30") in Seoul next, as ISO 8601; null for what is no time. */
export function nextTime(time: string, now: number): string | null {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!found) return null;
  const today = midnightBefore(now) + (Number(found[1]) * 60 + Number(found[2])) * 60_000;
  return new Date(today > now ? today : today + DAY_MS).toISOString();
}

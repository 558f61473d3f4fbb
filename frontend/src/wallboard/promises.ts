// How many calls are owed, and how many of them too late. Pure.
import type { PromiseRow } from "../live/types";

export interface Owed {
  open: number;
  /** The deadline is near: supervisors were told. */
  near: number;
  overdue: number;
}

export function owed(promises: Readonly<Record<string, PromiseRow>>, now: number): Owed {
  const rows = Object.values(promises);
  const late = rows.filter((row) => Date.parse(row.deadline) < now);
  const near = rows.filter((row) => row.escalated_at !== null && Date.parse(row.deadline) >= now);
  return { open: rows.length, near: near.length, overdue: late.length };
}

// 폭언 대응: which step may follow which, and how long the talk should last. Pure.
export type Step = "warn" | "announce" | "end";

const BEFORE: Readonly<Record<Step, Step | null>> = { warn: null, announce: "warn", end: "announce" };

/** Whether `step` may be taken after the `last` one; `atOnce`: the kind of abuse needs no warning. */
export const mayFollow = (last: Step | null, step: Step, atOnce: boolean): boolean =>
  BEFORE[step] === last || (step === "end" && last !== "end" && atOnce);

export type Length = "usual" | "long" | "too_long";

/** What the length of a talk says; a limit of 0 never speaks. */
export function lengthOf(seconds: number, limits: { notice_seconds: number; end_seconds: number } | undefined): Length {
  if (limits && limits.end_seconds > 0 && seconds >= limits.end_seconds) return "too_long";
  return limits && limits.notice_seconds > 0 && seconds >= limits.notice_seconds ? "long" : "usual";
}

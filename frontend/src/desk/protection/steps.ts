// 폭언 대응: which step may follow which, and how long the talk should last. Pure.
export type Step = "warn" | "announce" | "end";

/** Kinds of abuse that nobody has to warn of: the call may be ended at once. */
const AT_ONCE: ReadonlySet<string> = new Set(["sexual", "threat"]);
const BEFORE: Readonly<Record<Step, Step | null>> = { warn: null, announce: "warn", end: "announce" };

/** Whether `step` may be taken after the `last` one. */
export const mayFollow = (last: Step | null, step: Step, kind: string): boolean =>
  BEFORE[step] === last || (step === "end" && last !== "end" && AT_ONCE.has(kind));

export type Length = "usual" | "long" | "too_long";

/** What the length of a talk says; a limit of 0 never speaks. */
export function lengthOf(seconds: number, limits: { notice_seconds: number; end_seconds: number } | undefined): Length {
  if (limits && limits.end_seconds > 0 && seconds >= limits.end_seconds) return "too_long";
  return limits && limits.notice_seconds > 0 && seconds >= limits.notice_seconds ? "long" : "usual";
}

// Values as people read them, and which panels can be asked.
import { dateAndTime } from "../../lib/format";
import { fill } from "../../lib/i18n";
import type { FieldValue, Level, Panel, Run } from "./types";

const number = new Intl.NumberFormat("ko-KR", { maximumFractionDigits: 3 });

/** A value as it stands in a table; masked ones are text already. */
export function readable(field: FieldValue): string {
  const { value, type, unit } = field;
  if (value === null || value === "") return "–";
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "number") {
    return type === "won" ? won(value) : `${number.format(value)}${unit}`;
  }
  if (type === "date") return date(value);
  return type === "datetime" ? dateAndTime(value) : `${value}${unit}`;
}

/** An amount as it is read. */
export const won = (amount: number): string => fill(gettext("%(amount)s won"), { amount: number.format(amount) });

/** The day in Seoul as a form field has it: 2026-11-22. */
export const isoDay = (at: number): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Seoul" }).format(new Date(at));

/** 2026. 11. 22. */
function date(iso: string): string {
  const [year, month, day] = iso.split("-").map(Number);
  return year && month && day ? `${year}. ${month}. ${day}.` : iso;
}

export function levelName(level: Level): string {
  switch (level) {
    case "none":
      return gettext("Not identified");
    case "number":
      return gettext("Number on record");
    case "asked":
      return gettext("Questions answered");
    case "verified":
      return gettext("Verified");
  }
}

/** The labels of what a panel must know and nobody has said yet. */
export const missing = (panel: Panel, typed: Readonly<Record<string, string>>): string[] =>
  panel.subject
    .filter((field) => field.required && !field.known && !typed[field.name]?.trim())
    .map((field) => field.label);

/** Whether a panel can be asked now. */
export const askable = (panel: Panel, typed: Readonly<Record<string, string>>): boolean =>
  panel.refusal === "" && missing(panel, typed).length === 0;

/** What a screen reader hears of a panel, once: when its answer is there. */
export function said(panel: Panel, run: Run): string {
  const title = panel.title;
  switch (run.state) {
    case "idle":
    case "asking":
      return "";
    case "ok":
      return fill(gettext("%(title)s: %(count)s found"), { title, count: run.answer?.records.length ?? 0 });
    case "empty":
      return fill(gettext("%(title)s: nothing found"), { title });
    case "failed":
      return `${title}: ${run.sentence}`;
  }
}

/** A line for the note: what was found, without masked data being unmasked. */
export const noteLine = (panel: Panel, text: string): string => `[${panel.title}] ${text.trim()}`;

/** What the agent wrote in the note: without the lines that came from the panels of these titles. */
export function withoutAnswers(note: string, titles: readonly string[]): string {
  const answers = titles.map((title) => `[${title}] `);
  return note
    .split("\n")
    .filter((line) => !answers.some((start) => line.startsWith(start)))
    .join("\n")
    .trim();
}

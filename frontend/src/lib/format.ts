// Numbers, times and telephone numbers as people read them.
import { fill } from "./i18n";

/** Seconds as a running clock: 0:07, 12:34, 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const tail = `${String(minutes).padStart(hours ? 2 : 1, "0")}:${String(rest).padStart(2, "0")}`;
  return hours ? `${hours}:${tail}` : tail;
}

/** A duration in words while it matters: '38초', '12분', '3시간'. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return fill(gettext("%(n)s s"), { n: whole });
  if (whole < 3600) return fill(gettext("%(n)s min"), { n: Math.floor(whole / 60) });
  return fill(gettext("%(n)s h"), { n: Math.floor(whole / 3600) });
}

const dayAndTimeOptions = {
  timeZone: "Asia/Seoul",
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
} as const;
const dayAndTime = new Intl.DateTimeFormat("ko-KR", dayAndTimeOptions);
const yearDayAndTime = new Intl.DateTimeFormat("ko-KR", { ...dayAndTimeOptions, year: "numeric" });
const yearOf = new Intl.DateTimeFormat("en", { timeZone: "Asia/Seoul", year: "numeric" });
const timeOnly = new Intl.DateTimeFormat("ko-KR", {
  timeZone: "Asia/Seoul",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** The time of day in Seoul: 09:05. `at`: ISO 8601, or ms since 1970. */
export const timeOfDay = (at: string | number): string => timeOnly.format(new Date(at));

const SEOUL_MS = 9 * 3600_000;
export const DAY_MS = 24 * 3600_000;

/** When the day began in Seoul (ms since 1970). Seoul has no summer time. */
export const midnightBefore = (at: number): number => Math.floor((at + SEOUL_MS) / DAY_MS) * DAY_MS - SEOUL_MS;

/** Month, day and time in Seoul: 11. 21. 09:05; with the year where it is not the present one: 2025. 11. 21. 09:05. */
export function dateAndTime(iso: string, now: number = Date.now()): string {
  const at = new Date(iso);
  return (yearOf.format(at) === yearOf.format(now) ? dayAndTime : yearDayAndTime).format(at);
}

/** How long ago, in words while it is less than a day; else the date. */
export function ago(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (seconds >= 86400) return dateAndTime(iso, now);
  return fill(gettext("%(duration)s ago"), { duration: duration(seconds) });
}

/** A Korean number as it is written: +821000001234 → 010-0000-1234. Anything else stays as it came. */
export function telephone(number: string): string {
  const national = number.startsWith("+82") ? `0${number.slice(3)}` : number;
  if (!/^\d{8,12}$/.test(national)) return number;
  if (/^0?1[568]\d{6}$/.test(national)) return national.replace(/^0?(\d{4})(\d{4})$/, "$1-$2");
  if (/^050\d{8,9}$/.test(national)) return national.replace(/^(050\d)(\d{3,4})(\d{4})$/, "$1-$2-$3");
  if (/^02\d{7,8}$/.test(national)) return national.replace(/^(02)(\d{3,4})(\d{4})$/, "$1-$2-$3");
  if (/^0\d{9,10}$/.test(national)) return national.replace(/^(0\d\d)(\d{3,4})(\d{4})$/, "$1-$2-$3");
  return number;
}

const ofHundred = new Intl.NumberFormat("ko-KR", {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** A share (0–1) as it is shown everywhere, half up by its decimal digits: 79.2%; '–' where there is none. */
export const percent = (share: number | null): string => (share === null ? "–" : ofHundred.format(share));

// Where the cursor goes, and what is unfolded.
import { signal } from "@preact/signals";

export type Place =
  | "note"
  | "topic"
  | "disposition"
  | "keypad"
  | "away"
  | "today"
  | "tab"
  | "find"
  | "identify"
  | "pass"
  | "consult"
  | "promise"
  | "case"
  | "who"
  | "whoFirst"
  | "owed";

export const keypadOpen = signal(false);
export const menuOpen = signal(false);
export const helpOpen = signal(false);
/** The tab of the right column: 지식 0, 이력 1, 행정정보 2, 부서 3. */
export const tab = signal(1);

const FRAMES = 10;

/** Puts the cursor into the element that has `data-place`: at once, or as soon as it is there and can be used. */
export function focusOn(place: Place, frames = FRAMES): void {
  const found = [...document.querySelectorAll<HTMLElement>(`[data-place="${place}"]`)];
  const target = found.find((element) => element.matches(":checked, [aria-selected=true]")) ?? found[0];
  target?.focus();
  const there = target !== undefined && document.activeElement === target;
  if (!there && frames > 0) requestAnimationFrame(() => focusOn(place, frames - 1));
}

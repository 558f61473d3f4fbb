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
let wishes = 0;

// Who types wants the cursor where it is.
addEventListener("input", () => (wishes += 1), { capture: true });

/** Tells, whenever it is asked, whether since now the cursor was wanted or put elsewhere, or something was typed. */
export function watchCursor(): () => boolean {
  const wish = wishes;
  const before = document.activeElement;
  return () => {
    const now = document.activeElement;
    return wishes !== wish || (now !== before && now !== document.body);
  };
}

/** Puts the cursor into the element that has `data-place`, once what was just changed is drawn and before the next key
 * arrives; where it is not there yet or cannot be used, as soon as it can, unless the cursor is wanted elsewhere by then. */
export function focusOn(place: Place, frames = FRAMES): void {
  wishes += 1;
  const elsewhere = watchCursor();
  queueMicrotask(() => attempt(place, frames, elsewhere));
}

/** Does `work`, and then puts the cursor into `place`, unless it is wanted elsewhere by then or `work` says no. */
export async function thenFocusOn(place: Place, work: () => Promise<unknown>): Promise<void> {
  const elsewhere = watchCursor();
  const done = await work();
  if (done !== false && !elsewhere()) focusOn(place);
}

function attempt(place: Place, frames: number, elsewhere: () => boolean): void {
  if (elsewhere()) return;
  const found = [...document.querySelectorAll<HTMLElement>(`[data-place="${place}"]`)];
  const target = found.find((element) => element.matches(":checked, [aria-selected=true]")) ?? found[0];
  target?.focus();
  const there = target !== undefined && document.activeElement === target;
  if (!there && frames > 0) requestAnimationFrame(() => attempt(place, frames - 1, elsewhere));
}

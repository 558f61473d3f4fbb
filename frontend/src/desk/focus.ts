// Where the cursor goes, and what is unfolded.
import { signal } from "@preact/signals";

export type Place = "note" | "topic" | "disposition" | "keypad" | "away" | "today" | "tab";

export const keypadOpen = signal(false);
export const menuOpen = signal(false);
export const helpOpen = signal(false);
/** The tab of the right column: 지식 0, 이력 1, 행정정보 2, 부서 3. */
export const tab = signal(1);

/** Puts the cursor into the element that has `data-place`, once it is there. */
export function focusOn(place: Place): void {
  requestAnimationFrame(() => {
    const found = document.querySelectorAll<HTMLElement>(`[data-place="${place}"]`);
    const target = [...found].find((element) => element.matches(":checked, [aria-selected=true]")) ?? found[0];
    target?.focus();
  });
}

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** For what takes the cursor while it is there: as it goes the cursor is back where it was before, in time for the next
 * key, unless it was put elsewhere meanwhile. */
export function useCursorBack(taker: RefObject<HTMLElement | null>): void {
  const before = useRef(document.activeElement); // as it is drawn for the first time: the cursor comes after
  useLayoutEffect(
    () => () => {
      const cursor = document.activeElement; // the taker is still there
      const isTaken = cursor === document.body || taker.current?.contains(cursor);
      if (isTaken && before.current instanceof HTMLElement) before.current.focus();
    },
    [],
  );
}

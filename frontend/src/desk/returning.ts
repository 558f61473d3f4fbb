import { useEffect, useRef } from "preact/hooks";

/** For what takes the cursor while it is there: when it goes the cursor is back where it was before, unless it was put
 * elsewhere meanwhile. */
export function useCursorBack(): void {
  const before = useRef(document.activeElement); // as it is drawn for the first time: the cursor comes after
  useEffect(
    () => () => {
      const isNowhere = document.activeElement === document.body;
      if (isNowhere && before.current instanceof HTMLElement) before.current.focus();
    },
    [],
  );
}

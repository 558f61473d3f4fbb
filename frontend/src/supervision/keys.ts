// The keys of the supervisors' page: Alt with letters that no browser uses.
import type { Mode } from "./floor";

export type ActionName = Mode | "take_over" | "stop" | "reason" | "end";

interface Shortcut {
  readonly code: string;
  readonly alt: boolean;
  readonly label: string;
}

const letter = (key: string): Shortcut => ({ code: `Key${key}`, alt: true, label: `Alt+${key}` });

export const shortcuts: Readonly<Record<ActionName, Shortcut>> = {
  listen: letter("L"),
  whisper: letter("W"),
  barge: letter("B"),
  take_over: letter("K"),
  stop: letter("X"),
  reason: letter("R"),
  end: { code: "F4", alt: false, label: "F4" },
};

/** The action that a key asks for. */
export function actionFor(event: KeyboardEvent): ActionName | null {
  if (event.repeat || event.ctrlKey || event.metaKey || event.shiftKey || event.getModifierState("AltGraph"))
    return null;
  const found = Object.entries(shortcuts).find(([, { code, alt }]) => code === event.code && alt === event.altKey);
  return (found?.[0] as ActionName | undefined) ?? null;
}

import type { ComponentChildren } from "preact";
import { busy, possible, run } from "./actions";
import { type ActionName, shortcuts } from "./keys";

interface Props {
  name: ActionName;
  children: ComponentChildren;
  class?: string;
  /** For a button that switches something on and off. */
  pressed?: boolean;
  expanded?: boolean;
}

/** A button for one action: shows its key, waits for the server, and keeps its place when it cannot be used. */
export function ActionButton({ name, children, class: kind = "", pressed, expanded }: Props) {
  const { label, aria } = shortcuts[name];
  const can = possible(name);
  return (
    <button
      type="button"
      class={`hd-action ${kind}`}
      aria-disabled={!can}
      aria-busy={busy.value.has(name)}
      aria-keyshortcuts={aria}
      aria-pressed={pressed}
      aria-expanded={expanded}
      data-action={name}
      onClick={() => can && run(name)}
    >
      <span>{children}</span>
      <kbd aria-hidden="true">{label}</kbd>
    </button>
  );
}

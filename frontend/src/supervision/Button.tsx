import type { ComponentChildren } from "preact";
import { type ActionName, shortcuts } from "./keys";
import { busy, possible, run } from "./state";

/** A button for one action: shows its key, and keeps its place when it cannot be used. */
export function Button({
  name,
  children,
  kind = "",
  pressed,
}: {
  name: ActionName;
  children: ComponentChildren;
  kind?: string;
  pressed?: boolean;
}) {
  const can = possible(name);
  return (
    <button
      type="button"
      class={`hd-action ${kind}`}
      aria-disabled={!can}
      aria-busy={busy.value.has(name)}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcuts[name].label}
      data-action={name}
      onClick={() => can && run(name)}
    >
      <span>{children}</span>
      <kbd aria-hidden="true">{shortcuts[name].label}</kbd>
    </button>
  );
}

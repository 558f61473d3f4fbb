// The button of an action, on the desk and on the supervisors' page.
import type { ComponentChildren, JSX } from "preact";

/** What a page knows of its actions. */
interface Actions<Name extends string> {
  readonly shortcuts: Readonly<Record<Name, { readonly label: string; readonly aria?: string }>>;
  /** Whether the action makes sense now. */
  possible(name: Name): boolean;
  /** Whether the server is still being asked. */
  busy(name: Name): boolean;
  run(name: Name): void;
}

interface Props<Name extends string> {
  name: Name;
  children: ComponentChildren;
  class?: string;
  /** For a button that switches something on and off. */
  pressed?: boolean;
  expanded?: boolean;
}

/** A component that shows its action's key, waits for the server, and keeps its place when it cannot be used. */
export function actionButton<Name extends string>({ shortcuts, possible, busy, run }: Actions<Name>) {
  return function ActionButton({ name, children, class: kind = "", pressed, expanded }: Props<Name>): JSX.Element {
    const { label, aria = label } = shortcuts[name];
    const can = possible(name);
    return (
      <button
        type="button"
        class={`hd-action ${kind}`}
        aria-disabled={!can}
        aria-busy={busy(name)}
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
  };
}

// Asking a machine for a summary, in the note's row; absent where there is none to ask.
import { useLayoutEffect, useRef } from "preact/hooks";
import { focusOn } from "../focus";
import { note } from "../form";
import { phase } from "../state";
import { machines } from "../transcript/state";
import { ask, asking, drop, offered, refusal, take } from "./state";

const BUTTON = "ask-summary";

export function SummaryButton() {
  if (!machines.value.summary) return null;
  const usable = note.value !== null && phase.value !== "empty" && phase.value !== "ringing";
  return (
    <button type="button" id={BUTTON} class="summary-ask" disabled={!usable} onClick={() => void ask()}>
      {asking.value ? gettext("Summarizing …") : gettext("Summary")}
    </button>
  );
}

export function SummaryOffer() {
  const takeButton = useRef<HTMLButtonElement>(null);
  const lines = offered.value;
  // Who has gone on typing is not disturbed.
  useLayoutEffect(() => {
    if (lines && document.activeElement?.id === BUTTON) takeButton.current?.focus();
  }, [lines]);
  if (refusal.value) {
    return (
      <p class="summary-refusal" role="alert">
        {refusal.value}
      </p>
    );
  }
  if (!lines) return null;
  const close = (action: () => void): void => {
    action();
    focusOn("note");
  };
  return (
    <section class="summary-offer" aria-label={gettext("Summary made by a machine")}>
      <b class="machine-made">{gettext("Summary made by a machine")}</b>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div class="hd-actions">
        <button ref={takeButton} type="button" class="krds-btn small primary" onClick={() => close(take)}>
          {gettext("Put it into the note")} <kbd aria-hidden="true">Enter</kbd>
        </button>
        <button type="button" class="krds-btn small tertiary" onClick={() => close(drop)}>
          {gettext("Drop it")}
        </button>
      </div>
    </section>
  );
}

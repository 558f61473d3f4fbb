// What was said, to read under the note. Closed until the agent opens it; absent where no call is written down.
import { useEffect, useRef } from "preact/hooks";
import { shownId } from "../state";
import { looking, machines, pieces } from "./state";

export function Transcript() {
  const list = useRef<HTMLOListElement>(null);
  const said = pieces.value;
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [said.length]);
  if (!machines.value.transcript || !shownId.value) return null;
  return (
    <details
      class="transcript"
      open={looking.value}
      onToggle={(event) => {
        looking.value = event.currentTarget.open;
      }}
    >
      <summary>
        {gettext("Transcript")} <span class="machine-made">{gettext("machine-made")}</span>
      </summary>
      {said.length === 0 ? (
        <p>{gettext("Nothing was written down yet. What is said stands here some seconds later.")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        <ol ref={list} tabIndex={0} aria-label={gettext("Transcript")}>
          {said.map((piece) => (
            <li key={piece.id} data-side={piece.side}>
              <b>{piece.side === "citizen" ? gettext("Citizen") : gettext("Agent")}</b> {piece.text}
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

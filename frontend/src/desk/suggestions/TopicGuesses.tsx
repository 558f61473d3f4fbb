// The guesses below the topic's field: a button and a key each, marked as guesses.
import { fill } from "../../lib/i18n";
import { type ActionName, shortcuts } from "../keys";
import { shortTopic } from "../words";
import { guesses, said, takeGuess } from "./state";

const KEYS: readonly ActionName[] = ["guess1", "guess2", "guess3"];

export function TopicGuesses() {
  return (
    <>
      <p class="sr-only" role="status">
        {said}
      </p>
      {guesses.value.length > 0 && (
        <ul class="guesses" aria-label={gettext("Suggested topics")}>
          {guesses.value.map((guess, place) => {
            const shortcut = shortcuts[KEYS[place] ?? "guess1"];
            const percent = Math.round(guess.probability * 100);
            return (
              <li key={guess.id}>
                <button
                  type="button"
                  title={guess.name}
                  aria-keyshortcuts={shortcut.aria}
                  onClick={() => takeGuess(place)}
                >
                  <span class="guess-mark">{gettext("suggested")}</span> <strong>{shortTopic(guess.name)}</strong>{" "}
                  <span class="hd-number">{fill(gettext("%(percent)s %"), { percent })}</span>{" "}
                  <kbd aria-hidden="true">{shortcut.label}</kbd>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}

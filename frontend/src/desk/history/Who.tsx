// Who it is, when the number does not say: a choice with a number key each. It never takes the cursor by itself.
import { dateAndTime } from "../../lib/format";
import { perform } from "../actions";
import { focusOn, thenFocusOn } from "../focus";
import { shortcuts } from "../keys";
import { detail } from "../state";
import type { Candidate } from "../types";
import { shortTopic } from "../words";
import {
  candidates,
  choose,
  closeForm,
  formOpen,
  found,
  introduce,
  openForm,
  said,
  seek,
  sought,
  undecided,
} from "./state";

/** The keys 1 to 9; the tenth has none. */
const KEYS = 9;

const done = (work: () => Promise<void>): void => void perform("who", () => thenFocusOn("note", work));

function leave(): void {
  closeForm();
  focusOn("note");
}

/** None of those of the number: somebody else, or somebody new. */
function nobodyOfThem(): void {
  openForm();
  focusOn("who");
}

function Person({ one, place }: { one: Candidate; place: number }) {
  return (
    <button
      type="button"
      class="who-line"
      data-place={place === 0 ? "whoFirst" : undefined}
      onClick={() => done(() => choose(one.id))}
    >
      {place < KEYS && <kbd>{place + 1}</kbd>}
      <strong>{one.name}</strong>
      <span class="hd-muted">{one.numbers.join(", ")}</span>
      <span>
        {one.last_at
          ? `${dateAndTime(one.last_at)} ${shortTopic(one.last_topic) || gettext("no topic")}`
          : gettext("no contact that is surely theirs")}
      </span>
    </button>
  );
}

function Choice({ people, other, text }: { people: readonly Candidate[]; other: () => void; text: string }) {
  const press = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const one = people[Number(event.key) - 1];
    if (event.key === "0") other();
    else if (event.key === "Escape") leave();
    else if (one && Number(event.key) <= KEYS) done(() => choose(one.id));
    else return;
    event.preventDefault();
  };
  return (
    <fieldset class="who-list" onKeyDown={press}>
      <legend class="sr-only">{gettext("Who is it? A number key chooses, Escape goes back to the note.")}</legend>
      {people.map((one, place) => (
        <Person key={one.id} one={one} place={place} />
      ))}
      <button type="button" class="who-line" data-place={people.length === 0 ? "whoFirst" : undefined} onClick={other}>
        <kbd>0</kbd>
        <span>{text}</span>
      </button>
    </fieldset>
  );
}

/** A whole number finds people; it is nobody's name. */
const NO_NAME = /^[\d\s+().-]+$/;

function Search() {
  const isName = !NO_NAME.test(sought.value);
  const other = (): void => (isName ? done(introduce) : focusOn("who"));
  const text = isName ? `${gettext("Somebody new:")} ${sought.value}` : gettext("Somebody new: type the name");
  const submit = (event: Event): void => {
    event.preventDefault();
    void perform("who", () => thenFocusOn("whoFirst", seek));
  };
  return (
    <form class="who-form" onSubmit={submit} onKeyDown={(event) => event.key === "Escape" && leave()}>
      <div class="who-search">
        <label for="who-sought">{gettext("Name or number")}</label>
        <input
          id="who-sought"
          class="krds-input small"
          data-place="who"
          autocomplete="off"
          spellcheck={false}
          minLength={2}
          maxLength={60}
          required
          value={sought.value}
          onInput={(event) => {
            sought.value = event.currentTarget.value;
            found.value = null;
          }}
        />
        <button type="submit" class="krds-btn secondary small">
          {gettext("Find (Enter)")}
        </button>
        {detail.value?.known.chosen && (
          <button type="button" class="krds-btn text small" onClick={() => done(() => choose(null))}>
            {gettext("It is not known who")}
          </button>
        )}
        <button type="button" class="krds-btn text small" onClick={leave}>
          {gettext("Close (Esc)")}
        </button>
      </div>
      {found.value && <Choice people={found.value} other={other} text={text} />}
    </form>
  );
}

/** In the place of the last contacts while it is open who it is. */
export const asking = (): boolean => formOpen.value || undecided.value;

export function Who() {
  if (formOpen.value) return <Search />;
  return <Choice people={candidates.value} other={nobodyOfThem} text={gettext("None of them")} />;
}

/** Said once, whatever is drawn. */
export function Said() {
  return (
    <p class="sr-only" role="status">
      {said.value}
    </p>
  );
}

/** The button beside the name. */
export function WhoButton() {
  return (
    <button
      type="button"
      class="who-open"
      aria-keyshortcuts={shortcuts.who.aria}
      aria-expanded={formOpen.value}
      onClick={() => (formOpen.value ? leave() : nobodyOfThem())}
    >
      {undecided.value ? gettext("Who is it?") : gettext("Change")} <kbd>{shortcuts.who.label}</kbd>
    </button>
  );
}

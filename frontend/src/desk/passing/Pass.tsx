// The tab 부서: whom to pass the citizen on to, by what the citizen says; then how, with the brief already written.
import { useEffect } from "preact/hooks";
import { perform } from "../actions";
import { focusOn, watchCursor } from "../focus";
import { shortcuts } from "../keys";
import { inCall } from "../state";
import {
  active,
  announce,
  brief,
  choices,
  choose,
  chosen,
  fetchTargets,
  forget,
  formOpen,
  look,
  meant,
  owe,
  pass,
  query,
  searchError,
  searching,
  send,
  spoken,
} from "./state";
import type { Choice } from "./types";

const TERMS: readonly [string, () => string][] = [
  ["immediate", () => gettext("at once (3 working hours)")],
  ["question", () => gettext("question: 7 days")],
  ["law_question", () => gettext("question of law: 14 days")],
  ["proposal", () => gettext("proposal: 14 days")],
  ["grievance", () => gettext("grievance: 7 days")],
];

function open(choice: Choice): void {
  if (!inCall.value) return;
  choose(choice);
  focusOn("consult");
}

/** Opens the line that is meant, unless the cursor is elsewhere by then. */
async function openMeant(): Promise<void> {
  const elsewhere = watchCursor();
  const choice = await meant();
  if (choice && !elsewhere()) open(choice);
}

function press(event: KeyboardEvent): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step !== 0) {
    const last = choices.value.length - 1;
    active.value = Math.max(0, Math.min(last, active.value + step));
    document.getElementById(`pass-${active.value}`)?.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && !event.isComposing) void openMeant();
  else if (event.key === "Escape") focusOn("note");
  else return;
  event.preventDefault();
}

function Line({ choice, place }: { choice: Choice; place: number }) {
  return (
    <div
      id={`pass-${place}`}
      class="pass-line"
      role="option"
      tabIndex={-1}
      aria-selected={place === active.value}
      aria-disabled={!inCall.value}
      onClick={() => {
        active.value = place;
        open(choice);
      }}
      onKeyDown={press}
    >
      <strong>{choice.name}</strong>
      <span class="hd-number">{choice.where}</span>
      <span class="hd-muted">{choice.about}</span>
      {choice.warning && <span class="pass-warning">{choice.warning}</span>}
    </div>
  );
}

function Search() {
  useEffect(() => {
    void fetchTargets();
    look();
  }, []);
  return (
    <>
      <label class="pass-label" for="pass-query">
        {gettext("Office, duty, name or number")} <kbd aria-hidden="true">{shortcuts.pass.label}</kbd>
      </label>
      <input
        id="pass-query"
        class="krds-input small"
        data-place="pass"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-expanded={choices.value.length > 0}
        aria-controls="pass-list"
        aria-activedescendant={choices.value.length > 0 ? `pass-${active.value}` : undefined}
        placeholder={gettext("in the words of the citizen: the street lamp is out")}
        value={query.value}
        onFocus={(event) => event.currentTarget.select()}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          active.value = 0;
          look();
        }}
        onKeyDown={press}
      />
      {searchError.value && (
        <p class="pass-warning" role="alert">
          {searchError.value}
        </p>
      )}
      <div id="pass-list" class="pass-list" role="listbox" aria-label={gettext("Whom to pass on to")} tabIndex={-1}>
        {choices.value.map((choice, place) => (
          <Line key={choice.key} choice={choice} place={place} />
        ))}
      </div>
      {choices.value.length === 0 && !searching.value && (
        <p class="hd-muted">
          {query.value
            ? gettext("Nobody fits. Try another word, or type the number.")
            : gettext("Nobody else is on duty. Type what the citizen says, and the office stands here.")}
        </p>
      )}
      {!inCall.value && <p class="hd-muted">{gettext("While you talk, Enter on a line passes the citizen on.")}</p>}
    </>
  );
}

function Brief() {
  return (
    <>
      <label class="pass-label" for="pass-brief">
        {gettext("Brief for the officer (from your note)")}
      </label>
      <textarea
        id="pass-brief"
        class="krds-input"
        rows={4}
        maxLength={2000}
        value={brief.value}
        onInput={(event) => {
          brief.value = event.currentTarget.value;
        }}
      />
      <label class="hd-check">
        <input
          type="checkbox"
          checked={announce.value}
          onChange={(event) => {
            announce.value = event.currentTarget.checked;
          }}
        />
        {gettext("Speak to them first:")} <q>{spoken.value}</q>
      </label>
      <label class="hd-check">
        <input
          type="checkbox"
          checked={send.value}
          onChange={(event) => {
            send.value = event.currentTarget.checked;
          }}
        />
        {gettext("Send them the link to the brief")}
      </label>
    </>
  );
}

function Owed() {
  return (
    <section class="pass-owed" aria-labelledby="pass-owed">
      <p id="pass-owed">{gettext("They call back later: a promise with the term of the law")}</p>
      {TERMS.map(([term, words]) => (
        <button
          type="button"
          key={term}
          class="krds-btn tertiary small"
          onClick={() => void perform("pass", () => owe(term))}
        >
          {words()}
        </button>
      ))}
    </section>
  );
}

function How({ choice }: { choice: Choice }) {
  const close = (): void => {
    forget();
    focusOn("pass");
  };
  return (
    <section
      class="pass-how"
      aria-labelledby="pass-who"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <h3 id="pass-who">{choice.name}</h3>
      <p>
        <span class="hd-number">{choice.where}</span>{" "}
        {choice.warning && <span class="pass-warning">{choice.warning}</span>}
      </p>
      <div class="pass-ways">
        <button
          type="button"
          class="krds-btn primary small"
          data-place="consult"
          onClick={() => void perform("pass", () => pass("consult"))}
        >
          {gettext("Talk to them first")}
        </button>
        <button
          type="button"
          class="krds-btn secondary small"
          onClick={() => void perform("pass", () => pass("blind"))}
        >
          {gettext("Put through at once")}
        </button>
        <button type="button" class="krds-btn text small" onClick={close}>
          {gettext("Back to the list (Esc)")}
        </button>
      </div>
      {choice.outside && <Brief />}
      {choice.outside && <Owed />}
    </section>
  );
}

export function Pass() {
  if (chosen.value && formOpen.value) return <How choice={chosen.value} />;
  return <Search />;
}

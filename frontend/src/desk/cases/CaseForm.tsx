// A small form: which office owes the citizen an answer, by when, and how the citizen hears it. Enter opens the case.

import { dateAndTime } from "../../lib/format";
import { fill } from "../../lib/i18n";
import { perform } from "../actions";
import { focusOn, thenFocusOn } from "../focus";
import type { Choice } from "../passing/types";
import {
  active,
  closeForm,
  due,
  formOpen,
  kind,
  kinds,
  look,
  number,
  numberKnown,
  offices,
  openCase,
  query,
  reply,
  text,
} from "./state";

const close = (): void => {
  closeForm();
  focusOn("note");
};

const submit = (): void => void perform("openCase", () => thenFocusOn("note", openCase));

function press(event: KeyboardEvent): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  active.value = Math.max(0, Math.min(offices.value.length - 1, active.value + step));
  document.getElementById(`case-office-${active.value}`)?.scrollIntoView({ block: "nearest" });
}

function Line({ choice, place }: { choice: Choice; place: number }) {
  return (
    <div
      id={`case-office-${place}`}
      class="pass-line"
      role="option"
      tabIndex={-1}
      aria-selected={place === active.value}
      onClick={() => {
        active.value = place;
      }}
      onKeyDown={press}
    >
      <strong>{choice.name}</strong>
      <span class="hd-muted">{choice.about}</span>
      {choice.warning && <span class="pass-warning">{choice.warning}</span>}
    </div>
  );
}

function Office() {
  return (
    <div class="case-office">
      <label for="case-query">{gettext("Office, duty or name")}</label>
      <input
        id="case-query"
        class="krds-input small"
        data-place="case"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        maxLength={200}
        aria-expanded={offices.value.length > 0}
        aria-controls="case-offices"
        aria-activedescendant={offices.value.length > 0 ? `case-office-${active.value}` : undefined}
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          look();
        }}
        onKeyDown={press}
      />
      <div id="case-offices" class="pass-list" role="listbox" aria-label={gettext("Offices")} tabIndex={-1}>
        {offices.value.map((choice, place) => (
          <Line key={choice.key} choice={choice} place={place} />
        ))}
      </div>
      {offices.value.length === 0 && <p class="hd-muted">{gettext("Type what the citizen says.")}</p>}
    </div>
  );
}

function Term() {
  return (
    <label>
      <span>
        {gettext("Kind")}{" "}
        <strong class="case-due">
          {due.value ? fill(gettext("answer by %(time)s"), { time: dateAndTime(due.value) }) : ""}
        </strong>
      </span>
      <select
        class="krds-form-select small"
        value={kind.value}
        onChange={(event) => {
          kind.value = event.currentTarget.value;
        }}
      >
        {kinds.value.map((one) => (
          <option key={one.key} value={one.key}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Reply() {
  return (
    <label>
      {gettext("The answer comes")}
      <select
        class="krds-form-select small"
        value={reply.value}
        onChange={(event) => {
          reply.value = event.currentTarget.value === "message" ? "message" : "callback";
        }}
      >
        <option value="callback">{gettext("by a call")}</option>
        <option value="message">{gettext("by text message")}</option>
      </select>
    </label>
  );
}

function OtherNumber() {
  return (
    <label>
      {numberKnown.value ? gettext("Another number") : gettext("Number")}
      <input
        class="krds-input small hd-number"
        inputMode="tel"
        autoComplete="off"
        maxLength={20}
        required={!numberKnown.value}
        value={number.value}
        onInput={(event) => {
          number.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}

export function CaseForm() {
  if (!formOpen.value) return null;
  return (
    <form
      class="promise-form case-form"
      aria-label={gettext("Open a case")}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && event.isComposing) event.preventDefault();
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <Office />
      <div class="case-fields">
        <Term />
        <Reply />
        <OtherNumber />
      </div>
      <label class="case-text">
        {gettext("What the office is to do (from your note)")}
        <textarea
          class="krds-input"
          rows={3}
          maxLength={2000}
          required
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </label>
      <div class="hd-actions">
        <button type="submit" class="krds-btn primary small">
          {gettext("Open the case (Enter)")}
        </button>
        <button type="button" class="krds-btn text small" onClick={close}>
          {gettext("Close (Esc)")}
        </button>
      </div>
    </form>
  );
}

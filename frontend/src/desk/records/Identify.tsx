// 본인확인: what was asked and found right, by check boxes; and why the records are looked up.

import { timeOfDay } from "../../lib/format";
import { focusOn } from "../focus";
import { shortcuts } from "../keys";
import { anew, asked, failure, identify, identifying, purpose, tick, type, typed, way } from "./state";
import type { Board, Level, SubjectField } from "./types";
import { levelName } from "./values";

const LEVELS: Readonly<Record<string, Level>> = {
  number: "number",
  asked: "asked",
  callback: "verified",
  mobile: "verified",
  certificate: "verified",
};

function Purpose({ of }: { of: Board }) {
  return (
    <label class="records-field">
      <span>{gettext("Purpose")}</span>
      <select
        class="krds-form-select small"
        value={purpose.value}
        onChange={(event) => {
          purpose.value = event.currentTarget.value;
        }}
      >
        {of.purposes.map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** One thing that is known of the citizen, or is asked for. */
export function Subject({ field }: { field: SubjectField }) {
  return (
    <label class="records-field">
      <span>{field.label}</span>
      <input
        class="krds-input small hd-number"
        autocomplete="off"
        spellcheck={false}
        maxLength={100}
        placeholder={field.known ? field.shown : field.hint}
        value={typed.value[field.name] ?? ""}
        onInput={(event) => type(field.name, event.currentTarget.value)}
      />
    </label>
  );
}

function Form({ of }: { of: Board }) {
  const ways = of.ways.filter(({ key }) => of.number_known || (key !== "number" && key !== "callback"));
  return (
    <form
      class="records-identify"
      aria-label={gettext("Identify the citizen")}
      onSubmit={(event) => {
        event.preventDefault();
        anew.value = false;
        void identify(LEVELS[way.value] ?? "none", way.value);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        anew.value = false;
        focusOn("note");
      }}
    >
      <fieldset>
        <legend>{gettext("Asked, and right")}</legend>
        {of.askable.map(({ key, name }, place) => (
          <label class="hd-check" key={key}>
            <input
              type="checkbox"
              data-place={place === 0 ? "identify" : undefined}
              checked={asked.value.has(key)}
              onChange={(event) => tick(key, event.currentTarget.checked)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      {of.identity.map((field) => (
        <Subject key={field.name} field={field} />
      ))}
      <label class="records-field">
        <span>{gettext("How")}</span>
        <select
          class="krds-form-select small"
          value={way.value}
          onChange={(event) => {
            way.value = event.currentTarget.value;
          }}
        >
          {ways.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Purpose of={of} />
      <button type="submit" class="krds-btn primary small" aria-disabled={identifying.value}>
        {gettext("Identified: look everything up (Enter)")}
      </button>
    </form>
  );
}

function Done({ of }: { of: Board }) {
  const { identification, askable } = of;
  const words = askable.filter(({ key }) => identification.asked.includes(key)).map(({ name }) => name);
  const when = identification.at ? timeOfDay(identification.at) : "";
  return (
    <>
      <p class="records-identified">
        <span>{[...words, identification.by, when].filter(Boolean).join(" · ")}</span>
        <button
          type="button"
          class="krds-btn text small"
          data-place="identify"
          onClick={() => {
            anew.value = true;
            focusOn("identify");
          }}
        >
          {gettext("Identify again")}
        </button>
      </p>
      <Purpose of={of} />
    </>
  );
}

export function Identify({ of }: { of: Board }) {
  const { level } = of.identification;
  const open = level === "none" || anew.value;
  return (
    <section class="records-head" aria-labelledby="records-identify">
      <h3 id="records-identify">
        {gettext("Identification")} <kbd aria-hidden="true">{shortcuts.identify.label}</kbd>
        <span class={`hd-badge ${level === "none" ? "gray" : "green"}`}>{levelName(level)}</span>
      </h3>
      {open ? <Form of={of} /> : <Done of={of} />}
      {failure.value && (
        <p class="records-problem" role="alert">
          {failure.value}
        </p>
      )}
    </section>
  );
}

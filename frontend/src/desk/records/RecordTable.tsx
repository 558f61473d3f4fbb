// One record as a small table. A masked field is shown for a reason, which is logged.
import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ApiError } from "../../lib/api";
import { fill } from "../../lib/i18n";
import { type Place, unmask, unmasking } from "./state";
import type { FieldValue, Panel, RecordFound } from "./types";
import { readable } from "./values";

/** Why the field was not shown. */
const problem = signal("");

const REASONS = (): string[] => [
  gettext("Comparing with what the citizen says"),
  gettext("The citizen asks for it"),
  gettext("Needed for the payment"),
];

const nameOf = ({ panel, record, field }: Place): string => `${panel}-${record}-${field}`;

function open(place: Place | null): void {
  problem.value = "";
  unmasking.value = place;
}

async function send(place: Place, form: HTMLFormElement): Promise<void> {
  const reason = String(new FormData(form).get("reason") ?? "").trim();
  try {
    await unmask(place, reason);
    if (unmasking.value === place) open(null);
  } catch (error) {
    problem.value = error instanceof ApiError ? error.message : String(error);
  }
}

function Reason({ place }: { place: Place }) {
  const input = useRef<HTMLInputElement>(null);
  // The agent has just asked for this field, and may type on: no key may come between. Once: whatever is drawn later, the
  // cursor may be elsewhere by then.
  useLayoutEffect(() => input.current?.focus(), []);
  const reasons = `${nameOf(place)}-reasons`;
  return (
    <form
      class="unmask"
      onSubmit={(event) => {
        event.preventDefault();
        void send(place, event.currentTarget);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        open(null);
      }}
    >
      <label>
        <span>{gettext("Reason (kept in the access log)")}</span>
        <input
          class="krds-input small"
          name="reason"
          list={reasons}
          required
          minLength={2}
          maxLength={200}
          autocomplete="off"
          ref={input}
        />
      </label>
      <datalist id={reasons}>
        {REASONS().map((reason) => (
          <option key={reason} value={reason} />
        ))}
      </datalist>
      <button type="submit" class="krds-btn tertiary small">
        {gettext("Show (Enter)")}
      </button>
      {problem.value && (
        <span class="records-problem" role="alert">
          {problem.value}
        </span>
      )}
    </form>
  );
}

function Value({ panel, place, field }: { panel: Panel; place: number; field: FieldValue }) {
  if (!field.masked) return <>{readable(field)}</>;
  const here: Place = { panel: panel.key, record: place, field: field.name };
  const wanted = unmasking.value;
  if (wanted && nameOf(wanted) === nameOf(here)) return <Reason place={wanted} />;
  return (
    <>
      {readable(field)}{" "}
      <button
        type="button"
        class="unmask-button"
        aria-label={fill(gettext("Show %(field)s"), { field: field.label })}
        onClick={() => open(here)}
      >
        {gettext("Show")}
      </button>
    </>
  );
}

export function RecordTable({ panel, record, place }: { panel: Panel; record: RecordFound; place: number }) {
  return (
    <table class="record">
      <caption>{record.title}</caption>
      <tbody>
        {record.values.map((field) => (
          <tr key={field.name}>
            <th scope="row">{field.label}</th>
            <td data-type={field.type} data-masked={field.masked}>
              <Value panel={panel} place={place} field={field} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// One record as a small table. A masked field is shown for a reason, which is logged.
import { signal } from "@preact/signals";
import { ApiError } from "../../lib/api";
import { fill } from "../../lib/i18n";
import { unmask } from "./state";
import type { FieldValue, Panel, RecordFound } from "./types";
import { readable } from "./values";

/** The field whose reason is being asked for: panel, record, field. */
const opened = signal("");
const problem = signal("");

const REASONS = (): string[] => [
  gettext("Comparing with what the citizen says"),
  gettext("The citizen asks for it"),
  gettext("Needed for the payment"),
];

function Reason({ panel, place, field, name }: { panel: Panel; place: number; field: FieldValue; name: string }) {
  const close = (): void => {
    opened.value = problem.value = "";
  };
  const send = async (form: HTMLFormElement): Promise<void> => {
    const reason = String(new FormData(form).get("reason") ?? "").trim();
    try {
      await unmask(panel, place, field.name, reason);
      close();
    } catch (error) {
      problem.value = error instanceof ApiError ? error.message : String(error);
    }
  };
  return (
    <form
      class="unmask"
      onSubmit={(event) => {
        event.preventDefault();
        void send(event.currentTarget);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <label>
        <span>{gettext("Reason (kept in the access log)")}</span>
        <input
          class="krds-input small"
          name="reason"
          list={`${name}-reasons`}
          required
          minLength={2}
          maxLength={200}
          autocomplete="off"
          // The agent has just asked for this field.
          ref={(element) => element?.focus()}
        />
      </label>
      <datalist id={`${name}-reasons`}>
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
  const name = `${panel.key}-${place}-${field.name}`;
  if (!field.masked) return <>{readable(field)}</>;
  if (opened.value === name) return <Reason panel={panel} place={place} field={field} name={name} />;
  return (
    <>
      {readable(field)}{" "}
      <button
        type="button"
        class="unmask-button"
        aria-label={fill(gettext("Show %(field)s"), { field: field.label })}
        onClick={() => {
          problem.value = "";
          opened.value = name;
        }}
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

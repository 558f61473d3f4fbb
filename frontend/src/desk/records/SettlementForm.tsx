// 이사정산: what the meter shows today becomes what is to be paid, with each step.
import { fill } from "../../lib/i18n";
import { serverNow } from "../../live/store";
import { settle, settlementOf } from "./state";
import type { Panel, Settlement } from "./types";
import { isoDay, won } from "./values";

function Steps({ of }: { of: Settlement }) {
  return (
    <>
      <p class="panel-read-out" role="status">
        {[of.read_out, ...of.notes].join(" ")}
      </p>
      <table class="record">
        <caption>{fill(gettext("%(days)s days, %(usage)s ㎥"), { days: of.days, usage: of.usage })}</caption>
        <tbody>
          {of.steps.map((step) => (
            <tr key={step.label}>
              <th scope="row">
                {step.label} <span class="hd-muted hd-number">{step.working}</span>
              </th>
              <td data-type="won">{won(step.won)}</td>
            </tr>
          ))}
          <tr class="record-total">
            <th scope="row">{gettext("To be paid")}</th>
            <td data-type="won">{won(of.total)}</td>
          </tr>
        </tbody>
      </table>
    </>
  );
}

export function SettlementForm({ panel }: { panel: Panel }) {
  const current = settlementOf(panel.key);
  return (
    <form
      class="settlement"
      aria-label={gettext("Moving settlement")}
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        void settle(panel, 0, String(data.get("reading") ?? "").trim(), String(data.get("on") ?? ""));
      }}
    >
      <h4>{gettext("Moving settlement")}</h4>
      <label class="records-field">
        <span>{gettext("Meter reading")}</span>
        <input
          class="krds-input small hd-number"
          name="reading"
          inputMode="decimal"
          maxLength={20}
          autocomplete="off"
          required
        />
      </label>
      <label class="records-field">
        <span>{gettext("Day of moving")}</span>
        <input class="krds-input small" name="on" type="date" required defaultValue={isoDay(serverNow())} />
      </label>
      <button type="submit" class="krds-btn secondary small">
        {gettext("Calculate (Enter)")}
      </button>
      {current?.problem && (
        <p class="records-problem" role="alert">
          {current.problem}
        </p>
      )}
      {current?.result && <Steps of={current.result} />}
    </form>
  );
}

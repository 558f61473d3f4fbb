// A small form in the place of the last contacts: who calls the citizen back, and when. Officers owe calls by the tab of offices.

import { dateAndTime } from "../../lib/format";
import { fill } from "../../lib/i18n";
import { centre, serverNow } from "../../live/store";
import { perform } from "../actions";
import { focusOn } from "../focus";
import { shown } from "../state";
import { nextTime } from "./order";
import { closeForm, number, owner, promiseCall, time } from "./state";

const close = (): void => {
  closeForm();
  focusOn("note");
};

function When() {
  const at = nextTime(time.value, serverNow());
  return (
    <label>
      <span>
        {gettext("Call from")}{" "}
        <span class="hd-muted">
          {at ? fill(gettext("from %(time)s"), { time: dateAndTime(at) }) : gettext("at once")}
        </span>
      </span>
      <input
        type="time"
        class="krds-input small"
        value={time.value}
        onInput={(event) => {
          time.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}

export function PromiseForm() {
  const unknown = !shown.value?.caller;
  return (
    <form
      class="promise-form"
      aria-label={gettext("Promise a call")}
      onSubmit={(event) => {
        event.preventDefault();
        void perform("promise", promiseCall);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <label>
        {gettext("Who calls")}
        <select
          class="krds-form-select small"
          data-place="promise"
          value={owner.value}
          onChange={(event) => {
            owner.value = event.currentTarget.value;
          }}
        >
          <option value="me">{gettext("I do")}</option>
          {Object.entries(centre.value?.queues ?? {}).map(([key, queue]) => (
            <option key={key} value={key}>
              {queue.name}
            </option>
          ))}
        </select>
      </label>
      <When />
      <label>
        {unknown ? gettext("Number") : gettext("Another number")}
        <input
          class="krds-input small hd-number"
          inputMode="tel"
          autoComplete="off"
          maxLength={20}
          required={unknown}
          value={number.value}
          onInput={(event) => {
            number.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" class="krds-btn primary small">
        {gettext("Promise (Enter)")}
      </button>
      <button type="button" class="krds-btn text small" onClick={close}>
        {gettext("Close (Esc)")}
      </button>
    </form>
  );
}

// The end of a contact: topic, disposition, done. At most three keystrokes.
import { clock } from "../lib/format";
import { now, secondsUntil } from "../live/store";
import { ActionButton } from "./ActionButton";
import { formOpen as caseFormOpen } from "./cases/state";
import { chooseDisposition, disposition, dispositionUnsaved, fieldError } from "./form";
import { shortcuts } from "./keys";
import { formOpen } from "./promises/state";
import { dispositions, my, phase } from "./state";
import { TopicPicker } from "./TopicPicker";

/** The key of each disposition, in their order: the tenth has 0, those after it have none. */
const DIGITS = "1234567890";

function Dispositions() {
  const usable = phase.value !== "empty" && phase.value !== "ringing";
  const press = (event: KeyboardEvent): void => {
    const picked =
      /^[0-9]$/.test(event.key) && !event.altKey ? dispositions.value[DIGITS.indexOf(event.key)] : undefined;
    if (!picked) return;
    event.preventDefault();
    chooseDisposition(picked.key);
    document.getElementById(`disposition-${picked.key}`)?.focus();
  };
  return (
    <fieldset class="dispositions" aria-labelledby="dispositions-title" disabled={!usable} onKeyDown={press}>
      <p id="dispositions-title">
        {gettext("Disposition")} <kbd aria-hidden="true">{shortcuts.disposition.label}</kbd>
        {dispositionUnsaved.value && <span class="note-status">{gettext("saving …")}</span>}
      </p>
      <div class="chips">
        {dispositions.value.map((item, index) => (
          <label key={item.key} class="chip">
            <input
              type="radio"
              name="disposition"
              id={`disposition-${item.key}`}
              data-place="disposition"
              checked={usable && disposition.value === item.key}
              onChange={() => chooseDisposition(item.key)}
            />
            <span>
              {index < DIGITS.length && <kbd aria-hidden="true">{DIGITS[index]}</kbd>} {item.name}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function WrapUpClock() {
  void now.value;
  const row = my.value;
  if (phase.value !== "wrap_up" || !row?.until) return null;
  const left = secondsUntil(row.until);
  const whole = (Date.parse(row.until) - Date.parse(row.since)) / 1000;
  return (
    <div class="wrap-clock" data-late={left < 10}>
      <span>{gettext("Wrap-up ends in")}</span>
      <strong class="hd-number">{clock(left)}</strong>
      <progress max={Math.max(1, whole)} value={left} aria-label={gettext("Wrap-up time left")} />
    </div>
  );
}

export function Finish() {
  return (
    <section class="finish" aria-label={gettext("Finish the contact")}>
      <TopicPicker />
      <Dispositions />
      <p class="field-error" role="alert">
        {fieldError.value}
      </p>
      <div class="finish-row">
        <WrapUpClock />
        <ActionButton name="promise" expanded={formOpen.value}>
          {gettext("Promise a call")}
        </ActionButton>
        <ActionButton name="openCase" expanded={caseFormOpen.value}>
          {gettext("Open a case")}
        </ActionButton>
        <ActionButton name="extend">{gettext("60 seconds more")}</ActionButton>
        <ActionButton name="finish" class="primary">
          {gettext("Finish")}
        </ActionButton>
      </div>
    </section>
  );
}

// The call's controls: always the same ones, always in the same place.
import { ActionButton } from "./ActionButton";
import { sendDigit } from "./actions";
import { focusOn, keypadOpen } from "./focus";
import { phase, shown } from "./state";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

function Keypad() {
  if (!keypadOpen.value || phase.value !== "talking") return null;
  const send = (digit: string): void => void sendDigit(digit);
  const press = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      keypadOpen.value = false;
      focusOn("note");
    } else if (DIGITS.includes(event.key)) send(event.key);
    else return;
    event.preventDefault();
  };
  return (
    <fieldset class="keypad" onKeyDown={press}>
      <legend class="sr-only">{gettext("Keypad: type digits, Escape closes")}</legend>
      {DIGITS.map((digit, index) => (
        <button type="button" key={digit} data-place={index === 0 ? "keypad" : undefined} onClick={() => send(digit)}>
          {digit}
        </button>
      ))}
    </fieldset>
  );
}

export function Controls() {
  const contact = shown.value;
  const talking = phase.value === "talking";
  const lasting = talking || phase.value === "reconnecting";
  const held = lasting && contact?.held === true;
  const muted = lasting && contact?.muted === true;
  const paused = lasting && contact?.recording_paused === true;
  return (
    <section class="controls" aria-label={gettext("The call")}>
      <div class="controls-row">
        <ActionButton name="answer" class="answer">
          {gettext("Answer")}
        </ActionButton>
        <ActionButton name="hold" pressed={held} class="toggle">
          {held ? gettext("Resume") : gettext("Hold")}
        </ActionButton>
        <ActionButton name="mute" pressed={muted} class="toggle">
          {muted ? gettext("Unmute") : gettext("Mute")}
        </ActionButton>
        <ActionButton name="keypad" expanded={talking && keypadOpen.value} class="toggle">
          {gettext("Keypad")}
        </ActionButton>
        <ActionButton name="recording" pressed={paused} class="toggle">
          {paused ? gettext("Record again") : gettext("Pause recording")}
        </ActionButton>
        <ActionButton name="pass">{gettext("Passing on")}</ActionButton>
        <ActionButton name="end" class="end">
          {gettext("End")}
        </ActionButton>
      </div>
      <Keypad />
    </section>
  );
}

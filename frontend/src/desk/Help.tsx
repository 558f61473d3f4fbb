// All keys, over the right column only: the caller's data stay in sight.
import { useLayoutEffect, useRef } from "preact/hooks";
import { helpOpen } from "./focus";
import { type ActionName, shortcuts } from "./keys";
import { useCursorBack } from "./returning";

function names(): [ActionName, string][] {
  return [
    ["answer", gettext("Answer")],
    ["end", gettext("End the call")],
    ["hold", gettext("Hold, resume")],
    ["mute", gettext("Mute, unmute")],
    ["keypad", gettext("Keypad")],
    ["recording", gettext("Pause the recording, record again")],
    ["available", gettext("Take calls")],
    ["away", gettext("Be away (then the number of the reason)")],
    ["work", gettext("Start or end work")],
    ["note", gettext("To the note")],
    ["topic", gettext("To the topic")],
    ["guess1", gettext("Take the suggested topic")],
    ["guess2", gettext("Take the second suggested topic")],
    ["guess3", gettext("Take the third suggested topic")],
    ["disposition", gettext("To the disposition (then its number)")],
    ["finish", gettext("Finish the contact")],
    ["extend", gettext("60 seconds more of wrap-up")],
    ["today", gettext("To my contacts of today")],
    ["tab1", gettext("Knowledge")],
    ["tab2", gettext("History")],
    ["tab3", gettext("Administration")],
    ["tab4", gettext("Departments")],
    ["find", gettext("Search the knowledge")],
    ["readOut", gettext("Article: I have read it out")],
    ["identify", gettext("Identify the citizen and look their records up")],
    ["pass", gettext("Pass the citizen on: find an office, a colleague, a queue")],
    ["handOver", gettext("Consultation: hand the citizen over")],
    ["conference", gettext("Consultation: all three together")],
    ["swap", gettext("Consultation: to the citizen and back")],
    ["takeBack", gettext("Consultation: take it back")],
    ["warn", gettext("Abuse: I have warned the citizen")],
    ["announce", gettext("Abuse: the announcement")],
    ["endAbuse", gettext("Abuse: end the call, the reason is told")],
    ["callSupervisor", gettext("Call a supervisor to this talk")],
    ["promise", gettext("Promise the citizen a call")],
    ["promises", gettext("To the calls that I owe")],
    ["who", gettext("Choose who is on the line (then the number)")],
    ["openCase", gettext("Open a case at an office")],
    ["telephone", gettext("Take the telephone into this window")],
    ["help", gettext("This list (also ? outside of fields)")],
  ];
}

function Sheet() {
  const sheet = useRef<HTMLDivElement>(null);
  useCursorBack(sheet);
  useLayoutEffect(() => sheet.current?.focus(), []);
  const close = (): void => {
    helpOpen.value = false;
  };
  return (
    <div
      class="help"
      role="dialog"
      aria-labelledby="help-title"
      tabIndex={-1}
      ref={sheet}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <h2 id="help-title">{gettext("Keys")}</h2>
      <dl>
        {names().map(([name, text]) => (
          <div key={name}>
            <dt>
              <kbd>{shortcuts[name].label}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="krds-btn small secondary" onClick={close}>
        {gettext("Close (Esc)")}
      </button>
    </div>
  );
}

export function Help() {
  return helpOpen.value ? <Sheet /> : null;
}

// 폭언 대응: three steps, one key each, always in the same place; and the recommended length of a talk.
import { ActionButton } from "../ActionButton";
import { phase } from "../state";
import { called } from "./help";
import { kinds } from "./kinds";
import { kind, last, talkLength } from "./state";

function lengthSentence(): string {
  switch (talkLength.value) {
    case "long":
      return gettext("The recommended time of a talk is over. Tell the citizen, and come to an end.");
    case "too_long":
      return gettext("You may end the call now: tell the reason first. The supervisor sees it.");
    default:
      return "";
  }
}

function said(): string {
  switch (last.value) {
    case "warn":
      return gettext("warned");
    case "announce":
      return gettext("announced");
    case "end":
      return gettext("ended");
    default:
      return "";
  }
}

export function Protection() {
  const talking = phase.value === "talking";
  const sentence = lengthSentence();
  return (
    <section class="protection" aria-label={gettext("Protection from abuse")} data-step={last.value ?? "none"}>
      {sentence && (
        <p class="protection-length" role="status">
          {sentence}
        </p>
      )}
      <div class="protection-row">
        <label for="abuse-kind">{said() || gettext("Abuse")}</label>
        <select
          id="abuse-kind"
          class="krds-form-select small"
          disabled={!talking}
          value={kind.value}
          onChange={(event) => {
            kind.value = event.currentTarget.value;
          }}
        >
          {kinds.value.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
        <ActionButton name="warn" class="small">
          {gettext("Warned")}
        </ActionButton>
        <ActionButton name="announce" class="small">
          {gettext("Announce")}
        </ActionButton>
        <ActionButton name="endAbuse" class="small end">
          {gettext("End for abuse")}
        </ActionButton>
        <ActionButton name="callSupervisor" class="small" pressed={called.value}>
          {called.value ? gettext("Supervisor called") : gettext("Call supervisor")}
        </ActionButton>
      </div>
    </section>
  );
}

// What is going on with a transfer, with its keys, in the place of the last contacts; and why one came to nothing.
import { duration } from "../../lib/format";
import { fill } from "../../lib/i18n";
import { centre, secondsSince } from "../../live/store";
import type { TransferRow } from "../../live/types";
import { ActionButton } from "../ActionButton";
import { consultedBy, consulting, failed, passingOn, targetName, transfer } from "./state";

function whatHappens(row: TransferRow): string {
  const name = targetName(row);
  if (row.answered_at === null)
    return fill(gettext("Calling %(name)s for %(duration)s. The citizen hears music."), {
      name,
      duration: duration(secondsSince(row.started_at)),
    });
  if (row.citizen && row.consulted)
    return fill(gettext("All three together: you, the citizen and %(name)s."), { name });
  if (row.citizen) return fill(gettext("You talk to the citizen. %(name)s hears music."), { name });
  return fill(gettext("You talk to %(name)s. The citizen hears music."), { name });
}

/** Why it came to nothing, and what can be done. */
export function whyNot(row: TransferRow): string {
  const name = targetName(row);
  const told = (text: string): string => fill(text, { name });
  switch (row.outcome) {
    case "busy":
      return told(gettext("%(name)s is in another call. Try a deputy, or promise a call back."));
    case "no_answer":
      return told(gettext("%(name)s did not answer. Try a deputy, or promise a call back."));
    case "rejected":
      return told(gettext("%(name)s turned the call down. Try a deputy, or promise a call back."));
    case "unreachable":
      return told(gettext("%(name)s cannot be reached at this number. Try another one, or promise a call back."));
    case "refused":
      return told(
        gettext("The centre cannot call out to %(name)s now. Tell the administrator, and promise a call back."),
      );
    case "left":
      return told(gettext("%(name)s hung up before the citizen was handed over."));
    case "cut_off":
      return told(gettext("The call with %(name)s broke off. Call again, or promise a call back."));
    default:
      return told(gettext("The call to %(name)s failed. Try again, or promise a call back."));
  }
}

function Steps({ row }: { row: TransferRow }) {
  return (
    <div class="controls-row">
      <ActionButton name="handOver" class="answer">
        {row.answered_at === null ? gettext("Leave them ringing") : gettext("Hand over")}
      </ActionButton>
      <ActionButton name="swap">{row.citizen ? gettext("To the officer") : gettext("To the citizen")}</ActionButton>
      <ActionButton name="conference">{gettext("All three")}</ActionButton>
      <ActionButton name="takeBack" class="end">
        {gettext("Take back")}
      </ActionButton>
    </div>
  );
}

function Bar() {
  const row = transfer.value;
  if (consulting.value && row) {
    return (
      <>
        <p>{whatHappens(row)}</p>
        <Steps row={row} />
      </>
    );
  }
  if (consultedBy.value !== null) {
    const name = centre.value?.agents[String(consultedBy.value)]?.name ?? "";
    return <p>{fill(gettext("%(name)s asks you about this citizen, who may be handed over to you."), { name })}</p>;
  }
  if (failed.value) {
    return (
      <>
        <p>{whyNot(failed.value)}</p>
        <div class="controls-row">
          <ActionButton name="pass">{gettext("Pass on to somebody else")}</ActionButton>
        </div>
      </>
    );
  }
  return null;
}

/** `hidden`: something that the agent has opened stands in its place; its keys go on. */
export function Consultation({ hidden }: { hidden: boolean }) {
  return (
    <section
      class="consultation"
      data-kind={passingOn.value}
      hidden={hidden}
      aria-label={gettext("Passing on")}
      aria-live="polite"
    >
      <Bar />
    </section>
  );
}

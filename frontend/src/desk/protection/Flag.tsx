// A flagged number: said before answering, in the head line.
import { dateAndTime } from "../../lib/format";
import { fill } from "../../lib/i18n";
import { shown } from "../state";
import { kindWord } from "./kinds";

export function Flag() {
  const flagged = shown.value?.flagged;
  if (!flagged) return null;
  return (
    <p class="head-flag">
      <strong>{gettext("Flagged number")}</strong>{" "}
      {fill(gettext("%(kind)s, until %(until)s"), {
        kind: kindWord(flagged.kind),
        until: dateAndTime(flagged.until),
      })}
    </p>
  );
}

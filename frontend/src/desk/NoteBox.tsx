import { connectionUp } from "../live/store";
import { note } from "./form";
import { shortcuts } from "./keys";
import type { NoteKeeper } from "./note";
import { phase } from "./state";
import { SummaryButton, SummaryOffer } from "./summary/Summary";
import { Transcript } from "./transcript/Transcript";

/** Larger than any note that a person types; pasted books end here. */
const LONGEST = 20_000;

function statusText(keeper: NoteKeeper): string {
  if (keeper.text.value.length >= LONGEST) return gettext("full: what goes beyond 20,000 letters was not taken");
  switch (keeper.status.value) {
    case "saved":
      return keeper.kept.value === null ? gettext("saved") : gettext("saved, personal data masked");
    case "waiting":
    case "saving":
      return connectionUp.value ? gettext("saving …") : gettext("kept in this browser until the server is back");
    case "failed":
      return connectionUp.value ? keeper.error.value : gettext("kept in this browser until the server is back");
    case "conflict":
      return gettext("two texts differ");
  }
}

function Conflict({ keeper }: { keeper: NoteKeeper }) {
  const theirs = keeper.theirs.value;
  if (!theirs) return null;
  const settle = (text: string): void => void keeper.settle(text);
  const mine = keeper.text.value;
  return (
    <div class="conflict" role="alert">
      <p>
        {gettext(
          "This note was also changed elsewhere, in another window or by a colleague. Neither text is lost: choose.",
        )}
      </p>
      <h3>{gettext("The other text")}</h3>
      <pre>{theirs.text || gettext("(empty)")}</pre>
      <div class="hd-actions">
        <button type="button" class="krds-btn small primary" onClick={() => settle(`${theirs.text}\n${mine}`)}>
          {gettext("Keep both, one after the other")}
        </button>
        <button type="button" class="krds-btn small secondary" onClick={() => settle(mine)}>
          {gettext("Keep my text")}
        </button>
        <button type="button" class="krds-btn small tertiary" onClick={() => settle(theirs.text)}>
          {gettext("Take the other text")}
        </button>
      </div>
    </div>
  );
}

/** The box keeps the cursor from one contact to the next, and takes nothing while the next call rings: the end of a word
 * belongs to the contact before. */
export function NoteBox() {
  const keeper = note.value;
  const usable = keeper !== null && phase.value !== "empty";
  const status = keeper && usable ? keeper.status.value : "none";
  return (
    <section class="note" aria-label={gettext("Note")}>
      <div class="field-head">
        <label for="note">
          {gettext("Note")} <kbd aria-hidden="true">{shortcuts.note.label}</kbd>
        </label>
        <SummaryButton />
        <span class="note-status" data-status={status} aria-live="off">
          {keeper && usable ? statusText(keeper) : ""}
        </span>
      </div>
      {keeper && <Conflict keeper={keeper} />}
      <textarea
        id="note"
        data-place="note"
        readOnly={!usable || phase.value === "ringing"}
        maxLength={LONGEST}
        spellcheck={false}
        aria-keyshortcuts={shortcuts.note.aria}
        placeholder={usable ? gettext("What is it about, what was answered") : ""}
        value={usable ? keeper.text.value : ""}
        onInput={(event) => keeper?.edit(event.currentTarget.value)}
        onBlur={() => void keeper?.leave()}
      />
      <SummaryOffer />
      <Transcript />
    </section>
  );
}

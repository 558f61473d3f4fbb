// Who is on the line: told by the number, or chosen by the agent; never guessed.
import { computed, effect, signal } from "@preact/signals";
import { ApiError, call } from "../../lib/api";
import { fill } from "../../lib/i18n";
import * as cases from "../cases/state";
import * as records from "../records/state";
import { detail, phase, refetchDetail, refreshToday, shownId } from "../state";
import type { Candidate, Known } from "../types";

/** Several people have this number, and nobody said which of them it is. */
export const undecided = computed(() => {
  const known = detail.value?.known;
  return known !== undefined && known.candidates.length > 1 && !known.chosen;
});
export const candidates = computed<readonly Candidate[]>(() => detail.value?.known.candidates ?? []);

/** The agent looks for somebody who is not among those of the number. */
export const formOpen = signal(false);
export const sought = signal("");
/** Null until something was looked for. */
export const found = signal<readonly Candidate[] | null>(null);
/** What a screen reader hears. */
export const said = signal("");

export const canChoose = computed(() => phase.value !== "empty" && detail.value?.contact.id === shownId.value);

export function openForm(): void {
  sought.value = "";
  found.value = null;
  formOpen.value = true;
}

export function closeForm(): void {
  formOpen.value = false;
}

const path = (rest: string): string => `/api/desk/contacts/${shownId.peek()}/${rest}`;

/** Looks for citizens by a part of the name or by a whole number; returns whether that is still what is sought. Throws
 * ApiError. */
export async function seek(): Promise<boolean> {
  const asked = sought.value;
  const answer = await call<Candidate[]>("POST", path("citizens"), { sought: asked.trim() });
  if (asked !== sought.value) return false;
  found.value = answer;
  return true;
}

/** It is this one; null: nobody knows who it is. Throws ApiError. */
export const choose = (citizen: number | null): Promise<void> =>
  decided(call<Known>("PUT", path("citizen"), { citizen }));

/** It is somebody new, with what was typed as the name. Throws ApiError with a sentence. */
export function introduce(): Promise<void> {
  const name = sought.value.trim();
  if (!name) throw new ApiError(0, "no_name", gettext("Type the name first."));
  return decided(call<Known>("POST", path("citizen"), { name }));
}

/** Everything that depends on who it is follows. */
async function decided(answer: Promise<Known>): Promise<void> {
  const contact = shownId.peek();
  const known = await answer;
  if (contact !== shownId.peek()) return;
  closeForm();
  await refetchDetail();
  said.value = known.citizen
    ? fill(gettext("It is %(name)s. The history is theirs."), { name: known.citizen.name })
    : gettext("It is not known who it is.");
  void cases.refresh();
  void records.refresh();
  void refreshToday();
}

effect(() => {
  void shownId.value;
  closeForm();
  said.value = "";
});

effect(() => {
  if (!undecided.value) return;
  said.value = fill(gettext("%(count)s people have this number. Alt+5 chooses who it is."), {
    count: String(candidates.value.length),
  });
});

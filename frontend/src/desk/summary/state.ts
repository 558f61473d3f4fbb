// A summary that a machine offers. Nothing of it stands in the note before the agent takes it.
import { effect, signal } from "@preact/signals";
import { ApiError, call } from "../../lib/api";
import { note } from "../form";
import { shownId } from "../state";
import { joined } from "./text";

export const asking = signal(false);
export const offered = signal<readonly string[] | null>(null);
export const refusal = signal("");

const WITHIN_MS = 10_000;
/** An answer to an earlier one comes too late: another contact is shown. */
let turn = 0;

/** Asks for a summary of what the server has, so the note is saved first. */
export async function ask(): Promise<void> {
  const contact = shownId.peek();
  if (!contact || asking.peek()) return;
  const asked = ++turn;
  asking.value = true;
  refusal.value = "";
  try {
    await note.peek()?.flush();
    const answer = await call<{ lines: string[] }>("POST", `/api/desk/contacts/${contact}/summary`, {}, WITHIN_MS);
    if (asked === turn) offered.value = answer.lines;
  } catch (error) {
    if (asked === turn) refusal.value = error instanceof ApiError ? error.message : String(error);
  } finally {
    if (asked === turn) asking.value = false;
  }
}

/** The agent takes it into the note. */
export function take(): void {
  const keeper = note.peek();
  const lines = offered.peek();
  if (keeper && lines) keeper.edit(joined(keeper.text.peek(), lines, gettext("Summary made by a machine")));
  drop();
}

/** The agent does not want it. */
export function drop(): void {
  offered.value = null;
  refusal.value = "";
}

effect(() => {
  void shownId.value;
  turn++;
  asking.value = false;
  drop();
});

// Small decisions about words.

const LONGEST_QUESTION = 60;

/** What to look an office up by: the first line of the note that has words, without its end if it is long. */
export function questionOf(note: string): string {
  const line = note.split("\n").find((each) => each.trim() !== "") ?? "";
  return line.trim().slice(0, LONGEST_QUESTION);
}

export function urgencyWord(urgency: "near" | "overdue"): string {
  return urgency === "overdue" ? gettext("overdue") : gettext("term ends within a day");
}

// How a summary stands in the note.

/** The note with the summary behind it; whoever reads it later sees who wrote what. */
export function joined(text: string, lines: readonly string[], label: string): string {
  const summary = [`[${label}]`, ...lines.map((line) => `- ${line}`)].join("\n");
  return text.trim() === "" ? summary : `${text.trimEnd()}\n${summary}`;
}

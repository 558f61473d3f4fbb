// The kinds of abuse in words.
export const KINDS: readonly [string, () => string][] = [
  ["abuse", () => gettext("abusive language")],
  ["sexual", () => gettext("sexual harassment")],
  ["threat", () => gettext("threat")],
  ["repeated", () => gettext("unreasonable and repeated")],
];

/** The kind in words; a word of the centre's own stays as it is. */
export const kindWord = (kind: string): string => KINDS.find(([key]) => key === kind)?.[1]() ?? kind;

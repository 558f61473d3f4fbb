// Texts: English in the code, Korean from Django's JavaScript catalogue (/jsi18n/), which defines these globals.
declare global {
  function gettext(text: string): string;
  function ngettext(one: string, many: string, count: number): string;
}

/** `text` with each `%(name)s` replaced by the value of that name. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/%\((\w+)\)s/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

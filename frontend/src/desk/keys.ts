// One key for each action, shown on its button. F-keys, and Alt with a letter: neither the browser, nor the Korean input
// method, nor typing in the note uses them. Keys are told by their place (`code`), so the input language does not matter.

export type ActionName =
  | "answer"
  | "end"
  | "hold"
  | "mute"
  | "keypad"
  | "recording"
  | "available"
  | "away"
  | "work"
  | "note"
  | "topic"
  | "disposition"
  | "finish"
  | "extend"
  | "today"
  | "tab1"
  | "tab2"
  | "tab3"
  | "tab4"
  | "find"
  | "readOut"
  | "identify"
  | "pass"
  | "handOver"
  | "conference"
  | "swap"
  | "takeBack"
  | "warn"
  | "announce"
  | "endAbuse"
  | "callSupervisor"
  | "promise"
  | "promises"
  | "openCase"
  | "who"
  | "guess1"
  | "guess2"
  | "guess3"
  | "telephone"
  | "help";

interface Shortcut {
  readonly code: string;
  readonly alt: boolean;
  /** As it is shown on the button. */
  readonly label: string;
  /** As `aria-keyshortcuts` has it. */
  readonly aria: string;
}

const plain = (code: string): Shortcut => ({ code, alt: false, label: code, aria: code });
const alt = (code: string, key: string): Shortcut => ({ code, alt: true, label: `Alt+${key}`, aria: `Alt+${key}` });
const letter = (key: string): Shortcut => alt(`Key${key}`, key);

export const shortcuts: Readonly<Record<ActionName, Shortcut>> = {
  answer: plain("F2"),
  end: plain("F4"),
  hold: plain("F8"),
  mute: letter("M"),
  keypad: letter("K"),
  recording: letter("R"),
  available: letter("A"),
  away: letter("O"),
  work: letter("Q"),
  note: letter("N"),
  topic: letter("U"),
  disposition: letter("P"),
  finish: alt("Enter", "Enter"),
  extend: letter("Y"),
  today: letter("L"),
  tab1: alt("Digit1", "1"),
  tab2: alt("Digit2", "2"),
  tab3: alt("Digit3", "3"),
  tab4: alt("Digit4", "4"),
  find: plain("F7"),
  readOut: plain("F6"),
  identify: letter("V"),
  pass: letter("T"),
  handOver: plain("F9"),
  conference: letter("H"),
  swap: letter("S"),
  takeBack: letter("X"),
  warn: letter("W"),
  announce: letter("B"),
  endAbuse: letter("Z"),
  callSupervisor: letter("I"),
  promise: letter("C"),
  promises: letter("G"),
  openCase: plain("F3"),
  who: alt("Digit5", "5"),
  guess1: alt("Digit6", "6"),
  guess2: alt("Digit7", "7"),
  guess3: alt("Digit8", "8"),
  telephone: letter("J"),
  help: alt("Slash", "/"),
};

const byCode = new Map<string, ActionName>(
  Object.entries(shortcuts).map(([name, { code, alt: withAlt }]) => [
    `${withAlt ? "Alt+" : ""}${code}`,
    name as ActionName,
  ]),
);

/** The parts of a keyboard event that matter here. */
export interface Pressed {
  code: string;
  key: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  repeat: boolean;
}

/** The action that a key asks for; `typing`: the focus is where characters are typed. */
export function actionFor(pressed: Pressed, typing: boolean): ActionName | null {
  if (pressed.repeat || pressed.ctrlKey || pressed.metaKey) return null;
  if (!typing && !pressed.altKey && pressed.key === "?") return "help";
  if (pressed.shiftKey) return null;
  return byCode.get(`${pressed.altKey ? "Alt+" : ""}${pressed.code}`) ?? null;
}

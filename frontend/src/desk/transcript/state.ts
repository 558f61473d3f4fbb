// What was said in the shown contact, as a machine heard it: fetched while the agent looks at it.
import { effect, signal } from "@preact/signals";
import { call } from "../../lib/api";
import { keepTrying } from "../../lib/lists";
import { inCall, shownId } from "../state";
import { merged, type Piece } from "./order";

interface Machines {
  readonly transcript: boolean;
  readonly summary: boolean;
}

/** Which machines the centre has. None before the server has said so. */
export const machines = signal<Machines>({ transcript: false, summary: false });
export const looking = signal(false);
export const pieces = signal<readonly Piece[]>([]);

const EVERY_MS = 2000;

async function fetchNew(contact: string): Promise<void> {
  const last = Math.max(0, ...pieces.peek().map((piece) => piece.id));
  const fresh = await call<Piece[]>("GET", `/api/desk/contacts/${contact}/transcript?after=${last}`).catch(() => []);
  if (fresh.length > 0 && shownId.peek() === contact) pieces.value = merged(pieces.peek(), fresh);
}

/** Asks what machines there are, and from then on what was said, as long as somebody looks. */
export function startTranscript(): void {
  void keepTrying<Machines>("/api/desk/machines", (answer) => {
    machines.value = answer;
  });
  effect(() => {
    void shownId.value;
    pieces.value = [];
  });
  effect(() => {
    const contact = shownId.value;
    if (!contact || !looking.value || !machines.value.transcript) return;
    void fetchNew(contact);
    // After the call the last pieces are still on their way, so it goes on, more slowly.
    const timer = setInterval(() => void fetchNew(contact), inCall.value ? EVERY_MS : 2 * EVERY_MS);
    return () => clearInterval(timer);
  });
}

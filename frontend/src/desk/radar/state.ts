// Which of the radar's alarms the contact on the screen belongs to.
import { effect, signal } from "@preact/signals";
import { call } from "../../lib/api";
import { health } from "../../live/store";
import { shownId } from "../state";

interface Belonging {
  alarms: number[];
}

/** The alarms of the contact on the screen; null until the server has said. */
export const belongsTo = signal<ReadonlySet<number> | null>(null);
export const problem = signal("");

const path = (contact: string): string => `/api/desk/contacts/${contact}/alarms`;
let standing = "";

async function fetchBelonging(contact: string): Promise<void> {
  const answer = await call<Belonging>("GET", path(contact)).catch(() => null);
  if (contact === shownId.peek() && answer) belongsTo.value = new Set(answer.alarms);
}

/** Asks anew with each other contact and each other set of alarms. */
export function startRadar(): void {
  effect(() => {
    const contact = shownId.value;
    const alarms = (health.value?.alarms ?? []).map(({ id }) => id).join();
    if (`${contact} ${alarms}` === standing) return;
    standing = `${contact} ${alarms}`;
    belongsTo.value = null;
    problem.value = "";
    if (contact && alarms) void fetchBelonging(contact);
  });
}

/** Says that the contact belongs to the alarm, or that it does not. */
export async function say(alarm: number, belongs: boolean): Promise<void> {
  const contact = shownId.peek();
  if (!contact) return;
  try {
    const answer = await call<Belonging>("POST", path(contact), { alarm, belongs });
    if (contact === shownId.peek()) belongsTo.value = new Set(answer.alarms);
    problem.value = "";
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
}

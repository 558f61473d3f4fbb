// The centre's reasons for being away.
import { signal } from "@preact/signals";
import { systemReason } from "../desk/words";
import { call } from "../lib/api";

export interface Choice {
  key: string;
  name: string;
}

const RETRY_MS = 2000;
export const awayReasons = signal<Choice[]>([]);

export const reasonName = (key: string): string =>
  systemReason(key) ?? awayReasons.value.find((reason) => reason.key === key)?.name ?? key;

/** Fetches them, again and again until they are there. */
export async function fetchReasons(): Promise<void> {
  try {
    awayReasons.value = await call<Choice[]>("GET", "/api/away-reasons");
  } catch {
    setTimeout(() => void fetchReasons(), RETRY_MS);
  }
}

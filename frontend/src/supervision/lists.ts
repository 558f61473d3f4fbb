// The centre's reasons for being away.
import { signal } from "@preact/signals";
import { systemReason } from "../desk/words";
import { keepTrying } from "../lib/lists";

export interface Choice {
  key: string;
  name: string;
}

export const awayReasons = signal<Choice[]>([]);

export const reasonName = (key: string): string =>
  systemReason(key) ?? awayReasons.value.find((reason) => reason.key === key)?.name ?? key;

export const fetchReasons = (): Promise<void> =>
  keepTrying<Choice[]>("/api/away-reasons", (list) => {
    awayReasons.value = list;
  });

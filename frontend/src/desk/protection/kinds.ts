// The centre's kinds of abuse, as the server lists them.
import { signal } from "@preact/signals";
import { keepTrying } from "../../lib/lists";

export interface AbuseKind {
  key: string;
  name: string;
  /** Nobody has to warn of it: the call may be ended at once. */
  at_once: boolean;
}

export const kinds = signal<readonly AbuseKind[]>([]);

export const fetchKinds = (): Promise<void> =>
  keepTrying<AbuseKind[]>("/api/abuse-kinds", (list) => {
    kinds.value = list;
  });

/** The kind in words; one that is not on the list stays as it is. */
export const kindWord = (key: string): string => kinds.value.find((kind) => kind.key === key)?.name ?? key;

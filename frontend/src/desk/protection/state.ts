// The steps against abuse in the talk on the screen.
import { computed, effect, signal } from "@preact/signals";
import { call } from "../../lib/api";
import { centre, secondsSince } from "../../live/store";
import { inCall, my, shown, shownId } from "../state";
import { kinds } from "./kinds";
import { type Length, lengthOf, mayFollow, type Step } from "./steps";

/** The centre's own word for what happens; stands in the record. */
export const kind = signal("abuse");

export const last = computed<Step | null>(() => shown.value?.protection?.at(-1)?.step ?? null);
const mine = computed(() => shown.value?.agent === my.value?.agent);

const atOnce = computed(() => kinds.value.some(({ key, at_once }) => key === kind.value && at_once));

export const isNext = (step: Step): boolean => mine.value && mayFollow(last.value, step, atOnce.value);

export const take = (step: Step): Promise<unknown> =>
  call("POST", "/api/desk/protect", { contact: shown.value?.id, step, kind: kind.value });

/** What the length of my talk says. */
export const talkLength = computed<Length>(() => {
  const queue = shown.value?.queue;
  if (!inCall.value || !queue) return "usual";
  return lengthOf(secondsSince(my.value?.since ?? null), centre.value?.queues[queue]);
});

effect(() => {
  void shownId.value;
  kind.value = "abuse";
});

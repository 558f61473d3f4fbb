// Calling for a supervisor: it stands on their page and on the wallboard until one looks.
import { computed } from "@preact/signals";
import { call } from "../../lib/api";
import { health } from "../../live/store";
import { my, shown } from "../state";

/** Whether my call is out, and nobody has looked yet. */
export const called = computed(
  () =>
    health.value?.help.some(({ agent, contact }) => agent === my.value?.agent && contact === shown.value?.id) ?? false,
);

/** Calls, or takes the call back. */
export const callSupervisor = (): Promise<unknown> =>
  call("POST", "/api/desk/call-supervisor", { contact: shown.value?.id, wanted: !called.value });

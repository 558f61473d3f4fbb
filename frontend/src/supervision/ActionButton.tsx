// A button for one action of the supervisors' page.
import { actionButton } from "../lib/actionButton";
import { shortcuts } from "./keys";
import { busy, possible, run } from "./state";

export const ActionButton = actionButton({ shortcuts, possible, busy: (name) => busy.value.has(name), run });

// A button for one action of the desk.
import { actionButton } from "../lib/actionButton";
import { busy, possible, run } from "./actions";
import { shortcuts } from "./keys";

export const ActionButton = actionButton({ shortcuts, possible, busy: (name) => busy.value.has(name), run });

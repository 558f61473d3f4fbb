import type { AgentState } from "../live/types";

/** The word for an agent's state; the same over the whole product. */
export function stateName(state: AgentState): string {
  switch (state) {
    case "available":
      return gettext("Available");
    case "offered":
      return gettext("Ringing");
    case "engaged":
      return gettext("Talking");
    case "wrap_up":
      return gettext("Wrap-up");
    case "away":
      return gettext("Away");
    case "signed_out":
      return gettext("Signed out");
  }
}

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

/** The last part of a topic's full name ('세무 > 지방세 > 자동차세'): what is read at a glance. */
export const shortTopic = (full: string): string => full.split(" > ").at(-1) ?? full;

/** Why the centre itself sets somebody away: they had no telephone for a while, or it could not be rung. */
export const UNREACHABLE = "unreachable";

/** To whom that happened: it was not their doing, and nothing but their own word ends it. */
export const goneText = (): string =>
  gettext("Your telephone was not connected, so you are away and get no calls. Alt+A takes calls again.");

/** The words for a reason that the engine gives, and nobody chooses; null for others. */
export function systemReason(key: string): string | null {
  switch (key) {
    case "signed_in":
      return gettext("Just signed in");
    case "no_answer":
      return gettext("Did not answer");
    case UNREACHABLE:
      return gettext("Telephone not reachable");
    case "rejected":
      return gettext("Turned the call down");
    case "rest":
      return gettext("Rest after an abusive call");
    default:
      return null;
  }
}

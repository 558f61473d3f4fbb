/** The word for a channel; a channel that this page does not know by name stands as it is. */
export function channelName(channel: string): string {
  return channel === "voice" ? gettext("Telephone") : channel;
}

/** How a contact ended to which nobody gave a disposition; empty for one that was answered, or goes on. */
export function ending(outcome: string | null): string {
  switch (outcome) {
    case "abandoned":
      return gettext("gave up waiting");
    case "left_in_flow":
    case "closed_by_flow":
      return gettext("ended in the announcement");
    case "refused":
      return gettext("refused");
    case "promised":
      return gettext("callback promised");
    case "not_reached":
      return gettext("not reached");
    default:
      return "";
  }
}

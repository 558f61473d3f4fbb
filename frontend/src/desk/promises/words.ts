/** Why a call was promised, short enough for a line. */
export function reasonWord(reason: string): string {
  switch (reason) {
    case "queue":
      return gettext("instead of waiting");
    case "after_hours":
      return gettext("after hours");
    case "abandoned":
      return gettext("gave up waiting");
    case "dropped":
      return gettext("call broke off");
    case "voicemail":
      return gettext("left a message");
    case "text":
      return gettext("wrote a message");
    default:
      return gettext("promised by an agent");
  }
}

export function urgencyWord(urgency: "overdue" | "near" | ""): string {
  if (urgency === "overdue") return gettext("overdue");
  return urgency === "near" ? gettext("deadline near") : "";
}

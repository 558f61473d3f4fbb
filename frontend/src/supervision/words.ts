// The page's sentences.
import type { Abuse, Mode, Obstacle } from "./floor";

/** Who hears whom. */
export function hearing(mode: Mode): string {
  switch (mode) {
    case "listen":
      return gettext("You hear both of them. Nobody hears you.");
    case "whisper":
      return gettext("You hear both of them. Only the agent hears you; the citizen does not.");
    case "barge":
      return gettext("All three hear each other: the citizen hears you, too.");
  }
}

export function modeWord(mode: Mode): string {
  switch (mode) {
    case "listen":
      return gettext("Listening");
    case "whisper":
      return gettext("Whispering");
    case "barge":
      return gettext("Talking with both");
  }
}

export function obstacleSentence(obstacle: Obstacle): string {
  switch (obstacle) {
    case "none_chosen":
      return gettext("Choose an agent who is talking.");
    case "no_telephone":
      return gettext("Your telephone is not ready yet: see the line at the top.");
    case "engaged":
      return gettext("You have a citizen on the line. End that call first.");
    case "own":
      return gettext("This is your own talk.");
    case "elsewhere":
      return gettext("You take part in another talk. Stop that first.");
    case "other":
      return gettext("Another supervisor takes part in this talk.");
  }
}

export function stepWord(step: Abuse["step"]): string {
  switch (step) {
    case "warn":
      return gettext("Abuse: warned");
    case "announce":
      return gettext("Abuse: announced");
    case "end":
      return gettext("Abuse: ended");
  }
}

// The head line's first line: what is wrong with the lines, always in the same place. It heals without a click.
import type { ComponentChildren } from "preact";
import { Crowded } from "../lib/Crowded";
import { LostSince } from "../lib/LostSince";
import { centre, connection } from "../live/store";
import { explain } from "../phone/microphone";
import type { Registration } from "../phone/softphone";
import { ActionButton } from "./ActionButton";
import { failure } from "./actions";
import { detailError, my, phase } from "./state";
import { election, hasSoftphone, holdsPhone, phone } from "./telephone";

/** Whoever may do nothing else at this desk can still talk, and hang up. */
const callGoesOn = (): string =>
  phone.call.value?.phase === "talking" ? ` ${gettext("Your call goes on; F4 ends it.")}` : "";

/** What happened to the log-in, in a sentence. */
function logInProblem(): ComponentChildren {
  const why = connection.loggedOut.value;
  if (why === "stopped")
    return (
      gettext("The administrator has stopped your account. What is not saved stays in this browser.") + callGoesOn()
    );
  if (why === "someone_else")
    return (
      gettext(
        "Somebody else has logged in in this browser. Log that person out and log in yourself; what you typed is kept.",
      ) + callGoesOn()
    );
  return (
    <>
      {why === "new_password"
        ? gettext("Your password was changed, so you are logged out; what you typed is kept.")
        : gettext("You are logged out; what you typed is kept.")}
      {callGoesOn()}{" "}
      <a href="/login?next=/desk/" target="_blank" rel="noreferrer">
        {gettext("Log in again (new window)")}
      </a>
    </>
  );
}

function lineProblem(): ComponentChildren {
  switch (connection.line.value) {
    case "lost":
      return gettext("The server does not answer. Trying again; what you type is kept.");
    case "logged_out":
      return logInProblem();
    case "crowded":
      return <Crowded />;
    default:
      return centre.value === null || centre.value.role === "agent" ? null : roleProblem();
  }
}

/** The telephone is taken away with the role; what the agent has begun is theirs to finish. */
function roleProblem(): string {
  const open = phase.value !== "empty";
  const what = open
    ? gettext("Your role was changed: this desk gets no more calls. Finish this contact here; it is saved as always.")
    : gettext("Your role was changed: this desk gets no more calls.");
  return what + callGoesOn();
}

function phoneProblem(): ComponentChildren {
  if (!hasSoftphone)
    return my.value && my.value.state !== "signed_out" && !my.value.reachable
      ? gettext("Your desk telephone is not registered. Check that it is switched on and connected.")
      : null;
  if (!election.value || !holdsPhone.value) return null;
  if (phone.microphone.value) {
    return (
      <>
        {explain(phone.microphone.value)}{" "}
        <button type="button" class="strip-button" onClick={() => void phone.checkMicrophone()}>
          {gettext("Try the microphone again")}
        </button>
      </>
    );
  }
  if (phone.problem.value) return phone.problem.value;
  switch (phone.registration.value) {
    case "lost":
      return gettext("The telephone has no connection to the exchange. Trying again; a call in progress goes on.");
    case "refused":
      return gettext(
        "The exchange does not accept this telephone: perhaps you opened the desk on another computer. Reload the page to take the telephone here.",
      );
    default:
      return null;
  }
}

function phoneWord(state: Registration): string {
  switch (state) {
    case "registered":
      return gettext("Telephone ready");
    case "connecting":
    case "off":
      return gettext("Telephone is connecting");
    case "lost":
    case "refused":
      return gettext("Telephone not connected");
  }
}

function Lights() {
  const up = connection.line.value === "up";
  const desk = my.value?.reachable === true;
  return (
    <ul class="lights" aria-label={gettext("Lines")}>
      <li data-good={up}>{up ? gettext("Server connected") : gettext("Server not connected")}</li>
      {hasSoftphone && holdsPhone.value && (
        <li
          data-good={phone.registration.value === "registered"}
          data-phone={phone.registration.value}
          data-call={phone.call.value?.phase ?? "none"}
        >
          {phoneWord(phone.registration.value)}
        </li>
      )}
      {!hasSoftphone && (
        <li data-good={desk}>{desk ? gettext("Desk telephone ready") : gettext("Desk telephone not registered")}</li>
      )}
    </ul>
  );
}

function OtherWindow() {
  if (!hasSoftphone || !election.value || holdsPhone.value) return null;
  return (
    <p class="strip-other">
      {election.value.otherIsBusy.value
        ? gettext("The other window is in a call; take the telephone when it is over.")
        : gettext("The telephone is in another window of yours.")}
      <ActionButton name="telephone" class="small">
        {gettext("Take the telephone here")}
      </ActionButton>
    </p>
  );
}

export function Strip() {
  const trouble = lineProblem() ?? phoneProblem();
  const error = failure.value || detailError.value;
  return (
    <div class="strip" data-trouble={trouble !== null} data-error={trouble === null && error !== ""}>
      <p class="strip-text" role="alert">
        {trouble ?? error}
      </p>
      <LostSince />
      {trouble === null && error === "" && <OtherWindow />}
      <Lights />
    </div>
  );
}

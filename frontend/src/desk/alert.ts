// An arriving contact is also told outside of this window: in its title, and by the browser where the agent allows it.
import { effect } from "@preact/signals";
import { titleText } from "./Head";
import { my, phase } from "./state";
import { hasSoftphone } from "./telephone";

const FLASH_MS = 800;

/** Flashes the title and shows a notification while it rings. */
export function startAlerting(): void {
  effect(() => {
    if (phase.value !== "ringing") {
      document.title = titleText(false);
      return undefined;
    }
    let flash = true;
    const show = (): void => {
      document.title = titleText(flash);
      flash = !flash;
    };
    show();
    const timer = setInterval(show, FLASH_MS);
    const note = notify();
    return () => {
      clearInterval(timer);
      note?.close();
    };
  });
  effect(() => {
    if (my.value?.state !== "available" || !("Notification" in window)) return undefined;
    const ask = (): void => {
      if (Notification.permission === "default") void Notification.requestPermission();
    };
    addEventListener("click", ask, { once: true });
    return () => removeEventListener("click", ask);
  });
}

/** Without the caller's number: the notification may be seen by others. */
function notify(): Notification | null {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return null;
  const note = new Notification(gettext("Incoming call"), {
    body: hasSoftphone
      ? gettext("Go to the desk and press F2.")
      : gettext("Lift the handset of your desk telephone to answer."),
    tag: "haedap-ringing",
  });
  note.onclick = () => window.focus();
  return note;
}

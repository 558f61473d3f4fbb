import { effect, type ReadonlySignal } from "@preact/signals";
import { connection } from "../live/store";
import type { Softphone } from "./softphone";

/** Logging out takes the credentials away; who has logged in again gets new ones without loading the page. */
export function renewAfterLogIn(phone: Softphone, holds: ReadonlySignal<boolean>): void {
  let loggedOut = false;
  effect(() => {
    const line = connection.line.value;
    if (line === "logged_out") loggedOut = true;
    else if (line === "up" && loggedOut) {
      loggedOut = false;
      if (holds.peek()) void phone.renew();
    }
  });
}

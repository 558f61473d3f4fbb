// 관제: the floor, the talks, and what needs a supervisor now.
import { render } from "preact";
import { fetchKinds } from "../desk/protection/kinds";
import { call } from "../lib/api";
import { connect } from "../live/store";
import { Agents } from "./Agents";
import { actionFor } from "./keys";
import { fetchReasons } from "./lists";
import { failure, leaveWithThePage, mine, ownTalk, run } from "./state";
import { Talk } from "./Talk";
import { Lost, Top, Urgent } from "./Top";
import { phone, root, startTelephone } from "./telephone";
import { Waiting } from "./Waiting";

declare global {
  interface Window {
    /** For tests and for the support: the telephone of this window. */
    haedap?: { phone: typeof phone };
  }
}

const KEEP_ALIVE_MS = 60_000;

function Floor() {
  return (
    <>
      <Lost />
      <Top />
      <Urgent />
      <div class="floor-columns">
        <Agents />
        <div class="floor-side">
          <Talk />
          <Waiting />
        </div>
      </div>
    </>
  );
}

function listenToKeys(): void {
  addEventListener(
    "keydown",
    (event) => {
      const name = actionFor(event);
      if (name) {
        event.preventDefault();
        run(name);
      } else if (event.key === "Escape") failure.value = "";
    },
    { capture: true },
  );
}

/** Who takes part in a talk is at work, even if nothing is pressed for a while. */
function keepLoggedIn(): void {
  let used = true;
  for (const sign of ["keydown", "pointerdown"]) addEventListener(sign, () => (used = true), { passive: true });
  setInterval(() => {
    if (!used && !mine.value && !ownTalk.value) return;
    used = false;
    void call("GET", "/api/me").catch(() => undefined);
  }, KEEP_ALIVE_MS);
}

if (root) {
  window.haedap = { phone };
  render(<Floor />, root);
  listenToKeys();
  leaveWithThePage();
  startTelephone();
  keepLoggedIn();
  void fetchReasons();
  void fetchKinds();
  connect();
}

// Too many windows of one account: this one was closed for a newer one, and goes on when somebody turns to it.
import { connection } from "../live/store";

export function Crowded() {
  return (
    <>
      {gettext(
        "More than ten windows of this account are open: this one shows nothing new. Close those you do not need.",
      )}{" "}
      <button type="button" class="hd-action small" onClick={() => connection.retryNow()}>
        {gettext("Go on in this window")}
      </button>
    </>
  );
}

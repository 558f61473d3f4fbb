// How long the server has been away. It stands beside the sentence that says so: a screen reader says that sentence once,
// and not again with every second.
import { connection, now } from "../live/store";
import { duration } from "./format";
import { fill } from "./i18n";

export function LostSince() {
  void now.value;
  if (connection.line.value !== "lost" || connection.lostAt.value === null) return null;
  const since = (Date.now() - connection.lostAt.value) / 1000;
  return (
    <span class="hd-number" aria-hidden="true">
      {fill(gettext("for %(duration)s"), { duration: duration(since) })}
    </span>
  );
}

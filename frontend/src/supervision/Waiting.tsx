// Who waits, by queue; and moving them to another one.
import { signal } from "@preact/signals";
import { duration, telephone } from "../lib/format";
import { fill } from "../lib/i18n";
import { centre, now, secondsSince } from "../live/store";
import { type Waiting as Row, waitingOf } from "./floor";
import { ask } from "./state";

/** The queue that is chosen for a contact. */
const targets = signal<Readonly<Record<string, string>>>({});

function callerOf({ contact }: Row): string {
  if (contact.withheld) return gettext("withheld number");
  return contact.caller ? telephone(contact.caller) : (contact.caller_text ?? "");
}

function Move({ row }: { row: Row }) {
  const { id, queue } = row.contact;
  const others = Object.entries(centre.value?.queues ?? {}).filter(([key]) => key !== queue);
  const target = targets.value[id] ?? "";
  return (
    <div class="floor-move">
      <select
        class="krds-form-select small"
        aria-label={fill(gettext("Another queue for %(caller)s"), { caller: callerOf(row) })}
        value={target}
        onChange={(event) => {
          targets.value = { ...targets.value, [id]: event.currentTarget.value };
        }}
      >
        <option value="">{gettext("another queue")}</option>
        {others.map(([key, { name }]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="hd-action small"
        aria-disabled={target === ""}
        onClick={() => target !== "" && void ask("move", "move", { contact: id, queue: target })}
      >
        {gettext("Move")}
      </button>
    </div>
  );
}

export function Waiting() {
  void now.value;
  const queues = centre.value ? waitingOf(centre.value) : [];
  const busy = queues.filter(({ rows }) => rows.length > 0);
  const empty = queues.filter(({ rows }) => rows.length === 0);
  const total = queues.reduce((sum, { rows }) => sum + rows.length, 0);
  return (
    <div class="floor-waiting">
      <h2 id="floor-waiting-title">
        {gettext("Waiting")} <span class="hd-number">{total}</span>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      <section class="floor-scroll" tabIndex={0} aria-labelledby="floor-waiting-title">
        {empty.length > 0 && (
          <p class="hd-muted">
            {fill(gettext("Nobody waits in: %(queues)s"), { queues: empty.map(({ name }) => name).join(", ") })}
          </p>
        )}
        {busy.map(({ key, name, rows }) => (
          <section key={key} data-queue={key} aria-label={name}>
            <h3>
              {name} <span class="hd-number">{fill(gettext("%(n)s waiting"), { n: rows.length })}</span>
            </h3>
            <ol>
              {rows.map((row) => (
                <li key={row.contact.id} data-contact={row.contact.id}>
                  <span class="floor-position hd-number">{row.position}</span>
                  <span class="hd-number">{callerOf(row)}</span>
                  <span class="hd-number">
                    {row.contact.state === "offered" ? gettext("ringing") : duration(secondsSince(row.since))}
                  </span>
                  {row.contact.state === "waiting" && <Move row={row} />}
                </li>
              ))}
            </ol>
          </section>
        ))}
      </section>
    </div>
  );
}

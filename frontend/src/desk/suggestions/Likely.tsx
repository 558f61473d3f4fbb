// On top of the tab 지식: where a matter like this one goes, and how others like it ended. All of it guesses.
import { dateAndTime, telephone } from "../../lib/format";
import { fill } from "../../lib/i18n";
import { shortTopic } from "../words";
import { articles, lookFor, offices, similar } from "./state";

function Offices() {
  if (offices.value.length === 0) return null;
  return (
    <section>
      <h3>{gettext("Likely office")}</h3>
      <ul class="knowledge-others">
        {offices.value.map((office) => (
          <li key={office.id}>
            <strong>{office.place}</strong> <span class="hd-number">{telephone(office.telephone)}</span>
            {office.went > 0 && (
              <span class="hd-muted"> {fill(gettext("%(count)s like this went there"), { count: office.went })}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Articles() {
  if (articles.value.length === 0) return null;
  return (
    <section>
      <h3>{gettext("Further articles")}</h3>
      <ul class="knowledge-others">
        {articles.value.map((article) => (
          <li key={article.key}>
            <button type="button" class="krds-btn small text" onClick={() => lookFor(article.title)}>
              {article.title}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Contacts() {
  if (similar.value.length === 0) return null;
  return (
    <section>
      <h3>{gettext("How similar contacts ended")}</h3>
      <ul class="knowledge-others">
        {similar.value.map((item) => (
          <li key={`${item.closed_at} ${item.note_first_line}`}>
            <strong>{shortTopic(item.topic)}</strong> {item.note_first_line}{" "}
            <span class="hd-muted">
              {dateAndTime(item.closed_at)} {[item.disposition, ...item.offices].join(" → ")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Likely() {
  if (offices.value.length + articles.value.length + similar.value.length === 0) return null;
  return (
    <details class="likely" open>
      <summary>
        <span class="guess-mark">{gettext("suggested")}</span> {gettext("From the note")}
      </summary>
      <Offices />
      <Articles />
      <Contacts />
    </details>
  );
}

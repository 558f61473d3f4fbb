// The tab 지식: what fits the note as it is typed, or the tab's own field. It never takes the cursor.
import { useState } from "preact/hooks";
import { dateAndTime } from "../../lib/format";
import { Empty } from "../Empty";
import { focusOn, watchCursor } from "../focus";
import { shortcuts } from "../keys";
import { topics } from "../state";
import { Likely } from "../suggestions/Likely";
import { Article } from "./Article";
import {
  active,
  error,
  failure,
  found,
  fromNote,
  kind,
  meant,
  office,
  propose,
  query,
  sought,
  toggle,
  topic,
} from "./state";
import type { Kind } from "./types";

const kinds = (): [Kind, string][] => [
  ["", gettext("everything")],
  ["article", gettext("Articles")],
  ["office", gettext("Departments")],
  ["contact", gettext("Earlier contacts")],
];

/** Opens or closes the line that is meant, unless the cursor is elsewhere or more is typed by then. */
async function toggleMeant(): Promise<void> {
  const elsewhere = watchCursor();
  const article = await meant();
  if (article && !elsewhere()) toggle(article);
}

function press(event: KeyboardEvent): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const last = found.value.articles.length - 1;
  if (event.isComposing) return;
  if (step !== 0) {
    active.value = Math.max(0, Math.min(last, active.value + step));
    document.getElementById(`article-line-${active.value}`)?.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter") {
    void toggleMeant();
  } else if (event.key === "Escape") {
    query.value = "";
    focusOn("note");
  } else return;
  event.preventDefault();
}

function Search() {
  return (
    <search class="knowledge-search">
      <label for="knowledge-query">
        {gettext("Search the knowledge")} <kbd aria-hidden="true">{shortcuts.find.label}</kbd>
      </label>
      <input
        class="krds-input"
        id="knowledge-query"
        data-place="find"
        type="search"
        autocomplete="off"
        maxLength={200}
        aria-keyshortcuts={shortcuts.find.aria}
        placeholder={gettext("Empty: what stands in the note is looked for")}
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
        }}
        onKeyDown={press}
      />
      <Filters />
    </search>
  );
}

function Filters() {
  const offices = new Map(found.value.articles.map((item) => [String(item.office_id ?? ""), item.office]));
  offices.delete("");
  return (
    <div class="knowledge-filters">
      <select
        class="krds-form-select"
        aria-label={gettext("What is looked for")}
        value={kind.value}
        onChange={(event) => {
          kind.value = event.currentTarget.value as Kind;
        }}
      >
        {kinds().map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
      <select
        class="krds-form-select"
        aria-label={gettext("Topic")}
        value={topic.value}
        onChange={(event) => {
          topic.value = event.currentTarget.value;
        }}
      >
        <option value="">{gettext("all topics")}</option>
        {topics.value.map((node) => (
          <option key={node.id} value={String(node.id)}>
            {node.name}
          </option>
        ))}
      </select>
      <select
        class="krds-form-select"
        aria-label={gettext("Office")}
        value={office.value}
        onChange={(event) => {
          office.value = event.currentTarget.value;
        }}
      >
        <option value="">{gettext("all offices")}</option>
        {[...offices].map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function Missing() {
  const [told, setTold] = useState("");
  if (told === sought.value) return <p role="status">{gettext("Thank you. It is on the list of what is missing.")}</p>;
  return (
    <button
      type="button"
      class="krds-btn small tertiary"
      onClick={() => {
        const words = sought.value;
        void propose().then((done) => done && setTold(words));
      }}
    >
      {gettext("An article is missing: propose it")}
    </button>
  );
}

function Others() {
  return (
    <>
      {found.value.offices.length > 0 && (
        <section>
          <h3>{gettext("Departments")}</h3>
          <ul class="knowledge-others">
            {found.value.offices.map((item) => (
              <li key={`${item.department.id}/${item.duty ?? ""}/${item.officer?.id ?? ""}`}>
                <strong>{item.department.place}</strong> {item.duty ?? ""}{" "}
                {item.answers.officer?.name ?? item.officer?.name ?? ""}{" "}
                <span class="hd-number">{item.answers.extension}</span>
                {item.answers.reason && <span class="hd-muted"> {item.answers.reason}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {found.value.contacts.length > 0 && (
        <section>
          <h3>{gettext("Earlier contacts")}</h3>
          <ul class="knowledge-others">
            {found.value.contacts.map((item) => (
              <li key={item.id}>
                <a href={`/contacts/${item.id}/`} target="_blank" rel="noreferrer">
                  {dateAndTime(item.arrived_at)}
                  <span class="sr-only"> {gettext("(new window)")}</span>
                </a>{" "}
                <strong>{item.topic}</strong> {item.note_first_line}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Results() {
  const { articles, offices, contacts, simple } = found.value;
  if (error.value) return <p class="knowledge-notice error">{error.value}</p>;
  if (!sought.value) {
    return <Empty title={gettext("Articles")} text={gettext("What fits the note stands here while you type.")} />;
  }
  const none = articles.length + offices.length + contacts.length === 0;
  return (
    <>
      {simple && (
        <p class="knowledge-notice">
          {gettext("Simple search: only letters are compared until the language service is back.")}
        </p>
      )}
      {articles.length > 0 && (
        <section>
          <h3>{fromNote.value ? gettext("Articles for the note") : gettext("Articles")}</h3>
          <ul class="knowledge-articles">
            {articles.map((article, place) => (
              <Article key={article.key} article={article} place={place} />
            ))}
          </ul>
        </section>
      )}
      <Others />
      {none && <Empty title={gettext("Nothing found")} text={gettext("Use other words, or take a filter away.")} />}
      <Missing />
    </>
  );
}

export function Knowledge() {
  return (
    <div class="knowledge">
      <Search />
      {failure.value && (
        <p class="knowledge-notice error" role="alert">
          {failure.value}
        </p>
      )}
      <Likely />
      <Results />
    </div>
  );
}

// One article: a line while it is closed; open, the sentence to say on top, then the answer, the facts, and the verdict.
import { useState } from "preact/hooks";
import { shortcuts } from "../keys";
import { Marked } from "./Marked";
import { bestLine, pieces } from "./marks";
import { active, open, rate, rated, toggle, use, used } from "./state";
import type { ArticleFound } from "./types";

const of = (article: ArticleFound, field: string) => article.marks.filter((mark) => mark.field === field);

/** Why it was found: the question or the line of its text that matched best, else what is said first. */
function Why({ article }: { article: ArticleFound }) {
  const line = bestLine(article.questions, of(article, "questions")) ?? bestLine(article.body, of(article, "body"));
  return <span class="article-why">{line ? <Marked pieces={line} /> : article.script}</span>;
}

function Rating({ article }: { article: ArticleFound }) {
  const [asking, setAsking] = useState(false);
  const [text, setText] = useState("");
  const verdict = rated.value.get(article.key);
  if (verdict !== undefined) {
    return (
      <p class="hd-muted" role="status">
        {verdict ? gettext("You said: right.") : gettext("You said: wrong. Its office reads why.")}
      </p>
    );
  }
  return (
    <div class="article-rating">
      <span>{gettext("Was this right?")}</span>
      <button type="button" class="krds-btn small tertiary" onClick={() => void rate(article.key, true, "")}>
        {gettext("Yes")}
      </button>
      <button type="button" class="krds-btn small tertiary" aria-expanded={asking} onClick={() => setAsking(!asking)}>
        {gettext("No")}
      </button>
      {asking && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void rate(article.key, false, text);
          }}
        >
          <label for={`wrong-${article.key}`}>{gettext("What is wrong?")}</label>
          <input
            class="krds-input"
            id={`wrong-${article.key}`}
            value={text}
            maxLength={500}
            required
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <button type="submit" class="krds-btn small secondary">
            {gettext("Tell its office")}
          </button>
        </form>
      )}
    </div>
  );
}

function Facts({ article }: { article: ArticleFound }) {
  const facts: [string, string][] = [
    [gettext("Documents"), article.documents.join(", ")],
    [gettext("Fee"), article.fee],
    [gettext("Law"), article.law.join(", ")],
    [gettext("Office"), article.office],
    [gettext("Valid until"), article.valid_until ?? ""],
  ];
  return (
    <dl class="article-facts">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      {article.files.length > 0 && (
        <div>
          <dt>{gettext("Files")}</dt>
          <dd>
            {article.files.map((file) => (
              <a key={file.address} href={file.address} download>
                {file.name}
              </a>
            ))}
          </dd>
        </div>
      )}
    </dl>
  );
}

function Body({ article }: { article: ArticleFound }) {
  const done = used.value.get(article.key);
  return (
    <div class="article-open" id={`article-${article.key}`}>
      <div class="article-say">
        <p>{article.script}</p>
        <button
          type="button"
          class={`krds-btn small ${done?.has("script") ? "tertiary" : "primary"}`}
          aria-pressed={done?.has("script") ?? false}
          onClick={() => void use(article.key, "script")}
        >
          {done?.has("script") ? gettext("Read out ✓") : gettext("Read out")}{" "}
          <kbd aria-hidden="true">{shortcuts.readOut.label}</kbd>
        </button>
        <button
          type="button"
          class="krds-btn small tertiary"
          aria-pressed={done?.has("sent") ?? false}
          onClick={() => void use(article.key, "sent")}
        >
          {done?.has("sent") ? gettext("Sent ✓") : gettext("Sent to the citizen")}
        </button>
      </div>
      <div class="article-answer" dangerouslySetInnerHTML={{ __html: article.answer_html }} />
      <Facts article={article} />
      <Rating article={article} />
      <p>
        <a href={`/knowledge/articles/${article.key}/`} target="_blank" rel="noreferrer">
          {gettext("The whole article")}
          <span class="sr-only"> {gettext("(new window)")}</span>
        </a>
      </p>
    </div>
  );
}

export function Article({ article, place }: { article: ArticleFound; place: number }) {
  const isOpen = open.value === article.key;
  const done = used.value.get(article.key);
  return (
    <li class="article-found" data-sure={article.sure} data-active={place === active.value}>
      <button
        type="button"
        id={`article-line-${place}`}
        class="article-line"
        aria-expanded={isOpen}
        aria-controls={`article-${article.key}`}
        onClick={() => {
          active.value = place;
          toggle(article);
        }}
      >
        <strong>
          <Marked pieces={pieces(article.title, of(article, "title"))} />
        </strong>
        {article.pinned && <span class="hd-badge yellow">{gettext("pinned")}</span>}
        {done && <span class="hd-badge green">{done.has("script") ? gettext("read out") : gettext("read")}</span>}
        {!isOpen && <Why article={article} />}
        <span class="hd-muted">{article.office}</span>
      </button>
      {isOpen && <Body article={article} />}
    </li>
  );
}

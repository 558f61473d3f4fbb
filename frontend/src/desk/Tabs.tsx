// The right column: what helps with this contact, in tabs with counts.
import type { ComponentChildren } from "preact";
import { dateAndTime } from "../lib/format";
import { Cases } from "./cases/Cases";
import { tab } from "./focus";
import { type ActionName, shortcuts } from "./keys";
import { Knowledge } from "./knowledge/Knowledge";
import { count as articles } from "./knowledge/state";
import { Pass } from "./passing/Pass";
import { choices } from "./passing/state";
import { Belonging } from "./promises/Callback";
import { Records } from "./records/Records";
import { found } from "./records/state";
import { detail, phase } from "./state";
import type { HistoryItem } from "./types";

interface Tab {
  readonly title: string;
  readonly count: number;
  readonly key: ActionName;
  readonly body: () => ComponentChildren;
}

function Empty({ title, text }: { title: string; text: string }) {
  return (
    <div class="hd-empty">
      <strong>{title}</strong>
      <p>{text}</p>
    </div>
  );
}

function HistoryCard({ item }: { item: HistoryItem }) {
  return (
    <li class="history-card">
      <p>
        <time dateTime={item.arrived_at}>{dateAndTime(item.arrived_at)}</time>
        <span class="hd-muted">{item.agent_name}</span>
        <a href={`/contacts/${item.id}/`} target="_blank" rel="noreferrer">
          {gettext("Record")}
          <span class="sr-only"> {gettext("(new window)")}</span>
        </a>
      </p>
      <p>
        <strong>{item.topic || gettext("no topic")}</strong>
        <span class="hd-badge">{item.disposition || gettext("no disposition")}</span>
      </p>
      {item.note_first_line && <p class="history-note">{item.note_first_line}</p>}
    </li>
  );
}

function History() {
  const items = detail.value?.history ?? [];
  if (phase.value === "empty") {
    return (
      <Empty
        title={gettext("Earlier contacts")}
        text={gettext("When a citizen calls, what they called about before stands here.")}
      />
    );
  }
  if (items.length === 0) {
    return (
      <Empty
        title={gettext("No earlier contact")}
        text={gettext("This number has not called before, or the number is not known.")}
      />
    );
  }
  return (
    <ul class="history">
      {items.map((item) => (
        <HistoryCard key={item.id} item={item} />
      ))}
    </ul>
  );
}

function tabs(): Tab[] {
  return [
    {
      title: gettext("Knowledge"),
      count: articles.value,
      key: "tab1",
      body: () => <Knowledge />,
    },
    {
      title: gettext("History"),
      count: detail.value?.history.length ?? 0,
      key: "tab2",
      body: () => (
        <>
          <Belonging />
          <Cases />
          <History />
        </>
      ),
    },
    {
      title: gettext("Administration"),
      count: found.value,
      key: "tab3",
      body: () => <Records />,
    },
    {
      title: gettext("Departments"),
      count: choices.value.length,
      key: "tab4",
      body: () => <Pass />,
    },
  ];
}

export function Tabs() {
  const list = tabs();
  const current = list[tab.value];
  const press = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0 || event.altKey) return;
    event.preventDefault();
    tab.value = (tab.value + step + list.length) % list.length;
    document.getElementById(`tab-${tab.value}`)?.focus();
  };
  return (
    <aside class="desk-right" aria-label={gettext("Help with this contact")}>
      <div class="tabs" role="tablist" aria-label={gettext("Help with this contact")} onKeyDown={press}>
        {list.map((item, index) => (
          <button
            type="button"
            role="tab"
            key={item.key}
            id={`tab-${index}`}
            data-place="tab"
            aria-selected={index === tab.value}
            aria-controls="tab-panel"
            aria-keyshortcuts={shortcuts[item.key].aria}
            tabIndex={index === tab.value ? 0 : -1}
            onClick={() => {
              tab.value = index;
            }}
          >
            <span>
              {item.title} <span class="count">{item.count}</span>
            </span>
            <kbd aria-hidden="true">{shortcuts[item.key].label}</kbd>
          </button>
        ))}
      </div>
      {/* The panel can be scrolled by keyboard even when nothing in it takes the focus. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      <div class="tab-panel" id="tab-panel" role="tabpanel" tabIndex={0} aria-labelledby={`tab-${tab.value}`}>
        {current?.body()}
      </div>
    </aside>
  );
}

// The right column: what helps with this contact, in tabs with counts; below them a case that is being opened, so that
// it takes no room from the note.
import type { ComponentChildren } from "preact";
import { CaseForm } from "./cases/CaseForm";
import { Cases } from "./cases/Cases";
import { tab } from "./focus";
import { History } from "./history/History";
import { type ActionName, shortcuts } from "./keys";
import { Knowledge } from "./knowledge/Knowledge";
import { count as articles } from "./knowledge/state";
import { Pass } from "./passing/Pass";
import { choices } from "./passing/state";
import { Belonging } from "./promises/Callback";
import { Records } from "./records/Records";
import { found } from "./records/state";
import { detail } from "./state";

interface Tab {
  readonly title: string;
  /** '20+': at least so many. */
  readonly count: number | string;
  readonly key: ActionName;
  readonly body: () => ComponentChildren;
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
      count: `${detail.value?.history.length ?? 0}${detail.value?.history_goes_on ? "+" : ""}`,
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
      <CaseForm />
    </aside>
  );
}

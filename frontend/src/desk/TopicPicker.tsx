// The topic: the number of a usual one, or type a part or the initials (초성), arrows move, Enter chooses. The list opens
// below the field: the note, which says what the call was about, stays in sight.
import { computed, signal } from "@preact/signals";
import { focusOn } from "./focus";
import { chooseTopic, topic, topicUnsaved } from "./form";
import { shortcuts } from "./keys";
import { phase, topics, usualTopics } from "./state";
import { TopicGuesses } from "./suggestions/TopicGuesses";
import { find, flatten, fullName, numberOf, type Topic, usualOnes } from "./topics";

const all = computed(() => flatten(topics.value));
const query = signal("");
const open = signal(false);
const active = signal(0);
const usual = computed(() => usualOnes(all.value, usualTopics.value));
/** The topics with a number: while nothing is typed. */
const numbered = computed(() => (query.value === "" ? usual.value : []));
const found = computed(() => {
  const first = new Set(numbered.value);
  return [...first, ...find(all.value, query.value).filter((item) => !first.has(item))];
});
const chosen = computed(() => all.value.find(({ id }) => id === topic.value) ?? null);

function close(): void {
  open.value = false;
  query.value = "";
  active.value = 0;
}

function choose(item: Topic | undefined): void {
  if (!item) return;
  chooseTopic(item.id);
  close();
  focusOn("disposition");
}

function move(step: number): void {
  const length = found.value.length;
  if (length > 0) active.value = (active.value + step + length) % length;
  document.getElementById(`topic-${found.value[active.value]?.id}`)?.scrollIntoView({ block: "nearest" });
}

function press(event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const byNumber = event.isComposing || !open.value ? undefined : numbered.value[numberOf(event) - 1];
  if (byNumber) choose(byNumber);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (open.value) move(event.key === "ArrowDown" ? 1 : -1);
    else open.value = true;
  } else if (event.key === "Enter") {
    // While Korean is being composed Enter ends the syllable; `keyCode` 229 is how browsers tell.
    if (event.isComposing || event.keyCode === 229) return;
    if (open.value) choose(found.value[active.value]);
  } else if (event.key === "Escape" && open.value) close();
  else return;
  event.preventDefault();
}

function Option({ item, place }: { item: Topic; place: number }) {
  const number = place < numbered.value.length ? place + 1 : 0;
  return (
    <div
      id={`topic-${item.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={place === active.value}
      onMouseDown={(event) => {
        event.preventDefault();
        choose(item);
      }}
    >
      {number > 0 && <kbd>{number}</kbd>} <strong>{item.name}</strong> <span>{item.above.join(" › ")}</span>
    </div>
  );
}

function Group({ title, from, to }: { title: string; from: number; to: number }) {
  if (from === to) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options in a listbox, which no HTML element is
    <div role="group" class={from < numbered.value.length ? "usual" : undefined} aria-label={title}>
      <p aria-hidden="true">{title}</p>
      {found.value.slice(from, to).map((item, index) => (
        <Option key={item.id} item={item} place={from + index} />
      ))}
    </div>
  );
}

function Options() {
  if (!open.value) return null;
  const first = numbered.value.length;
  return (
    <div class="topic-list" id="topic-list" role="listbox" aria-label={gettext("Topics")} tabIndex={-1}>
      <Group title={gettext("Usual here: press the number")} from={0} to={first} />
      <Group title={query.value ? gettext("Found") : gettext("All topics")} from={first} to={found.value.length} />
      {found.value.length === 0 && (
        <div role="option" aria-selected="false" aria-disabled="true" tabIndex={-1}>
          {gettext("No topic has this. Try a shorter word.")}
        </div>
      )}
    </div>
  );
}

export function TopicPicker() {
  const usable = phase.value !== "empty" && phase.value !== "ringing";
  const name = chosen.value ? fullName(chosen.value) : "";
  const current = open.value ? found.value[active.value] : undefined;
  return (
    <div class="topic">
      <div class="topic-head">
        <label for="topic">
          {gettext("Topic")} <kbd aria-hidden="true">{shortcuts.topic.label}</kbd>
          {topicUnsaved.value && <span class="note-status">{gettext("saving …")}</span>}
        </label>
        <TopicGuesses />
      </div>
      <input
        id="topic"
        class="krds-input small"
        data-place="topic"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-expanded={open.value}
        aria-controls="topic-list"
        aria-autocomplete="list"
        aria-activedescendant={current ? `topic-${current.id}` : undefined}
        aria-keyshortcuts={shortcuts.topic.aria}
        disabled={!usable}
        placeholder={usable ? gettext("a number of the list, a part of the name, or its initials (ㅈㄷㅊ)") : ""}
        value={open.value ? query.value : name}
        onFocus={() => {
          open.value = true;
        }}
        onClick={() => {
          open.value = true;
        }}
        onBlur={close}
        onInput={(event) => {
          open.value = true;
          query.value = event.currentTarget.value;
          active.value = 0;
        }}
        onKeyDown={press}
      />
      <Options />
    </div>
  );
}

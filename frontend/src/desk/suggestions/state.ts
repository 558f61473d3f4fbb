// What the note suggests: asked for whenever it is saved, or the topic changes; nothing here is chosen by itself.
import { computed, effect, signal } from "@preact/signals";
import { call } from "../../lib/api";
import { fill } from "../../lib/i18n";
import { chooseTopic, note, topic } from "../form";
import { Seeker } from "../knowledge/seeker";
import { found, query } from "../knowledge/state";
import { phase, shownId } from "../state";
import { shortTopic } from "../words";
import type { Ideas, TopicIdea } from "./types";

const NOTHING: Ideas = { topics: [], offices: [], articles: [], contacts: [], whole: true };

const ideas = signal<Ideas>(NOTHING);
/** What a screen reader hears: once a contact, when the first guess is there. */
export const said = signal("");

const usable = computed(() => phase.value !== "empty" && phase.value !== "ringing");
/** The guesses at the topic, the best first; none once there is a topic. */
export const guesses = computed<readonly TopicIdea[]>(() =>
  usable.value && topic.value === null ? ideas.value.topics : [],
);
export const offices = computed(() => ideas.value.offices);
export const similar = computed(() => ideas.value.contacts);
/** Articles that the list of what was found does not have anyway. */
export const articles = computed(() => {
  const there = new Set(found.value.articles.map(({ key }) => key));
  return ideas.value.articles.filter(({ key }) => !there.has(key));
});

/** What was missing for want of time is asked for once more after so long. */
const AGAIN_MS = 3000;
let again: ReturnType<typeof setTimeout> | undefined;
let asked = "";

const seeker = new Seeker<Ideas>({
  ask: (question) => {
    const [contact] = question.split(" ", 1);
    return contact ? call<Ideas>("GET", `/api/desk/contacts/${contact}/suggestions`) : Promise.resolve(NOTHING);
  },
  take: (answer) => {
    ideas.value = answer;
    announce();
    if (!answer.whole) again = setTimeout(() => seeker.seek(asked), AGAIN_MS);
  },
  // Suggestions that do not come are not missed: the desk works without them.
  fail: () => {
    ideas.value = NOTHING;
  },
  later: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
});

let announced: string | null = null;

function announce(): void {
  const first = guesses.peek()[0];
  if (!first || announced === shownId.peek()) return;
  announced = shownId.peek();
  said.value = fill(gettext("Suggested topic: %(topic)s"), { topic: shortTopic(first.name) });
}

let about: string | null = null;

/** Of another contact nothing is left over, not even an answer that is still on its way. */
function forget(contact: string | null): void {
  about = contact;
  clearTimeout(again);
  asked = said.value = "";
  ideas.value = NOTHING;
  seeker.seek(asked);
}

effect(() => {
  const contact = shownId.value;
  const keeper = note.value;
  if (contact !== about) forget(contact);
  if (!contact || !keeper || keeper.status.value !== "saved") return;
  // The rest of the question tells a changed one from the one before.
  asked = `${contact} ${topic.value ?? ""} ${keeper.text.value}`;
  clearTimeout(again);
  seeker.seek(asked);
});

/** Takes the guess at this place, where there is one. The cursor stays where it is. */
export function takeGuess(place: number): void {
  const contact = shownId.peek();
  const guess = guesses.peek()[place];
  if (!contact || !guess) return;
  chooseTopic(guess.id);
  void call("POST", `/api/desk/contacts/${contact}/suggestions/taken`, {}).catch(() => undefined);
}

/** Looks for an article by its title, in the knowledge's own field. */
export function lookFor(title: string): void {
  query.value = title;
}

// The topic tree as a list that can be searched. Pure.
import { type Hay, hay, needle } from "../lib/hangul";
import type { TopicNode } from "./types";

export interface Topic {
  readonly id: number;
  readonly name: string;
  /** The names above it, from the root. */
  readonly above: readonly string[];
  readonly hay: Hay;
}

/** The topics that can be chosen (the leaves), in the tree's order. */
export function flatten(nodes: readonly TopicNode[], above: readonly string[] = []): Topic[] {
  return nodes.flatMap((node) =>
    node.children.length > 0
      ? flatten(node.children, [...above, node.name])
      : [{ id: node.id, name: node.name, above, hay: hay([...above, node.name].join(" ")) }],
  );
}

const SHOWN = 60;

/** The topics that `query` finds, the likeliest first: how the topic's own name fits, then the shorter, then the tree's order. */
export function find(topics: readonly Topic[], query: string): Topic[] {
  const wanted = needle(query);
  const found = topics.filter((topic) => wanted.matches(topic.hay));
  if (query.trim() === "") return found;
  const ranked = found.map((topic) => ({ topic, fit: wanted.fit(hay(topic.name)) }));
  ranked.sort((a, b) => b.fit - a.fit || (a.fit > 0 ? a.topic.name.length - b.topic.name.length : 0));
  return ranked.slice(0, SHOWN).map(({ topic }) => topic);
}

/** How many topics have a number to choose them by. */
export const NUMBERED = 9;

/** The topics with these ids, in this order, as far as there are such; at most nine. */
export function usualOnes(topics: readonly Topic[], ids: readonly number[]): Topic[] {
  const known = new Map(topics.map((topic) => [topic.id, topic]));
  return ids.flatMap((id) => known.get(id) ?? []).slice(0, NUMBERED);
}

/** The number that a key stands for, on the row above the letters or on the pad; 0 for any other key. */
export function numberOf(event: { code: string; shiftKey: boolean }): number {
  const pressed = event.shiftKey ? null : /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  return Number(pressed?.[1] ?? 0);
}

export const fullName = (topic: Topic): string => [...topic.above, topic.name].join(" › ");

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

/** The topics that `query` finds: those whose own name has it come before those that a name above has brought. */
export function find(topics: readonly Topic[], query: string): Topic[] {
  const wanted = needle(query);
  const found = topics.filter((topic) => wanted.matches(topic.hay));
  if (query.trim() === "") return found;
  const own = new Map(found.map((topic) => [topic.id, wanted.matches(hay(topic.name))]));
  return found.sort((a, b) => Number(own.get(b.id)) - Number(own.get(a.id))).slice(0, SHOWN);
}

export const fullName = (topic: Topic): string => [...topic.above, topic.name].join(" › ");

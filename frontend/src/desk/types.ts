// What the HTTP interface of the desk sends.
import type { ContactRow } from "../live/types";

export interface HistoryItem {
  id: string;
  arrived_at: string;
  /** Empty while it is not chosen. */
  topic: string;
  disposition: string;
  agent_name: string;
  note_first_line: string;
  channel: string;
  /** How it ended; null while it goes on. */
  outcome: string | null;
  /** It is known that it was theirs: nobody else has the number it came from, or an agent said so. */
  sure: boolean;
}

/** Somebody who may be on the line. */
export interface Candidate {
  id: number;
  name: string;
  numbers: string[];
  last_at: string | null;
  last_topic: string;
}

export interface Known {
  citizen: { id: number; name: string } | null;
  /** An agent said so. */
  chosen: boolean;
  /** All who have the number, when they are several. */
  candidates: Candidate[];
}

export interface Note {
  text: string;
  version: number;
  topic: number | null;
  disposition: string | null;
}

export interface ContactDetail {
  contact: ContactRow;
  citizen: { id: number; name: string } | null;
  known: Known;
  /** The latest ones. */
  history: HistoryItem[];
  /** There are earlier ones than these. */
  history_goes_on: boolean;
  note: Note;
}

export interface TodayItem {
  id: string;
  arrived_at: string;
  caller: string | null;
  citizen_name: string;
  topic: string;
  disposition: string;
  complete: boolean;
}

export interface TopicNode {
  id: number;
  name: string;
  children: TopicNode[];
}

export interface Choice {
  key: string;
  name: string;
}

// What the search of the desk sends.
import type { OfficeFound } from "../passing/types";

/** Where it matched: characters (not UTF-16 units) of `field`, the end not included. */
export interface Mark {
  field: string;
  start: number;
  end: number;
}

export interface ArticleFound {
  key: string;
  title: string;
  /** One a line. */
  questions: string;
  body: string;
  script: string;
  /** Safe to put into the page: the server renders it. */
  answer_html: string;
  documents: string[];
  fee: string;
  law: string[];
  topics: string[];
  office: string;
  office_id: number | null;
  valid_until: string | null;
  review_by: string | null;
  files: { name: string; bytes: number; address: string }[];
  marks: Mark[];
  /** It has what was asked, not only something like it. */
  sure: boolean;
  /** A supervisor put it on top for what many citizens call about at the moment. */
  pinned: boolean;
}

/** An earlier contact of the citizen who is on the line. */
export interface ContactFound {
  id: string;
  arrived_at: string;
  topic: string;
  disposition: string;
  note_first_line: string;
}

export interface Found {
  articles: ArticleFound[];
  offices: OfficeFound[];
  contacts: ContactFound[];
  /** The language process did not answer: only letters were compared. */
  simple: boolean;
}

export type Kind = "" | "article" | "office" | "contact";
export type How = "read" | "script" | "sent";

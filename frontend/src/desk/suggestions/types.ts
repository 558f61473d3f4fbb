// What /api/desk/contacts/{id}/suggestions answers.

export interface TopicIdea {
  id: number;
  name: string;
  probability: number;
}

export interface OfficeIdea {
  id: number;
  place: string;
  telephone: string;
  went: number;
}

export interface ArticleIdea {
  key: string;
  title: string;
}

export interface Similar {
  closed_at: string;
  topic: string;
  disposition: string;
  note_first_line: string;
  offices: string[];
}

export interface Ideas {
  topics: TopicIdea[];
  offices: OfficeIdea[];
  articles: ArticleIdea[];
  contacts: Similar[];
  whole: boolean;
}

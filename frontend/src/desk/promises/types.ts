// What the interfaces about promised calls send.

/** An earlier contact that this one goes on with. */
export interface Origin {
  id: string;
  arrived_at: string;
  agent_name: string;
  topic: string;
  disposition: string;
  note: string;
}

/** A promise in words. */
export interface PromiseDetail {
  id: string;
  owner: string;
  reason: string;
  state: string;
  deadline: string;
  urgency: "overdue" | "near" | "";
  attempts: number;
  again_at: string | null;
  origin: Origin | null;
  texts: { at: string; text: string }[];
  voicemail: boolean;
}

/** What was promised to the citizen of a contact. */
export interface CallbackDetail {
  /** The promise that the contact is to keep. */
  keeps: PromiseDetail | null;
  /** Why the citizen was not reached in it, in words; empty: reached, or nobody knows yet. */
  not_reached: string;
  owed: PromiseDetail[];
  resumes: Origin | null;
}

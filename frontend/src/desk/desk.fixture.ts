// For tests of the desk's state without a browser: what it asks of one, and a centre in which agent 1 talks.
import type { Centre } from "../live/reducer";
import { agentRow, contactRow } from "../live/rows.fixture";

const nothing = (): null => null;
export const notFound = (): Promise<Response> => Promise.resolve(new Response(null, { status: 404 }));

/** Before the first import of the desk's state. `fetch`: what the server answers. */
export function standIn(fetch: (address: string) => Promise<Response> = notFound): void {
  Object.assign(globalThis, {
    gettext: (text: string) => text,
    document: { getElementById: nothing, querySelector: nothing, cookie: "", hidden: false },
    sessionStorage: { getItem: nothing, setItem: nothing, removeItem: nothing },
    localStorage: { length: 0, getItem: nothing, setItem: nothing, removeItem: nothing },
    addEventListener: nothing,
    BroadcastChannel: class {}, // Node's own would keep the test from ending
    fetch,
  });
}

export const talkingIn = (contact: string): Centre => ({
  seq: 1,
  me: 1,
  role: "agent",
  agents: { 1: agentRow(1, { state: "engaged", contact }) },
  contacts: { [contact]: contactRow(contact, { agent: 1 }) },
  promises: {},
  queues: {},
});

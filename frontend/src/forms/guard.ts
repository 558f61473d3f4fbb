// A form is sent only while the person for whom its page was made is still logged in. Otherwise it stays where it is,
// with all that was typed and chosen, files too, and says what to do: nothing of it has to be kept anywhere else.
const TIMEOUT_MS = 8000;
const KEEP_ALIVE_MS = 60_000;
/** A second press within this time is of the same wish. Later ones count: a form may bring a file and leave its page. */
const SAME_WISH_MS = 2000;

type Why = "logged-out" | "password" | "someone-else" | "no-answer";

/** Asks who is logged in in this browser. The token is that of now: every log-in in another window changes it. */
async function ask(account: string): Promise<{ token: string } | { why: Why }> {
  const init: RequestInit = { credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT_MS) };
  try {
    const answer = await fetch("/api/me", init);
    if (answer.status === 401) return { why: "logged-out" };
    if (answer.status === 403) return { why: "password" };
    if (!answer.ok) return { why: "no-answer" };
    const me = (await answer.json()) as { id: number; csrf: string };
    return String(me.id) === account ? { token: me.csrf } : { why: "someone-else" };
  } catch {
    return { why: "no-answer" };
  }
}

const SAID = ".hd-unsent";

/** Says in the form why it was not sent; the words are the page's own, for no more can be asked of the server now. */
function say(form: HTMLFormElement, words: HTMLTemplateElement, why: Why): void {
  const said = words.content.querySelector(`[data-why="${why}"]`)?.cloneNode(true);
  if (!(said instanceof HTMLElement)) return;
  form.append(said);
  said.scrollIntoView({ block: "nearest" });
}

const isPost = (form: Element | null): form is HTMLFormElement =>
  form instanceof HTMLFormElement && form.getAttribute("method")?.toLowerCase() === "post";

/** Watches all forms of a page that was made for somebody; `<template id="hd-unsent">` names whom. */
export function guardForms(): void {
  const words = document.getElementById("hd-unsent");
  if (!(words instanceof HTMLTemplateElement)) return;
  const account = words.dataset.account ?? "";
  const asking = new Set<HTMLFormElement>();
  const sentAt = new WeakMap<HTMLFormElement, number>();
  let passing: HTMLFormElement | null = null;

  async function pass(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    asking.add(form);
    const answer = await ask(account);
    asking.delete(form);
    form.querySelector(SAID)?.remove();
    if ("why" in answer) return say(form, words as HTMLTemplateElement, answer.why);
    const token = form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]");
    if (token) token.value = answer.token;
    sentAt.set(form, Date.now());
    passing = form;
    form.requestSubmit(submitter);
    passing = null;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target as Element | null;
    if (event.defaultPrevented || !isPost(form) || form === passing) return;
    event.preventDefault();
    const isSent = Date.now() - (sentAt.get(form) ?? 0) < SAME_WISH_MS;
    if (!asking.has(form) && !isSent) void pass(form, event.submitter);
  });
  keepWritersLoggedIn();
}

/** Who fills in a form is not idle, even if nothing is sent for a while. */
function keepWritersLoggedIn(): void {
  let asked = Date.now();
  document.addEventListener("input", (event) => {
    if (!isPost((event.target as Element).closest("form")) || Date.now() - asked < KEEP_ALIVE_MS) return;
    asked = Date.now();
    void fetch("/api/me", { credentials: "same-origin" }).catch(() => undefined);
  });
}

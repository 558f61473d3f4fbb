// The HTTP interface: JSON with the session cookie and Django's CSRF token. Errors carry a sentence for the user.

import { pageAccount } from "./account";

export class ApiError extends Error {
  constructor(
    /** 0 when no answer came at all. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly body: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

const TIMEOUT_MS = 8000;

function csrfToken(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
  return meta?.content ?? /(?:^|; )haedap_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

function headers(): Record<string, string> {
  const account = pageAccount();
  return {
    Accept: "application/json",
    "Content-Type": "application/json",
    "X-CSRFToken": csrfToken(),
    ...(account ? { "X-Haedap-Account": account } : {}),
  };
}

/** Tells the server something while the page goes away; nobody waits for the answer. */
export function tell(path: string, body: unknown): void {
  const init: RequestInit = { method: "POST", headers: headers(), credentials: "same-origin", keepalive: true };
  void fetch(path, { ...init, body: JSON.stringify(body) }).catch(() => undefined);
}

const lost = (): ApiError =>
  new ApiError(0, "no_connection", gettext("The server does not answer. Try again in a moment."));

/** The JSON answer of `method path`, within so many ms. Throws ApiError. */
export async function call<T>(
  method: "GET" | "POST" | "PUT",
  path: string,
  body?: unknown,
  within = TIMEOUT_MS,
): Promise<T> {
  const init: RequestInit = {
    method,
    headers: headers(),
    credentials: "same-origin",
    signal: AbortSignal.timeout(within),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  const response = await fetch(path, init).catch(() => null);
  if (!response) throw lost();
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && !response.redirected) {
    if (answer === undefined) throw lost(); // it broke off, or somebody else answered
    return answer as T;
  }
  const error = (answer ?? {}) as Record<string, unknown>;
  throw new ApiError(response.status, String(error.code ?? ""), sentence(response.status, error), error);
}

/** The answer of `POST path` line by line, as they come: each is JSON. Throws ApiError, also when it breaks off. */
export async function callForLines<T>(
  path: string,
  body: unknown,
  take: (line: T) => void,
  within: number,
): Promise<void> {
  const init: RequestInit = { method: "POST", headers: headers(), credentials: "same-origin" };
  const signal = AbortSignal.timeout(within);
  const response = await fetch(path, { ...init, body: JSON.stringify(body), signal }).catch(() => null);
  if (!response) throw lost();
  if (!response.ok || response.redirected || !response.body) {
    const error = ((await response.json().catch(() => null)) ?? {}) as Record<string, unknown>;
    throw new ApiError(response.status, String(error.code ?? ""), sentence(response.status, error), error);
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const part = await reader.read().catch(() => null);
    if (!part) throw lost();
    if (part.done) return;
    const lines = (rest + part.value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(JSON.parse(line) as T);
  }
}

function sentence(status: number, error: Record<string, unknown>): string {
  if (typeof error.message === "string" && error.message !== "") return error.message;
  if (status === 401 || status === 403)
    return gettext("You are logged out. Log in again in another window; what you typed is kept.");
  return gettext("That did not work. Try again; if it happens again, tell the administrator.");
}

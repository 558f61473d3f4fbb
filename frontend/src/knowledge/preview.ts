// The page on which an article is written shows how its Markdown will look. The server renders it, and nobody else.
const PAUSE_MS = 400;
const TIMEOUT_MS = 8000;

/** How the server renders what is in `body`; null when it does not, or somebody else answers. */
async function rendered(address: string, body: FormData): Promise<string | null> {
  try {
    const answer = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return answer.ok && !answer.redirected ? ((await answer.json()) as { html: string }).html : null;
  } catch {
    return null;
  }
}

export function watchPreview(): void {
  const shown = document.querySelector<HTMLElement>("[data-preview]");
  const source = document.getElementById(shown?.dataset.source ?? "");
  const status = document.getElementById("preview-status");
  if (!shown || !status || !(source instanceof HTMLTextAreaElement)) return;
  let turn = 0;
  const update = async (asked: number): Promise<void> => {
    const body = new FormData();
    body.set("answer", source.value);
    body.set(
      "csrfmiddlewaretoken",
      source.form?.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "",
    );
    const html = await rendered(shown.dataset.preview ?? "", body);
    if (asked !== turn) return;
    if (html !== null) shown.innerHTML = html;
    status.textContent = html === null ? (status.dataset.behind ?? "") : "";
  };
  source.addEventListener("input", () => {
    const asked = ++turn;
    setTimeout(() => asked === turn && void update(asked), PAUSE_MS);
  });
}

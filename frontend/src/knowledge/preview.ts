// The page on which an article is written shows how its Markdown will look. The server renders it, and nobody else.
const PAUSE_MS = 400;

export function watchPreview(): void {
  const shown = document.querySelector<HTMLElement>("[data-preview]");
  const source = document.getElementById(shown?.dataset.source ?? "");
  if (!shown || !(source instanceof HTMLTextAreaElement)) return;
  let turn = 0;
  const update = async (asked: number): Promise<void> => {
    const body = new FormData();
    body.set("answer", source.value);
    body.set(
      "csrfmiddlewaretoken",
      source.form?.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "",
    );
    const answer = await fetch(shown.dataset.preview ?? "", { method: "POST", body }).catch(() => null);
    if (!answer?.ok || asked !== turn) return;
    shown.innerHTML = ((await answer.json()) as { html: string }).html;
  };
  source.addEventListener("input", () => {
    const asked = ++turn;
    setTimeout(() => asked === turn && void update(asked), PAUSE_MS);
  });
}

// A page on which something is being made, `[data-making]`, follows it without being loaded anew all the time: what is
// typed in its forms stays, and a screen reader is not sent back to its beginning.
const AGAIN_MS = 2000;
const TIMEOUT_MS = 8000;

/** The part as the server has it now: null when it is done, undefined when that is not known. */
async function latest(): Promise<Element | null | undefined> {
  try {
    const answer = await fetch(location.href, {
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok || answer.redirected) return undefined;
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-making]");
  } catch {
    return undefined;
  }
}

/** Only what has changed is written, so that it is said once. */
function take(here: Element, there: Element): void {
  const parts = there.querySelectorAll<HTMLElement>("[data-part]");
  here.querySelectorAll<HTMLElement>("[data-part]").forEach((part, place) => {
    const now = parts[place];
    if (part instanceof HTMLProgressElement && now instanceof HTMLProgressElement) part.value = now.value;
    else if (now && part.textContent !== now.textContent) part.textContent = now.textContent;
  });
}

/** Follows it to its end. Then the page is loaded anew, but not under the hands of somebody who has typed something. */
export function followMaking(): void {
  const here = document.querySelector<HTMLElement>("[data-making]");
  if (!here) return;
  let typed = false;
  addEventListener("input", () => (typed = true), { capture: true });
  const look = async (): Promise<void> => {
    const there = await latest();
    if (there === null && typed) {
      here.textContent = here.dataset.made ?? "";
      return;
    }
    if (there === null) return location.reload();
    if (there) take(here, there);
    setTimeout(() => void look(), AGAIN_MS);
  };
  setTimeout(() => void look(), AGAIN_MS);
}

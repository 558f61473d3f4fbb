// The microphone, and in plain words what is wrong when there is none.

export type MicrophoneProblem = "insecure" | "denied" | "missing" | "in_use" | "failed" | "unplugged";

const byName: Record<string, MicrophoneProblem> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "in_use",
  AbortError: "in_use",
};

/** The microphone's stream, or what prevents it. */
export async function openMicrophone(): Promise<MediaStream | MicrophoneProblem> {
  if (!navigator.mediaDevices) return "insecure";
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true, video: false });
  } catch (error) {
    return byName[(error as DOMException).name] ?? "failed";
  }
}

/** Asks for the permission before the first call needs it. */
export async function tryMicrophone(): Promise<MicrophoneProblem | null> {
  const opened = await openMicrophone();
  if (typeof opened === "string") return opened;
  for (const track of opened.getTracks()) track.stop();
  return null;
}

/** Calls `action` whenever the permission is given or taken away, where the browser tells; until `signal` aborts. */
export async function watchPermission(action: () => void, signal: AbortSignal): Promise<void> {
  try {
    const permission = await navigator.permissions.query({ name: "microphone" as PermissionName });
    permission.addEventListener("change", action, { signal });
  } catch {
    // Not every browser tells it; then the button does.
  }
}

/** One sentence: what is wrong and what to do. */
export function explain(problem: MicrophoneProblem): string {
  switch (problem) {
    case "insecure":
      return gettext("The browser allows the microphone only over https. Open this page by its https address.");
    case "denied":
      return gettext(
        "The microphone is blocked. Click the icon left of the address and allow it; if nothing happens, press the button.",
      );
    case "missing":
      return gettext("No microphone was found. Plug in the headset and press the button again.");
    case "in_use":
      return gettext("Another program uses the microphone. Close it and press the button again.");
    case "unplugged":
      return gettext(
        "The microphone is gone: nobody hears you. Plug in the headset; if nothing happens, press the button.",
      );
    case "failed":
      return gettext("The microphone cannot be opened. Unplug the headset, plug it in again, and reload the page.");
  }
}

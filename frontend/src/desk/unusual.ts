// Hold, mute and pause in words: what a screen reader says of them, whichever way they came about.

/** What is out of the ordinary on the line. */
export interface Unusual {
  readonly held: boolean;
  readonly muted: boolean;
  readonly recording_paused: boolean;
}

export const USUAL: Unusual = { held: false, muted: false, recording_paused: false };

/** A sentence for each thing that is not as it was. Hold, mute and pause have keys: their buttons need not be seen. */
export function changes(before: Unusual, after: Unusual): string[] {
  const told: string[] = [];
  if (before.held !== after.held)
    told.push(after.held ? gettext("On hold: the citizen hears music") : gettext("Hold ended"));
  if (before.muted !== after.muted)
    told.push(after.muted ? gettext("Muted: the citizen does not hear you") : gettext("Microphone on again"));
  if (before.recording_paused !== after.recording_paused)
    told.push(after.recording_paused ? gettext("Recording paused") : gettext("Recording goes on"));
  return told;
}

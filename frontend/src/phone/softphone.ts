// A telephone in the browser: registers with credentials that it fetches and renews, and has at most one call.
import { signal } from "@preact/signals";
import { C, UA, WebSocketInterface } from "jssip";
import type { RTCSession, TerminateOptions } from "jssip/lib/RTCSession";
import type { RTCSessionEvent } from "jssip/lib/UA";
import { ApiError } from "../lib/api";
import { type MicrophoneProblem, openMicrophone, tryMicrophone, watchPermission } from "./microphone";
import { collectStats, type PhoneStats } from "./stats";

export interface Credentials {
  username: string;
  password: string;
  realm: string;
  uri: string;
  ws_url: string;
  /** Seconds for which they hold from now on: this computer's clock may be wrong. */
  expires_in: number;
}

/** `refused`: the exchange does not take our password: another window may have fetched a newer one. */
export type Registration = "off" | "connecting" | "registered" | "lost" | "refused";

export interface Call {
  readonly direction: "incoming" | "outgoing";
  readonly phase: "ringing" | "answering" | "talking";
  /** The contact and the offer that the call carries, where it is an offer. */
  readonly contact: string | null;
  readonly offer: string | null;
}

const REGISTER_SECONDS = 120;
const REFUSED_RETRY_MS = 15_000;
const RENEW_AFTER_SHARE = 0.7;
const ICE_ENOUGH_MS = 200;
/** A line that is not there so long after the answer never will be: the two sides do not agree on a way. */
const SOUND_WITHIN_MS = 8_000;
const MEDIA = { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } };

export class Softphone {
  readonly registration = signal<Registration>("off");
  readonly call = signal<Call | null>(null);
  readonly microphone = signal<MicrophoneProblem | null>(null);
  /** Why the credentials could not be had, in the server's words; null when all is well. */
  readonly problem = signal<string | null>(null);
  /** The cause of the last call's end, in JsSIP's words (`Busy`, `Rejected`, `Terminated` …). */
  readonly lastEnd = signal<{ cause: string; byUs: boolean } | null>(null);
  readonly #fetch: () => Promise<Credentials>;
  readonly #audio: HTMLAudioElement;
  #ua: UA | null = null;
  #username = "";
  #session: RTCSession | null = null;
  #started = false;
  #watch = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewing: Promise<void> | null = null;

  constructor(fetchCredentials: () => Promise<Credentials>, audio: HTMLAudioElement) {
    this.#fetch = fetchCredentials;
    this.#audio = audio;
  }

  /** Fetches credentials and registers; tries again until `stop`. */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    this.#watch = new AbortController();
    const { signal } = this.#watch;
    const look = (): void => void this.checkMicrophone();
    navigator.mediaDevices?.addEventListener("devicechange", look, { signal });
    void watchPermission(look, signal);
    await this.checkMicrophone();
    await this.renew();
  }

  /** Gives the telephone up; no call may be in progress. */
  stop(): void {
    this.#started = false;
    this.#watch.abort();
    clearTimeout(this.#timer);
    this.#ua?.stop();
    this.#ua = null;
    this.registration.value = "off";
  }

  /** Whether there is a microphone. In mid-call one that was lost is replaced. */
  async checkMicrophone(): Promise<void> {
    if (!this.#session || this.call.value?.phase === "ringing") this.microphone.value = await tryMicrophone();
    else if (this.microphone.value !== null) await this.#replaceMicrophone(this.#session);
  }

  /** Answers the ringing call. */
  async answer(): Promise<void> {
    const session = this.#session;
    if (!session || this.call.value?.phase !== "ringing") return;
    this.#update({ phase: "answering" });
    const opened = await openMicrophone();
    if (this.#session !== session) {
      stopTracks(opened);
      return;
    }
    if (typeof opened === "string") {
      this.microphone.value = opened;
      this.#update({ phase: "ringing" });
      return;
    }
    this.microphone.value = null;
    this.#speakInto(session, opened);
    session.answer({ ...MEDIA, mediaStream: opened });
  }

  /** Calls `target`; the centre sees `displayName` and `number` (`anonymous`: neither). For the demo's citizens only. */
  async dial(target: string, displayName: string, number: string): Promise<void> {
    if (!this.#ua || this.#session) return;
    const opened = await openMicrophone();
    if (typeof opened === "string") {
      this.microphone.value = opened;
      return;
    }
    const ua = this.#ua;
    if (!ua || this.#session) {
      stopTracks(opened); // pressed twice, or the telephone was given up, or rings meanwhile
      return;
    }
    const session = ua.call(target, {
      ...MEDIA,
      mediaStream: opened,
      extraHeaders: identity(displayName, number),
    });
    this.#speakInto(session, opened);
  }

  hangUp(): void {
    this.#session?.terminate();
  }

  sendDigit(digit: string): void {
    if (this.call.value?.phase === "talking")
      this.#session?.sendDTMF(digit, { transportType: C.DTMF_TRANSPORT.RFC2833 });
  }

  /** The call has this microphone from now on, until it ends or the microphone is pulled out. */
  #speakInto(session: RTCSession, opened: MediaStream): void {
    session.on("ended", () => stopTracks(opened));
    session.on("failed", () => stopTracks(opened));
    for (const track of opened.getTracks()) {
      track.addEventListener("ended", () => {
        if (this.#session !== session) return;
        this.microphone.value = "unplugged";
        void this.checkMicrophone();
      });
    }
  }

  async #replaceMicrophone(session: RTCSession): Promise<void> {
    const opened = await openMicrophone();
    if (typeof opened === "string") {
      if (opened !== "missing") this.microphone.value = opened;
      return;
    }
    const sender = session.connection?.getSenders().find(({ track }) => track?.kind === "audio");
    if (this.#session !== session || !sender) {
      stopTracks(opened);
      return;
    }
    this.#speakInto(session, opened);
    await sender.replaceTrack(opened.getAudioTracks()[0] ?? null);
    this.microphone.value = null;
  }

  /** The line's counters; null when there is no call. */
  async stats(): Promise<PhoneStats | null> {
    const connection = this.#session?.connection;
    return connection ? collectStats(connection) : null;
  }

  /** Fetches new credentials and registers with them; the old ones are void. While they are fetched already nothing more is
   * asked for: of two answers only the server knows which is void. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renew(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#started) return;
    try {
      const credentials = await this.#fetch();
      if (!this.#started) return;
      this.problem.value = null;
      this.#register(credentials);
      this.#timer = setTimeout(() => this.renew(), credentials.expires_in * RENEW_AFTER_SHARE * 1000);
    } catch (error) {
      this.problem.value = error instanceof ApiError ? error.message : String(error);
      this.#timer = setTimeout(() => this.renew(), 5000);
    }
  }

  /** Registers once more with the credentials that it has. */
  registerAgain(): void {
    this.#ua?.register();
  }

  #register(credentials: Credentials): void {
    const { username, password, realm, uri, ws_url } = credentials;
    if (this.#ua && this.#username === username) {
      this.#ua.set("password", password);
      this.#ua.register();
      return;
    }
    if (this.#ua && this.#session) {
      const whenOver = (): void => this.#register(credentials);
      this.#session.on("ended", whenOver);
      this.#session.on("failed", whenOver);
      return;
    }
    this.#ua?.stop(); // a citizen's telephone has another name each time
    this.#username = username;
    const ua = new UA({
      sockets: [new WebSocketInterface(ws_url)],
      uri,
      authorization_user: username,
      realm,
      password,
      register: true,
      register_expires: REGISTER_SECONDS,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
      user_agent: "Haedap",
    });
    this.#ua = ua;
    this.registration.value = "connecting";
    const becomes = (state: Registration) => () => {
      if (this.#ua === ua) this.registration.value = state;
    };
    ua.on("registered", becomes("registered"));
    ua.on("unregistered", becomes("lost"));
    ua.on("disconnected", becomes("lost"));
    ua.on("registrationFailed", () => {
      if (this.#ua !== ua) return;
      this.registration.value = ua.isConnected() ? "refused" : "lost";
      setTimeout(() => this.#ua === ua && ua.isConnected() && !ua.isRegistered() && ua.register(), REFUSED_RETRY_MS);
    });
    ua.on("newRTCSession", (event: RTCSessionEvent) => this.#begin(event));
    ua.start();
  }

  #begin({ session, request }: RTCSessionEvent): void {
    const incoming = String(session.direction) === "incoming";
    const header = (name: string): string | null => (incoming ? request.getHeader(name) || null : null);
    const offer = header("X-Haedap-Offer");
    const contact = offer?.slice(0, offer.lastIndexOf(".")) ?? null;
    if (this.#session && !this.#replace(contact)) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.#session = session;
    this.lastEnd.value = null;
    this.call.value = {
      direction: incoming ? "incoming" : "outgoing",
      phase: "ringing",
      contact,
      offer,
    };
    this.#listen(session);
    if (header("X-Haedap-Auto-Answer") === "yes") void this.answer();
  }

  /** The centre gives one contact at a time. When it offers one, again or the next, our end of an old line is worth
   * nothing any more: the exchange may have died without a word. */
  #replace(contact: string | null): boolean {
    if (contact === null || !this.call.value?.contact) return false;
    const old = this.#session;
    this.#session = null;
    old?.terminate();
    return true;
  }

  #listen(session: RTCSession): void {
    tellLostMedia(session);
    session.on("peerconnection", ({ peerconnection }) => this.#play(peerconnection));
    if (session.connection) this.#play(session.connection);
    let candidates = 0;
    session.on("icecandidate", (event) => {
      if (candidates++ === 0) setTimeout(() => event.ready(), ICE_ENOUGH_MS);
    });
    session.on("confirmed", () => {
      if (this.#session !== session) return;
      this.#update({ phase: "talking" });
      setTimeout(() => endWithoutSound(session), SOUND_WITHIN_MS);
    });
    const end = ({ cause, originator }: { cause: string; originator: unknown }): void => {
      if (this.#session !== session) return;
      this.#session = null;
      this.call.value = null;
      this.#audio.srcObject = null;
      this.lastEnd.value = { cause, byUs: String(originator) === "local" };
    };
    session.on("ended", end);
    session.on("failed", end);
  }

  #play(connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ streams, track }) => {
      this.#audio.srcObject = streams[0] ?? new MediaStream([track]);
    });
  }

  #update(change: Partial<Call>): void {
    if (this.call.value) this.call.value = { ...this.call.value, ...change };
  }
}

/** The exchange knows the telephone by its From; who calls stands in the identity headers of a trunk. */
function identity(name: string, number: string): string[] {
  if (number === "anonymous") return ["P-Asserted-Identity: <sip:anonymous@anonymous.invalid>", "Privacy: id"];
  return [`P-Asserted-Identity: "${name}" <sip:${number}@haedap.invalid>`];
}

function stopTracks(opened: MediaStream | MicrophoneProblem): void {
  if (typeof opened !== "string") for (const track of opened.getTracks()) track.stop();
}

/** The exchange may wait for us on a way that we do not take, and would for ever. Its call that is lost comes back at once. */
function endWithoutSound(session: RTCSession): void {
  const state = session.isEnded() ? "closed" : session.connection.connectionState;
  if (state === "new" || state === "connecting") session.terminate({ cause: C.causes.RTP_TIMEOUT });
}

/** JsSIP hangs up when the media is lost. The exchange must not take that for the agent's wish: cause 102 says what it was. */
function tellLostMedia(session: RTCSession): void {
  const terminate = session.terminate.bind(session);
  session.terminate = (options?: TerminateOptions): void => {
    const lost = options?.cause === C.causes.RTP_TIMEOUT;
    terminate(
      lost ? { cause: C.causes.RTP_TIMEOUT, extraHeaders: ['Reason: Q.850;cause=102;text="Media lost"'] } : options,
    );
  };
}

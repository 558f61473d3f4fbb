// 시민 전화: a telephone in the browser that calls the centre, for trying the centre out. Only in the demo.
import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { call as request } from "../lib/api";
import { clock, telephone } from "../lib/format";
import { fill } from "../lib/i18n";
import { explain } from "../phone/microphone";
import { type Credentials, Softphone } from "../phone/softphone";

interface CitizenCredentials extends Credentials {
  number: string;
  number_dialled: string;
}

/** People and numbers that cannot be real. */
const CITIZENS = [
  { name: "홍시민", number: "+821000001234" },
  { name: "나주민", number: "+821000005678" },
  { name: "도구민", number: "+82200009012" },
  { name: "", number: "anonymous" },
] as const;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

const root = document.getElementById("citizen-phone");
const audio = document.createElement("audio");
audio.autoplay = true;
document.body.append(audio);

const number = signal("");
const citizen = signal(0);
const pressed = signal("");
const connectedAt = signal<number | null>(null);
const now = signal(Date.now());

async function fetchCredentials(): Promise<Credentials> {
  const fetched = await request<CitizenCredentials>("POST", "/api/demo/phone", {});
  if (number.value === "") number.value = fetched.number_dialled;
  return fetched;
}

const phone = new Softphone(fetchCredentials, audio);
setInterval(() => {
  now.value = Date.now();
}, 500);
effect(() => {
  const talking = phone.call.value?.phase === "talking";
  connectedAt.value = talking ? (connectedAt.peek() ?? Date.now()) : null;
  if (!phone.call.value) pressed.value = "";
});

function dial(): void {
  const digits = number.value.replace(/[^0-9*#+]/g, "");
  const who = CITIZENS[citizen.value] ?? CITIZENS[0];
  if (digits) void phone.dial(digits, who.name, who.number);
}

function press(key: string): void {
  if (phone.call.value) {
    phone.sendDigit(key);
    pressed.value = (pressed.value + key).slice(-16);
  } else number.value += key;
}

function status(): string {
  const current = phone.call.value;
  if (current?.phase === "talking")
    return fill(gettext("Connected %(time)s"), { time: clock((now.value - (connectedAt.value ?? now.value)) / 1000) });
  if (current?.direction === "incoming") return gettext("Your telephone rings. Answer?");
  if (current) return gettext("Calling …");
  if (phone.microphone.value) return explain(phone.microphone.value);
  if (phone.problem.value) return phone.problem.value;
  switch (phone.registration.value) {
    case "registered":
      return ended() ?? gettext("Press Call.");
    case "lost":
    case "refused":
      return gettext("The telephone cannot reach the centre. It tries again by itself; is the centre running?");
    default:
      return gettext("The telephone is getting ready …");
  }
}

function ended(): string | null {
  const end = phone.lastEnd.value;
  if (!end) return null;
  if (end.byUs) return gettext("You hung up.");
  switch (end.cause) {
    case "Terminated":
      return gettext("The centre ended the call.");
    case "Busy":
      return gettext("The line is busy. Try again in a moment.");
    case "Not Found":
    case "Rejected":
    case "Unavailable":
      return gettext("The centre does not take calls to this number. Check the number.");
    default:
      return fill(gettext("The call did not succeed (%(cause)s). Try again."), { cause: end.cause });
  }
}

function Who() {
  const calling = phone.call.value !== null;
  return (
    <fieldset class="callers" disabled={calling} aria-labelledby="callers-title">
      <p id="callers-title">{gettext("Who calls (invented people)")}</p>
      {CITIZENS.map(({ name, number: own }, index) => (
        <label key={own}>
          <input
            type="radio"
            name="caller"
            checked={citizen.value === index}
            onChange={() => {
              citizen.value = index;
            }}
          />
          <span>{own === "anonymous" ? gettext("Number withheld") : `${name} ${telephone(own)}`}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Pad() {
  return (
    <div class="pad">
      {KEYS.map((key) => (
        <button type="button" key={key} data-key={key} onClick={() => press(key)}>
          {key}
        </button>
      ))}
    </div>
  );
}

function CallButton() {
  const current = phone.call.value;
  if (current) {
    return (
      <>
        {current.direction === "incoming" && current.phase === "ringing" && (
          <button type="button" class="call" onClick={() => void phone.answer()}>
            {gettext("Answer")}
          </button>
        )}
        <button type="button" class="hang-up" onClick={() => phone.hangUp()}>
          {gettext("Hang up")}
        </button>
      </>
    );
  }
  const ready = phone.registration.value === "registered";
  return (
    <button type="button" class="call" disabled={!ready} onClick={dial}>
      {gettext("Call")}
    </button>
  );
}

function Telephone() {
  const current = phone.call.value;
  return (
    <div class="handset" data-phase={current?.phase ?? "idle"} data-phone={phone.registration.value}>
      <p class="screen-status" role="status">
        {status()}
      </p>
      <label class="sr-only" for="number">
        {gettext("Number to call")}
      </label>
      <input
        id="number"
        class="screen-number"
        inputMode="tel"
        autocomplete="off"
        readOnly={current !== null}
        value={current ? pressed.value || number.value : number.value}
        onInput={(event) => {
          number.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !current) dial();
          else if (current && /^[0-9*#]$/.test(event.key)) press(event.key);
        }}
      />
      <Pad />
      <CallButton />
      {phone.microphone.value && (
        <button type="button" class="again" onClick={() => void phone.checkMicrophone()}>
          {gettext("Try the microphone again")}
        </button>
      )}
      <Who />
    </div>
  );
}

if (root) {
  Object.assign(window, { haedap: { phone } });
  render(<Telephone />, root);
  void phone.start();
}

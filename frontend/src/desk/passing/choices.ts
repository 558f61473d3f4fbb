// To whom the citizen can be passed on: found offices, colleagues, queues, and a number that was typed. Pure.
import { telephone } from "../../lib/format";
import { fill } from "../../lib/i18n";
import type { Choice, Colleague, OfficeFound, Person, QueueTarget, TargetIn } from "./types";

const NUMBER = /^[0-9][0-9\- ]{1,18}$/;

/** The offices that were found; without an officer it is the department. */
export function fromOffices(found: readonly OfficeFound[]): Choice[] {
  return found.map((office) => {
    const { department, officer, answers } = office;
    const target: TargetIn = officer
      ? { type: "officer", officer: officer.id }
      : { type: "department", department: department.id };
    return {
      key: officer ? `officer-${officer.id}` : `department-${department.id}`,
      name: [department.name, officer && personName(officer)].filter(Boolean).join(" · "),
      about: office.duty ?? department.place,
      where: answers.extension || telephone(answers.telephone) || gettext("no number known"),
      warning: answers.reason,
      target,
      outside: true,
    };
  });
}

const fits = (name: string, text: string): boolean => name.toLowerCase().includes(text.trim().toLowerCase());

/** Colleagues whose name has `text` in it; all of them when it is empty. */
export const fromColleagues = (
  colleagues: readonly Colleague[],
  text: string,
  stateName: (state: string, reason: string) => string,
): Choice[] => colleagues.filter((one) => fits(one.name, text)).map((one) => fromColleague(one, stateName));

/** Queues whose name has `text` in it; all of them when it is empty. */
export const fromQueues = (queues: readonly QueueTarget[], text: string): Choice[] =>
  queues.filter((one) => fits(one.name, text)).map(fromQueue);

/** The number itself, when what was typed is one. */
export function fromNumber(text: string): Choice[] {
  const typed = text.trim();
  if (!NUMBER.test(typed)) return [];
  return [
    {
      key: "number",
      name: fill(gettext("Call %(number)s"), { number: typed }),
      about: gettext("the number as you typed it"),
      where: typed,
      warning: "",
      target: { type: "number", number: typed },
      outside: true,
    },
  ];
}

export const personName = (person: Person): string => [person.name, person.title].filter(Boolean).join(" ");

function fromColleague(one: Colleague, stateName: (state: string, reason: string) => string): Choice {
  const free = one.state === "available";
  return {
    key: `agent-${one.id}`,
    name: one.name,
    about: one.queues.join(", "),
    where: stateName(one.state, one.reason),
    warning: free ? "" : gettext("not free now"),
    target: { type: "agent", agent: one.id },
    outside: false,
  };
}

function fromQueue(one: QueueTarget): Choice {
  return {
    key: `queue-${one.key}`,
    name: one.name,
    about: gettext("queue"),
    where: fill(gettext("%(waiting)s waiting, %(free)s free"), { waiting: one.waiting, free: one.free }),
    warning: one.free === 0 ? gettext("nobody is free") : "",
    target: { type: "queue", queue: one.key },
    outside: false,
  };
}

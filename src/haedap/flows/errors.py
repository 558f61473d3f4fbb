"""What is wrong with a flow or with opening hours: place, code and an English sentence that the edge translates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Argument = str | int


def gettext_noop(text: str) -> str:
    """Marks a sentence for xgettext; the edge translates it and then fills in the arguments."""
    return text


class ErrorCode(StrEnum):
    """Stable names of what can be wrong."""

    NOT_JSON = "not_json"
    NOT_UTF8 = "not_utf8"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    DUPLICATE_KEY = "duplicate_key"
    NOT_OBJECT = "not_object"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    TOO_MANY_STEPS = "too_many_steps"
    STEP_NAME = "step_name"
    UNKNOWN_KIND = "unknown_kind"
    EXPECTED_STEP = "expected_step"
    EXPECTED_KEY = "expected_key"
    EXPECTED_NAME = "expected_name"
    EXPECTED_PROMPTS = "expected_prompts"
    EXPECTED_SOME_PROMPTS = "expected_some_prompts"
    EXPECTED_CHOICES = "expected_choices"
    EXPECTED_SECONDS = "expected_seconds"
    EXPECTED_MESSAGE_SECONDS = "expected_message_seconds"
    EXPECTED_ATTEMPTS = "expected_attempts"
    EXPECTED_PRIORITY = "expected_priority"
    EXPECTED_FLAG = "expected_flag"
    CHOICE_KEYS = "choice_keys"
    UNKNOWN_STEP = "unknown_step"
    UNKNOWN_QUEUE = "unknown_queue"
    UNKNOWN_HOURS = "unknown_hours"
    UNKNOWN_PROMPT = "unknown_prompt"
    UNREACHABLE = "unreachable"
    ENDLESS = "endless"
    WEEK_DAYS = "week_days"
    PERIOD = "period"
    PERIOD_TIME = "period_time"
    PERIODS_OVERLAP = "periods_overlap"
    TOO_MANY_PERIODS = "too_many_periods"
    TERM = "term"
    TERM_TOO_LONG = "term_too_long"
    TERM_ENDLESS = "term_endless"
    EXTENSION_UNIT = "extension_unit"
    EXTENSION_TOO_LONG = "extension_too_long"
    EXTENSIONS_MANY = "extensions_many"
    EXTENSION_CONSENT = "extension_consent"
    SUSPENSION = "suspension"


MESSAGES: Mapping[ErrorCode, str] = {
    ErrorCode.NOT_JSON: gettext_noop("This is not JSON: line %(line)s, column %(column)s."),
    ErrorCode.NOT_UTF8: gettext_noop("This is not text in UTF-8. Save it as UTF-8 and try again."),
    ErrorCode.TOO_LARGE: gettext_noop("This is too large: at most %(most)s bytes."),
    ErrorCode.TOO_DEEP: gettext_noop("This is nested too deeply to be a flow."),
    ErrorCode.DUPLICATE_KEY: gettext_noop("The name “%(name)s” stands here twice. Remove or rename one."),
    ErrorCode.NOT_OBJECT: gettext_noop("A JSON object { } is expected here."),
    ErrorCode.UNKNOWN_FIELD: gettext_noop("The field “%(name)s” is not known here. Correct or remove it."),
    ErrorCode.MISSING_FIELD: gettext_noop("The field “%(name)s” is missing."),
    ErrorCode.TOO_MANY_STEPS: gettext_noop("A flow has at least 1 and at most %(most)s steps."),
    ErrorCode.STEP_NAME: gettext_noop("A step's key is 1 to 64 letters, digits, “_” or “-”."),
    ErrorCode.UNKNOWN_KIND: gettext_noop("A step's kind is one of: %(kinds)s."),
    ErrorCode.EXPECTED_STEP: gettext_noop("The key of a step is expected here."),
    ErrorCode.EXPECTED_KEY: gettext_noop("A key of 1 to 64 characters is expected here."),
    ErrorCode.EXPECTED_NAME: gettext_noop("A name of 1 to 60 characters is expected here."),
    ErrorCode.EXPECTED_PROMPTS: gettext_noop("A list of at most 10 prompt keys is expected here."),
    ErrorCode.EXPECTED_SOME_PROMPTS: gettext_noop("A list of 1 to 10 prompt keys is expected here."),
    ErrorCode.EXPECTED_CHOICES: gettext_noop("1 to 100 choices are expected here: keys, and the step each leads to."),
    ErrorCode.EXPECTED_SECONDS: gettext_noop("A whole number of seconds from 1 to 60 is expected here."),
    ErrorCode.EXPECTED_MESSAGE_SECONDS: gettext_noop("A whole number of seconds from 10 to 300 is expected here."),
    ErrorCode.EXPECTED_ATTEMPTS: gettext_noop("A whole number from 1 to 10 is expected here."),
    ErrorCode.EXPECTED_PRIORITY: gettext_noop("A whole number from -100 to 100 is expected here."),
    ErrorCode.EXPECTED_FLAG: gettext_noop("“true” or “false” is expected here."),
    ErrorCode.CHOICE_KEYS: gettext_noop("A choice is 1 to 4 keys out of 0-9, * and #."),
    ErrorCode.UNKNOWN_STEP: gettext_noop("The step “%(name)s” does not exist."),
    ErrorCode.UNKNOWN_QUEUE: gettext_noop("The queue “%(name)s” does not exist."),
    ErrorCode.UNKNOWN_HOURS: gettext_noop("The opening hours “%(name)s” do not exist."),
    ErrorCode.UNKNOWN_PROMPT: gettext_noop("The prompt “%(name)s” does not exist."),
    ErrorCode.UNREACHABLE: gettext_noop("No way leads to this step. Remove it or refer to it."),
    ErrorCode.ENDLESS: gettext_noop("A citizen who presses nothing would go in a circle here: %(steps)s."),
    ErrorCode.WEEK_DAYS: gettext_noop("A week is a list of seven days from Monday, each a list of periods."),
    ErrorCode.PERIOD: gettext_noop("A period is two times: from and until."),
    ErrorCode.PERIOD_TIME: gettext_noop("A time is written as HH:MM, from 00:00 to 24:00."),
    ErrorCode.PERIODS_OVERLAP: gettext_noop("This period overlaps the one before it."),
    ErrorCode.TOO_MANY_PERIODS: gettext_noop("A day has at most %(most)s periods."),
    ErrorCode.TERM: gettext_noop("A term is written as 3h, 7d, 2w, 1m or 1y, or as the kind of the matter."),
    ErrorCode.TERM_TOO_LONG: gettext_noop("A term is at most %(most)s long."),
    ErrorCode.TERM_ENDLESS: gettext_noop("The term has no end: nobody works on the days that it asks for."),
    ErrorCode.EXTENSION_UNIT: gettext_noop(
        "An extension is counted as the term is: in hours, in days, by the calendar."
    ),
    ErrorCode.EXTENSION_TOO_LONG: gettext_noop("An extension is at most as long as the term itself: %(most)s."),
    ErrorCode.EXTENSIONS_MANY: gettext_noop("A term can be extended once, and once more if the citizen agrees."),
    ErrorCode.EXTENSION_CONSENT: gettext_noop("A second extension needs the citizen's consent."),
    ErrorCode.SUSPENSION: gettext_noop("A suspension ends after it begins."),
}


@dataclass(frozen=True, slots=True)
class FlowError:
    """One thing that is wrong. `place` is a path such as `steps.menu.choices.3`; empty means the whole."""

    place: str
    code: ErrorCode
    args: Mapping[str, Argument] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English template (a gettext msgid); its arguments are in `args`."""
        return MESSAGES[self.code]

    def __str__(self) -> str:
        """The place and the English sentence."""
        sentence = self.message % self.args
        return f"{self.place}: {sentence}" if self.place else sentence


class FlowsError(Exception):
    """The root of this package's exceptions. `errors` holds everything that was found, in the order of the text."""

    def __init__(self, errors: tuple[FlowError, ...]) -> None:
        super().__init__("; ".join(map(str, errors[:3])))
        self.errors = errors


class FlowInvalid(FlowsError):  # noqa: N818 - named for what it says, as the callers read it
    """The definition is not a flow that can run."""


class HoursInvalid(FlowsError):  # noqa: N818
    """The week or a day's periods cannot be read."""

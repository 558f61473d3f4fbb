"""To whom a citizen may be put through, and who may owe a call: known here, and at a number that may be dialled."""

import re

import phonenumbers

from haedap.domain.targets import Owner, Target, ToAgent, ToOutside, ToQueue
from haedap.engine.requests.asking import Asking, Refused

_REGION = "KR"
_EXTENSION = re.compile(r"[0-9]{2,8}\Z")
_DEAR_EXTENSION = re.compile(r"00|060")
"""What begins so is a call abroad or to a premium service, cut short."""
_DEAR = re.compile(r"60")
_LONGEST_NAME = 100
_LARGEST_ID = 2**31 - 1


def check_target(asking: Asking, target: Target | Owner) -> None:
    """Raises Refused: unknown_target, malformed, number_not_allowed."""
    match target:
        case ToAgent(agent=agent):
            if not asking.is_agent(agent):
                raise Refused("unknown_target")
        case ToQueue(queue=queue):
            asking.check_queue(queue)
        case ToOutside():
            _check_outside(asking, target)


def check_citizen(asking: Asking, number: str) -> None:
    """Whether the centre may call this citizen's number. Raises Refused: malformed, number_not_allowed."""
    _check_whole_number(number, abroad=asking.plan is not None and asking.plan.calls_abroad)


def _check_outside(asking: Asking, target: ToOutside) -> None:
    if len(target.name) > _LONGEST_NAME or not 0 <= (target.officer or 0) <= _LARGEST_ID:
        raise Refused("malformed")
    if not _EXTENSION.match(target.number):
        check_citizen(asking, target.number)
    elif _DEAR_EXTENSION.match(target.number):
        raise Refused("number_not_allowed")


def _check_whole_number(text: str, *, abroad: bool) -> None:
    if not re.match(r"\+[1-9][0-9]{5,14}\Z", text):
        raise Refused("malformed")
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        raise Refused("malformed") from None
    if not phonenumbers.is_possible_number(number) or _in_e164(number) != text:
        raise Refused("malformed")
    home = number.country_code == phonenumbers.country_code_for_region(_REGION)
    if home and number.italian_leading_zero:
        raise Refused("malformed")  # dialled, its zeros would make it a number abroad
    if _is_dear(number, home=home) or not (home or abroad):
        raise Refused("number_not_allowed")


def _in_e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_dear(number: phonenumbers.PhoneNumber, *, home: bool) -> bool:
    """A premium number. Korea's are known by their beginning, so that none slips through that is not in use yet."""
    dear = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.PREMIUM_RATE
    return dear or (home and _DEAR.match(str(number.national_number)) is not None)

"""What agents ask about the talk they are in: controls, transfers, consultations, steps against abuse."""

from typing import Annotated

import msgspec

from haedap.domain import events
from haedap.domain.states import ConsultStep, Control, ProtectionStep, TransferMode
from haedap.domain.targets import Target, ToAgent
from haedap.engine.requests.asking import AnyContact, Asking, Refused
from haedap.engine.requests.targets import check_target


class Controlled(msgspec.Struct, frozen=True):
    """Something done to the call; `digits` only with send_digits."""

    contact: AnyContact
    control: Control
    digits: Annotated[str, msgspec.Meta(max_length=32, pattern=r"^[0-9*#A-D]*\Z")] = ""


class Transfer(msgspec.Struct, frozen=True):
    """To pass the citizen on, with the id of a brief and what is spoken first."""

    contact: AnyContact
    mode: TransferMode
    target: Target
    brief: Annotated[str, msgspec.Meta(max_length=64)] = ""
    announcement: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Consulting(msgspec.Struct, frozen=True):
    """A step of the consultation."""

    contact: AnyContact
    step: ConsultStep


class Protecting(msgspec.Struct, frozen=True):
    """A step against abuse; `kind` is the centre's own word for it."""

    contact: AnyContact
    step: ProtectionStep
    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


def control(asking: Asking, data: Controlled) -> events.AnyEvent:
    """unknown_agent, signed_out, not_theirs, not_engaged, malformed"""
    agent = asking.agent_talking(data.contact)
    if (data.control is Control.SEND_DIGITS) != bool(data.digits):
        raise Refused("malformed")
    return events.ControlRequested(
        at=asking.now, agent=agent, contact=data.contact, control=data.control, digits=data.digits
    )


def transfer(asking: Asking, data: Transfer) -> events.AnyEvent:
    """unknown_agent, signed_out, not_theirs, not_engaged, unknown_target, malformed, number_not_allowed"""
    agent = asking.agent_talking(data.contact)
    if data.target == ToAgent(agent):
        raise Refused("unknown_target")
    check_target(asking, data.target)
    return events.TransferRequested(
        at=asking.now,
        agent=agent,
        contact=data.contact,
        mode=data.mode,
        target=data.target,
        brief=data.brief,
        announcement=data.announcement,
    )


def consult_step(asking: Asking, data: Consulting) -> events.AnyEvent:
    """unknown_agent, signed_out, not_theirs, not_engaged"""
    agent = asking.agent_talking(data.contact)
    return events.ConsultStepped(at=asking.now, agent=agent, contact=data.contact, step=data.step)


def protect(asking: Asking, data: Protecting) -> events.AnyEvent:
    """unknown_agent, signed_out, not_theirs, not_engaged"""
    agent = asking.agent_talking(data.contact)
    return events.Protected(at=asking.now, agent=agent, contact=data.contact, step=data.step, kind=data.kind)

"""Who asks for something, and what is checked about it before the router hears of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec

from haedap.domain.ids import AgentId, ContactId, PromiseId, QueueKey
from haedap.domain.plan import Plan
from haedap.domain.states import AgentState
from haedap.engine.core import Duty

_UUID = msgspec.Meta(pattern=r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\Z")
AnyContact = Annotated[ContactId, _UUID]
AnyPromise = Annotated[PromiseId, _UUID]


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """The command is not carried out; `code` says why, for the web to put in words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A command's author, if it has one, and the centre as it stands. What says who the author is raises Refused."""

    agent: AgentId | None
    plan: Plan | None
    duties: Mapping[AgentId, Duty]
    now: datetime

    def is_agent(self, agent: AgentId) -> bool:
        """Whether the plan has this agent, or had when they came on duty."""
        planned = self.plan is not None and any(agent == one.id for one in self.plan.agents)
        return planned or self.duty_of(agent) is not None

    def duty_of(self, agent: AgentId) -> Duty | None:
        """What the agent does; None when they are signed out."""
        duty = self.duties.get(agent)
        return duty if duty is not None and duty.state is not AgentState.SIGNED_OUT else None

    def known_agent(self) -> AgentId:
        """unknown_agent"""
        if self.agent is None or not self.is_agent(self.agent):
            raise Refused("unknown_agent")
        return self.agent

    def agent_on_duty(self) -> tuple[AgentId, Duty]:
        """unknown_agent, signed_out"""
        agent = self.known_agent()
        duty = self.duty_of(agent)
        if duty is None:
            raise Refused("signed_out")
        return agent, duty

    def agent_talking(self, contact: ContactId) -> AgentId:
        """unknown_agent, signed_out, not_theirs, not_engaged"""
        agent, duty = self.agent_on_duty()
        if duty.contact != contact:
            raise Refused("not_theirs")
        if duty.state is not AgentState.ENGAGED:
            raise Refused("not_engaged")
        return agent

    def supervisor(self) -> AgentId:
        """not_supervisor"""
        if self.agent is None or not self._is_supervisor(self.agent):
            raise Refused("not_supervisor")
        return self.agent

    def colleague(self) -> AgentId:
        """An agent or a supervisor, on duty or not. unknown_agent"""
        if self.agent is None or not (self.is_agent(self.agent) or self._is_supervisor(self.agent)):
            raise Refused("unknown_agent")
        return self.agent

    def check_talk(self, contact: ContactId) -> None:
        """not_engaged: nobody talks in this contact."""
        if not any(duty.contact == contact and duty.state is AgentState.ENGAGED for duty in self.duties.values()):
            raise Refused("not_engaged")

    def check_queue(self, queue: QueueKey) -> None:
        """unknown_target"""
        if self.plan is None or all(queue != one.key for one in self.plan.queues):
            raise Refused("unknown_target")

    def _is_supervisor(self, agent: AgentId) -> bool:
        return self.plan is not None and any(agent == one.id for one in self.plan.supervisors)

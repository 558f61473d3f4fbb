"""Names of things. Contacts and offers are strings, people are numbers, what a city configures has a readable key."""

from typing import NewType

ContactId = NewType("ContactId", str)
"""A UUID in canonical text form, derived by the channel from the wire's own id: the same call never counts twice."""

OfferId = NewType("OfferId", str)
"""`<contact id>.<n>`: the n-th leg that was rung for this contact: an agent's, an officer's, a supervisor's.

Also the id of that leg on the wire.
"""

RequestId = NewType("RequestId", str)
"""`<contact id>-<n>`: the n-th request that the router made for this contact."""

PromiseId = NewType("PromiseId", str)
"""A UUID in canonical text form; that of an automatic promise is derived from the contact that it repairs."""

AgentId = NewType("AgentId", int)
QueueKey = NewType("QueueKey", str)
SkillKey = NewType("SkillKey", str)
FlowKey = NewType("FlowKey", str)
PromptKey = NewType("PromptKey", str)
HoursKey = NewType("HoursKey", str)
OfficerId = NewType("OfficerId", int)

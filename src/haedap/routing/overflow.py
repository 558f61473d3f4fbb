"""Overflow to other queues and widening to other skills, by how long citizens wait. Outgoing contacts keep their queue.

* A queue's rules are looked at in their order; the first that holds moves the contact: LENGTH when it comes, NOBODY
  when it comes, when an agent goes and when it is kept for one agent no more, WAIT by the time in this queue. It keeps
  its place by the time it has waited in all, and never flows back to a queue that it came from. A rule whose queue is
  not on the plan does not hold.
* Widening: agents of the further skill may serve the contact from then on, after those of its own.
"""

from datetime import datetime, timedelta

from haedap.domain.events import MoveRequested
from haedap.domain.ids import QueueKey, SkillKey
from haedap.domain.plan import Overflow, Queue
from haedap.domain.states import ContactState, MoveCause
from haedap.routing import waiting
from haedap.routing.deadlines import Kind
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord
from haedap.routing.refusals import Refusal

LATER = timedelta(seconds=5)
"""When a contact that is being offered is looked at again."""


def entered(floor: Floor, contact: ContactRecord) -> None:
    """The contact came into its queue: it goes on at once, or its times begin."""
    while not contact.uncalled and _flow_on(floor, contact, coming=True):
        """Each move adds to `been`, so this ends."""
    arm(floor, contact)


def waits_anew(floor: Floor, contact: ContactRecord) -> None:
    """The citizen has talked to somebody and waits once more: all times of waiting begin anew."""
    contact.waiting_since = contact.queue_since = floor.now
    arm(floor, contact)


def ask_anybody(floor: Floor, contact: ContactRecord) -> None:
    """The contact is kept for one agent no more; who waits goes on if anybody is nobody by now."""
    waiting.ask_anybody(floor, contact)
    if contact.state is ContactState.WAITING and not contact.uncalled and _flow_on(floor, contact, coming=False):
        entered(floor, contact)


def arm(floor: Floor, contact: ContactRecord) -> None:
    """When the rules of its queue are to be looked at again for this contact."""
    contact.overflow_at = contact.widen_at = None
    if contact.uncalled or contact.queue_since is None or contact.waiting_since is None:
        return
    rules = floor.rules(contact)
    _look_again(floor, contact, min((at for at in _times(contact, rules) if at > floor.now), default=None))
    if rules.widening or contact.wide:
        _arm_widening(floor, contact)


def rules_changed(floor: Floor, contact: ContactRecord) -> None:
    """The plan has other rules for the queue in which the contact waits: they hold for its whole wait, at once."""
    arm(floor, contact)
    if not contact.uncalled and any(at <= floor.now for at in _times(contact, floor.rules(contact))):
        _look_again(floor, contact, floor.now)


def _times(contact: ContactRecord, rules: Queue) -> list[datetime]:
    """When the contact will have waited, or had waited, as long as the rules of its queue say."""
    since, waits = contact.queue_since, [rule.after_seconds for rule in rules.overflow]
    return [since + timedelta(seconds=wait) for wait in waits if wait is not None] if since is not None else []


def _look_again(floor: Floor, contact: ContactRecord, at: datetime | None) -> None:
    contact.overflow_at = at
    if at is not None:
        floor.deadlines.add(at, Kind.OVERFLOW, contact=contact.id)


def _arm_widening(floor: Floor, contact: ContactRecord) -> None:
    spans = [timedelta(seconds=rule.after_seconds) for rule in floor.rules(contact).widening]
    begins = [contact.waiting_since + span for span in spans] if contact.waiting_since is not None else []
    contact.widen_at = min((at for at in begins if at > floor.now), default=None)
    if contact.widen_at is not None:
        floor.deadlines.add(contact.widen_at, Kind.WIDEN, contact=contact.id)
    _widen(floor, contact)


def time_passed(floor: Floor, contact: ContactRecord) -> None:
    """The contact has waited so long that a rule may hold. One that rings at an agent is looked at a little later."""
    contact.overflow_at = None
    if contact.state is ContactState.OFFERED:
        _look_again(floor, contact, floor.now + LATER)
    elif contact.state is ContactState.WAITING:
        if _flow_on(floor, contact, coming=False):
            entered(floor, contact)
        else:
            arm(floor, contact)


def widen(floor: Floor, contact: ContactRecord) -> None:
    """More agents may serve the contact."""
    contact.widen_at = None
    if contact.state in (ContactState.WAITING, ContactState.OFFERED):
        _arm_widening(floor, contact)


def _widen(floor: Floor, contact: ContactRecord) -> None:
    """The skills whose time has come."""
    own = floor.rules(contact).skill
    begun = contact.waiting_since or floor.now
    wide: dict[SkillKey, None] = {}
    for rule in sorted(floor.rules(contact).widening, key=lambda rule: rule.after_seconds):
        if rule.skill != own and begun + timedelta(seconds=rule.after_seconds) <= floor.now:
            wide[rule.skill] = None
    if tuple(wide) == contact.wide:
        return
    waits = contact.state is ContactState.WAITING
    if waits:
        floor.index.remove_waiting(contact)
    contact.wide = tuple(wide)
    if waits:
        floor.index.add_waiting(contact)
        floor.fresh_contacts[contact.id] = None


def nobody_left(floor: Floor) -> None:
    """An agent went: queues that nobody could serve any more give their contacts away, if they have a rule for it."""
    for key, queue in list(floor.queues.items()):
        if any(rule.nobody for rule in queue.rules.overflow) and not floor.index.is_staffed(queue.rules.skill):
            for contact_id in floor.index.waiting_in(key):
                contact = floor.contacts[contact_id]
                if not contact.uncalled and _flow_on(floor, contact, coming=False):
                    entered(floor, contact)


def move_requested(floor: Floor, event: MoveRequested) -> None:
    """A supervisor moves a waiting contact to a queue of the plan."""
    contact, queue = floor.contacts.get(event.contact), floor.queues.get(event.queue)
    plan = floor.plan.plan
    allowed = plan is not None and any(supervisor.id == event.supervisor for supervisor in plan.supervisors)
    if not allowed or contact is None or refusal(floor, event) is not None:
        return
    if queue is None or queue.removed or contact.queue == event.queue:
        return
    waiting.move(floor, contact, event.queue, MoveCause.SUPERVISOR, event.supervisor)
    contact.been = ()
    arm(floor, contact)


def refusal(floor: Floor, event: MoveRequested) -> Refusal | None:
    """Why it cannot be done now."""
    contact = floor.contacts.get(event.contact)
    waits = contact is not None and contact.state is ContactState.WAITING
    return None if waits else Refusal.NOT_WAITING


def _flow_on(floor: Floor, contact: ContactRecord, *, coming: bool) -> bool:
    """Move the contact by the first rule that holds; whether one did."""
    for rule in floor.rules(contact).overflow:
        cause = _cause(floor, contact, rule, coming=coming) if _is_open(floor, contact, rule.queue) else None
        if cause is not None:
            contact.been = (*contact.been, contact.queue)
            waiting.move(floor, contact, rule.queue, cause)
            return True
    return False


def _cause(floor: Floor, contact: ContactRecord, rule: Overflow, *, coming: bool) -> MoveCause | None:
    others = floor.index.length(contact.queue) - (contact.preferred is None)
    if coming and rule.longer_than is not None and others >= rule.longer_than:
        return MoveCause.LENGTH
    if rule.nobody and not floor.index.is_staffed(floor.rules(contact).skill):
        return MoveCause.NOBODY
    if rule.after_seconds is None or contact.queue_since is None:
        return None
    return MoveCause.WAIT if contact.queue_since + timedelta(seconds=rule.after_seconds) <= floor.now else None


def _is_open(floor: Floor, contact: ContactRecord, queue: QueueKey) -> bool:
    record = floor.queues.get(queue)
    return record is not None and not record.removed and queue != contact.queue and queue not in contact.been

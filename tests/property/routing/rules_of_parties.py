"""The facts about who else is in a talk: transfers, supervision, protection."""

from datetime import timedelta

from haedap.domain.facts import (
    ProtectionTaken,
    SupervisionEnded,
    SupervisionStarted,
    TransferAnswered,
    TransferEnded,
    TransferStarted,
    TransferStepped,
)
from haedap.domain.states import ProtectionStep, TransferMode, TransferOutcome
from haedap.domain.targets import ToOutside, ToQueue
from tests.property.routing.books import Books, C, Rules


def transfer_started(books: Books, fact: TransferStarted) -> None:
    case = books.open_segment(fact)
    assert case.state is C.ENGAGED
    assert case.transfer is None, "one transfer at a time"
    case.transfers += 1
    assert fact.transfer == case.transfers
    case.transfer, case.answered = fact, False


def transfer_answered(books: Books, fact: TransferAnswered) -> None:
    case = books.open_transfer(fact)
    assert not case.answered
    case.answered = True


def transfer_stepped(books: Books, fact: TransferStepped) -> None:
    case = books.open_transfer(fact)
    assert case.transfer is not None
    assert case.transfer.mode is TransferMode.CONSULT
    assert case.state is C.ENGAGED
    assert case.answered or not fact.consulted
    assert fact.citizen or fact.consulted, "an agent who hears nobody"


def transfer_ended(books: Books, fact: TransferEnded) -> None:
    case = books.open_transfer(fact)
    target = None if case.transfer is None else case.transfer.target
    if fact.outcome is TransferOutcome.COMPLETED:
        assert case.answered or isinstance(target, ToQueue)
        assert case.state is C.FORWARDED or not isinstance(target, ToOutside)
    case.transfer = None


def supervision_started(books: Books, fact: SupervisionStarted) -> None:
    case = books.cases[fact.contact]
    assert case.segments == fact.segment
    assert case.state is C.ENGAGED
    assert case.supervisor in (None, fact.supervisor)
    assert fact.supervisor in books.supervising()
    case.supervisor = fact.supervisor


def supervision_ended(books: Books, fact: SupervisionEnded) -> None:
    case = books.cases[fact.contact]
    assert case.supervisor == fact.supervisor
    case.supervisor = None


def protection_taken(books: Books, fact: ProtectionTaken) -> None:
    case = books.open_segment(fact)
    assert case.state is C.ENGAGED
    assert fact.step not in case.steps
    if fact.step is ProtectionStep.END:
        assert ProtectionStep.ANNOUNCE in case.steps or fact.kind in ("sexual", "threat")
        rest = timedelta(seconds=books.queues[case.queue].rest_seconds)
        books.people[fact.agent].rest_until = books.now + rest
    case.steps = (*case.steps, fact.step)


RULES: Rules = {
    TransferStarted: transfer_started,
    TransferAnswered: transfer_answered,
    TransferStepped: transfer_stepped,
    TransferEnded: transfer_ended,
    SupervisionStarted: supervision_started,
    SupervisionEnded: supervision_ended,
    ProtectionTaken: protection_taken,
}

"""The panels of a contact: which systems, what each must know, and why one cannot be asked yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.http import Http404

from haedap.apps.contacts import api as contacts
from haedap.apps.lookups import asking, identifying, policy, running
from haedap.apps.lookups.asking import Asker
from haedap.apps.lookups.masking import masked
from haedap.apps.lookups.models import Identification, Purpose, System
from haedap.apps.lookups.policy import IDENTITY_FIELDS, Level, Refusal, Standing
from haedap.apps.lookups.schemas import Choice, IdentificationOut, PanelOut, PanelsOut, SubjectOut
from haedap.apps.lookups.words import ASKABLE, REFUSALS, WAYS
from haedap.connectors.configuration import Configuration, ConfiguredSubject
from haedap.connectors.port import ConnectorError

_SETTLEMENT = "moving_settlement"


def panels_of(asker: Asker) -> PanelsOut:
    """All of it, for the agent who has the contact. Raises DeskError for who had it before, Http404 for all others."""
    if contacts.opened(asker.account, asker.contact) is None:
        raise Http404
    standing = asking.standing_of(asker)
    asking.check_live(standing)
    known = identifying.known_subject(asker)
    described = [(system, _described(system)) for system in System.objects.filter(enabled=True)]
    mine = [(system, about) for system, about in described if standing.roles & frozenset(system.roles)]
    return PanelsOut(
        identification=_identification(asker),
        number_known=asking.number_on_record(asker.contact),
        ways=[Choice(key=way, name=str(word)) for way, word in WAYS.items()],
        askable=[Choice(key=key, name=str(word)) for key, word in ASKABLE.items()],
        purposes=[Choice(key=row.key, name=row.name) for row in Purpose.objects.filter(active=True)],
        identity=_identity((about for _system, about in mine if about), known),
        panels=[_panel(system, about, standing, known) for system, about in mine],
    )


def settles(system: System) -> bool:
    """Whether the system gives what a moving settlement is reckoned from."""
    about = _described(system)
    return about is not None and _SETTLEMENT in about.capabilities


def _described(system: System) -> Configuration | None:
    """None: the configuration has to be put right."""
    try:
        return running.described(system)
    except ConnectorError:
        return None


def _identification(asker: Asker) -> IdentificationOut:
    row = Identification.objects.select_related("by").filter(pk=asker.contact).first()
    if row is None:
        return IdentificationOut(level=Level.NONE, how="", asked=[], by="", at=None)
    return IdentificationOut(level=Level(row.level), how=row.way, asked=row.asked, by=row.by.name, at=row.at)


def _identity(described: Iterable[Configuration], known: Mapping[str, str]) -> list[SubjectOut]:
    """What says who the citizen is, of all that the panels ask for; each once."""
    found = {field.name: field for about in described for field in about.subject if field.name in IDENTITY_FIELDS}
    return [_subject(field, known) for field in found.values()]


def _panel(system: System, about: Configuration | None, standing: Standing, known: Mapping[str, str]) -> PanelOut:
    why = policy.refusal(standing, asking.needs_of(system))
    refusal, sentence = (why.value, str(REFUSALS[why])) if why else ("", "")
    if about is None:
        refusal, sentence = Refusal.SWITCHED_OFF.value, str(REFUSALS[Refusal.SWITCHED_OFF])
    return PanelOut(
        key=system.key,
        title=system.title,
        level=Level(system.level),
        subject=[_subject(field, known) for field in about.subject] if about else [],
        limit_ms=round(about.limits.seconds * 1000) if about else 0,
        settlement=bool(system.tariff) and settles(system),
        refusal=refusal,
        sentence=sentence,
    )


def _subject(field: ConfiguredSubject, known: Mapping[str, str]) -> SubjectOut:
    value = known.get(field.name, "")
    shown = masked(value) if field.personal or field.name in IDENTITY_FIELDS else value
    return SubjectOut(
        name=field.name,
        label=field.label,
        hint=field.hint,
        required=field.required,
        personal=field.personal,
        known=bool(value),
        shown=shown,
    )

"""Puts into a centre what the rows of a year name: offices, topics, agents, queues. What is there is used."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from haedap.apps.accounts.models import Account, Role
from haedap.apps.cases.api import Case
from haedap.apps.centre.models import CentreSettings, Number, Queue, Skill
from haedap.apps.centre.starting_set import add_all, add_topics, centre_data, put_starting_set, without
from haedap.apps.contacts.api import topic_path
from haedap.apps.contacts.models import Disposition, Topic
from haedap.apps.demo.year.parts import Parts, Team
from haedap.apps.demo.year.profile import Field, Profile, catalogue
from haedap.apps.demo.year.profile import profile as profile_of
from haedap.apps.demo.year.telling import office_number, people
from haedap.apps.demo.year.year import generator
from haedap.apps.knowledge.models import Article
from haedap.apps.lookups.models import System
from haedap.apps.offices.models import Department, Officer

MARK = "synthetic-"
"""What the codes and user names of everything begin with that a year brought along."""
_QUEUES = {
    "tax": "tax",
    "water": "water",
    "vehicle": "vehicle",
    "parking": "vehicle",
    "civil": "civil",
    "health": "living",
    "welfare": "living",
    "cleaning": "living",
    "living": "living",
}
_GENERAL = "general"
_MOST_TEAMS = 300
_OFFICERS, _AGENTS = 900, 901
"""Chance of their own, for names."""


def put(profile: Profile, seed: int) -> Parts:
    """Everything that is not there yet. To be called within a transaction."""
    put_starting_set()
    _settings(profile)
    offices = [
        _department(field.office, office_number(profile.area, place, 0), f"{place}-0")
        for place, field in enumerate(profile.fields)
    ]
    teams = _teams(profile, offices, seed)
    topics = _topics(profile, offices)
    codes = list(catalogue().leaves)
    number = Number.objects.order_by("id").first()
    return Parts(
        flow=number.flow_id if number else "main",
        called=number.number if number else office_number(profile.area, 0, 0),
        agents=_agents(profile, seed),
        queues=_queues(codes),
        topics=tuple(topics[code].pk for code in codes),
        topic_paths=tuple(topic_path(topics[code]) for code in codes),
        teams=tuple(teams[code] for code in codes),
        articles=_articles([topics[code] for code in codes]),
        systems=frozenset(System.objects.values_list("key", flat=True)),
        dispositions=frozenset(Disposition.objects.values_list("key", flat=True)),
    )


def take_back() -> None:
    """Take away what `put` brought along, and put the topics where they were.

    What somebody has come to use since (an office that an article names, or that has a case) stays, and is the
    centre's own from then on.
    """
    _restore_topics(centre_data()["topics"], None)
    for model, mark in ((Topic, "code"), (Officer, "code"), (Department, "code"), (Account, "username")):
        brought: QuerySet[Any] = QuerySet(model).filter(**{f"{mark}__startswith": MARK})
        for one in brought.order_by("-pk"):
            _delete(one)
    row = CentreSettings.objects.get(pk=1)
    taken = profile_of(row.synthetic)
    if row.name == taken.centre:
        row.name = _usual_names()[-1]
    if row.districts == _districts(taken):
        row.districts = []
    row.synthetic = ""
    row.save(update_fields=["name", "districts", "synthetic"])


def _delete(row: Topic | Officer | Department | Account) -> None:
    if not _has_cases(row):
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError:
            pass
        else:
            return
    if isinstance(row, Officer | Department):
        type(row).objects.filter(pk=row.pk).update(code="")


def _has_cases(row: Topic | Officer | Department | Account) -> bool:
    """Whether somebody real was promised an answer there: the cases of the year are gone by then."""
    if isinstance(row, Department):
        return Case.objects.filter(department=row.pk).exists()
    return isinstance(row, Officer) and Case.objects.filter(officer=row.pk).exists()


def _settings(profile: Profile) -> None:
    """Mark the centre. A name and districts of its own stay."""
    row, _new = CentreSettings.objects.get_or_create(pk=1)
    if row.name in _usual_names():
        row.name = profile.centre
    row.districts = row.districts or _districts(profile)
    row.synthetic = profile.key
    row.save(update_fields=["name", "districts", "synthetic"])


def _usual_names() -> tuple[str, ...]:
    """What centres are called that nobody has named; last, what this one would be."""
    demo, plain = centre_data()["settings"]["name"], CentreSettings().name
    return (plain, demo) if settings.HAEDAP.demo else (demo, plain)


def _districts(profile: Profile) -> list[str]:
    return [district.name for district in profile.districts]


def accounts() -> list[int]:
    """The agents of the year that is there."""
    return list(Account.objects.filter(username__startswith=MARK).values_list("pk", flat=True))


def _teams(profile: Profile, offices: list[Department], seed: int) -> dict[str, Team]:
    """The team of each topic, by its code; those that are there by these names are used, with their own numbers."""
    names = iter(people(_MOST_TEAMS, generator(profile, seed, _OFFICERS)))
    teams: dict[str, Team] = {}
    for place, office in enumerate(offices):
        known: dict[str, Team] = {}
        for code in (code for code in catalogue().leaves if profile.field_of(code) == place):
            name = catalogue().team(code)
            if name not in known:
                own = office_number(profile.area, place, len(known) + 1)
                known[name] = _team(office, name, own, f"{place}-{len(known) + 1}", next(names))
            teams[code] = known[name]
    return teams


def _department(path: tuple[str, ...], number: str, code: str) -> Department:
    """The office at this place; of what is above it only what is missing is made."""
    above: Department | None = None
    for depth, name in enumerate(path[:-1]):
        defaults = {"code": f"{MARK}{code}-above-{depth}"}
        above, _new = Department.objects.get_or_create(parent=above, name=name, defaults=defaults)
    defaults = {"code": f"{MARK}{code}", "telephone": number}
    return Department.objects.get_or_create(parent=above, name=path[-1], defaults=defaults)[0]


def _team(office: Department, name: str, number: str, code: str, officer_name: str) -> Team:
    team, _new = Department.objects.get_or_create(
        parent=office, name=name, defaults={"telephone": number, "code": f"{MARK}{code}"}
    )
    officer = team.officers.filter(active=True).exclude(telephone="").first()
    if officer is None:
        officer = Officer.objects.create(
            name=officer_name, title="주무관", department=team, code=f"{MARK}{code}", telephone=number
        )
    return Team(
        department=team.pk,
        place=team.place,
        number=team.telephone or officer.telephone,
        name=f"{office.name} {team.name}",
        officer=officer.pk,
        officer_name=officer.name,
    )


def _topics(profile: Profile, offices: list[Department]) -> dict[str, Topic]:
    """All topics by their codes, each below the root of its field and with its owning office."""
    add_topics(centre_data()["topics"], None)
    _restore_topics(centre_data()["topics"], None)
    known = {topic.code: topic for topic in Topic.objects.all()}
    for position, field in enumerate(profile.fields):
        root = _root(field, position)
        for code in field.topics:
            topic = known[code]
            topic.office = offices[position]
            if root is not None:
                topic.parent = root
            topic.save(update_fields=["office", "parent"])
    return {topic.code: topic for topic in Topic.objects.select_related("parent")}


def _root(field: Field, position: int) -> Topic | None:
    if field.root is None:
        return None
    values = {"name": field.root.name, "position": position}
    return Topic.objects.update_or_create(code=f"{MARK}{field.root.code}", defaults=values)[0]


def _restore_topics(rows: list[dict[str, Any]], parent: Topic | None) -> None:
    """The topics that come with the software at their places, without an office."""
    for row in rows:
        topic = Topic.objects.filter(code=row["code"]).first()
        if topic is not None:
            topic.parent, topic.office = parent, None
            topic.save(update_fields=["parent", "office"])
            _restore_topics(row.get("children", []), topic)


def _agents(profile: Profile, seed: int) -> tuple[int, ...]:
    """Accounts that nobody can log in to."""
    nobody = make_password(None)
    names = people(profile.agents, generator(profile, seed, _AGENTS))
    rows = [
        Account(username=f"{MARK}{place:02}", name=name, role=Role.AGENT, password=nobody, is_active=False)
        for place, name in enumerate(names, 1)
    ]
    return tuple(account.pk for account in Account.objects.bulk_create(rows))


def _queues(codes: list[str]) -> tuple[str, ...]:
    """The queue of each topic; a centre without any gets those of the demonstration."""
    if not Queue.objects.exists():
        data = centre_data()
        add_all(Skill, data["skills"])
        plain = ("overflows", "widenings", "skill", "callback_hours")
        rows = [without(row, *plain) | {"skill_id": row["skill"]} for row in data["queues"]]
        add_all(Queue, rows, ordered=True)
    known = list(Queue.objects.values_list("key", flat=True))
    general = _GENERAL if _GENERAL in known else known[0]
    wanted = [_QUEUES.get(code.split("_")[0], general) for code in codes]
    return tuple(key if key in known else general for key in wanted)


def _articles(topics: list[Topic]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The articles in force of each topic; of those above it when it has none of its own."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    current = Article.objects.exclude(current=None).order_by("code")
    for topic, article, version in current.values_list("current__topics", "pk", "current_id"):
        if topic is not None:
            found[topic].append((article, version))
    parents = {topic.pk: topic.parent_id for topic in Topic.objects.all()}
    return tuple(tuple(found[topic.pk] or found[parents[topic.pk] or 0]) for topic in topics)

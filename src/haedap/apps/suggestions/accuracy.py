"""How often the guesses were right: what was shown last against what the agent chose."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from haedap.apps.contacts import api as contacts
from haedap.apps.suggestions.models import TopicGuess


@dataclass(slots=True)
class Tally:
    """Contacts with a guess and a topic: how often the first was chosen, one of the shown, one with its key."""

    name: str
    contacts: int = 0
    first: int = 0
    among: int = 0
    taken: int = 0

    def count(self, shown: list[int], chosen: int, *, taken: bool) -> None:
        """One more contact."""
        self.contacts += 1
        self.first += shown[:1] == [chosen]
        self.among += chosen in shown
        self.taken += taken and chosen in shown


def tallies(since: date, until: date) -> tuple[Tally, list[Tally]]:
    """All guesses of the days from `since` to `until`, both included; and by the topic that was right, most first."""
    begin = timezone.make_aware(datetime.combine(since, time.min))
    end = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
    guesses = {row.contact: row for row in TopicGuess.objects.filter(at__gte=begin, at__lt=end)}
    whole, by_topic = Tally(""), defaultdict[int, Tally](lambda: Tally(""))
    for contact, topic in contacts.topics_chosen(list(guesses)).items():
        for tally in (whole, by_topic[topic]):
            tally.count(guesses[contact].topics, topic, taken=guesses[contact].taken)
    names = contacts.topic_paths(by_topic)
    for key, tally in by_topic.items():
        tally.name = names[key]
    return whole, sorted(by_topic.values(), key=lambda tally: (-tally.contacts, tally.name))

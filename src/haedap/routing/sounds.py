"""What the citizen hears: one thing at a time, each replacing the one before."""

from haedap.domain.decisions import Announce, Connect, Gather, Play, PlayMusic, Saying
from haedap.domain.ids import OfferId
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord, Leg, LegStage, Sound


def play(floor: Floor, contact: ContactRecord, sayings: tuple[Saying, ...]) -> None:
    """Say these; the end will be reported for the id in `contact.playing`."""
    contact.sound, contact.sayings, contact.playing = Sound.SAYINGS, sayings, floor.request(contact)
    floor.emit(Play(id=contact.playing, contact=contact.id, sayings=sayings))


def music(floor: Floor, contact: ContactRecord) -> None:
    """Music from now on."""
    quiet(contact)
    contact.sound = Sound.MUSIC
    floor.emit(PlayMusic(id=floor.request(contact), contact=contact.id))


def quiet(contact: ContactRecord) -> None:
    """Nothing plays any more, or nothing that matters."""
    contact.sound, contact.sayings, contact.playing = Sound.NOTHING, (), None


def connect(floor: Floor, contact: ContactRecord) -> None:
    """Citizen and agent instead of any sound."""
    quiet(contact)
    if contact.leg is not None:
        floor.emit(Connect(id=floor.request(contact), contact=contact.id, offer=contact.leg.offer))


def gather(floor: Floor, contact: ContactRecord, legs: tuple[Leg, ...], *, citizen: bool) -> None:
    """These legs, and the citizen or not, hear each other; everybody else hears music."""
    quiet(contact)
    for leg in legs:
        leg.stage = LegStage.ANSWERED
    offers: tuple[OfferId, ...] = tuple(leg.offer for leg in legs)
    floor.emit(Gather(id=floor.request(contact), contact=contact.id, offers=offers, citizen=citizen))


def announce(floor: Floor, contact: ContactRecord, leg: Leg, text: str) -> None:
    """Speak to this leg alone; the end will be reported for the id in `leg.announcing`."""
    leg.announcing = floor.request(contact)
    floor.emit(Announce(id=leg.announcing, contact=contact.id, offer=leg.offer, text=text))


def again(floor: Floor, contact: ContactRecord) -> None:
    """The exchange may have forgotten: ask for the same sound once more."""
    if contact.sound is Sound.SAYINGS:
        play(floor, contact, contact.sayings)
    elif contact.sound is Sound.MUSIC:
        music(floor, contact)

"""What the citizen hears: one thing at a time, each replacing the one before."""

from haedap.domain.decisions import Announce, ApplyControl, Connect, Gather, Play, PlayMusic, Saying
from haedap.domain.ids import OfferId
from haedap.domain.states import Control
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
    """Citizen and agent instead of any sound; to a citizen on hold music, and nothing is heard of who is muted."""
    quiet(contact)
    leg = contact.leg
    if leg is None:
        return
    if contact.muted:
        # A new leg is not muted yet: nobody may hear it before it is.
        floor.emit(ApplyControl(id=floor.request(contact), contact=contact.id, offer=leg.offer, control=Control.MUTE))
    if contact.held:
        gather(floor, contact, (leg,), citizen=False)
    else:
        floor.emit(Connect(id=floor.request(contact), contact=contact.id, offer=leg.offer))


def gather(floor: Floor, contact: ContactRecord, legs: tuple[Leg, ...], *, citizen: bool) -> None:
    """These legs, and the citizen or not, hear each other, also instead of what is announced to one; everybody else
    hears music."""
    quiet(contact)
    for leg in legs:
        leg.stage, leg.announcing = LegStage.ANSWERED, None
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

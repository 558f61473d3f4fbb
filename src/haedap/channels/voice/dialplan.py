"""What happens to a citizen's call before and after the engine has it. Nothing here dials."""

from __future__ import annotations

from haedap.channels.voice.sip_configuration import CITIZENS_CONTEXT, NOWHERE_CONTEXT
from haedap.config import Settings

APP = "haedap"
CITIZEN_ARGUMENT = "citizen"
AGENT_ARGUMENT = "agent"
CALLED_ARGUMENT = "called"
"""A citizen whom the centre called."""
SNOOP_ARGUMENT = "snoop"
"""The ear of a supervisor."""
CALLED_CONTEXT = "called"
"""Where a called citizen's leg goes when it is answered. No telephone and no trunk has it as its context."""
CONTACT_VARIABLE = "CONTACT"
DAY_VARIABLE = "DAY"

LONGEST_START_SECONDS = 120
"""How long a call rings while the engine is not there (it restarts within seconds)."""
LONGEST_SILENCE_SECONDS = 10
"""How long a citizen whom the centre called, and who answered just then, waits for it in silence."""

# The pattern takes what looks like a telephone number; whatever else is called gets 404 without a channel. Whose
# number it is, the engine says: no extension here leads outside, so there is nothing to be defrauded of.
#
# A Call-ID that is not plain ASCII must not reach Stasis(): its event cannot be written as JSON, and listing the
# channels fails while such a channel lives. Only its lengths become part of a step: in the arguments themselves its
# commas and colons would be read as theirs.
#
# There is no TIMEOUT(absolute): Asterisk keeps it as a date, and whoever sets the machine's clock ahead would end all
# calls. See `ending.end_endless`.
#
# The caller is not answered before the engine says so; a call that rings costs the citizen nothing. Each step costs a
# tenth of a millisecond of a citizen's time, so that there are few.
_CITIZENS = r"""
[{context}]
exten => _[+0-9]!,1,ExecIf({readable}?Set({contact}=${{UUID()}}):Hangup(111))
{record} same => n(engine),Stasis({app},{citizen},${{{contact}}},${{CALLERID(num-pres)}},{privacy})
 same => n,GotoIf($["${{STASISSTATUS}}" != "FAILED"]?end)
 same => n,Ringing()
 same => n,Wait(0.5)
 same => n,Set(TRIES=$[0${{TRIES}} + 1])
 same => n,GotoIf($[${{TRIES}} < {tries}]?engine)
 same => n,Hangup(42)
 same => n(end),Hangup()

[{called}]
exten => s,1,Set(TRIES=0)
{record_called} same => n(engine),Stasis({app},{called_argument},${{{contact}}})
 same => n,GotoIf($["${{STASISSTATUS}}" != "FAILED"]?end)
 same => n,Wait(0.5)
 same => n,Set(TRIES=$[0${{TRIES}} + 1])
 same => n,GotoIf($[${{TRIES}} < {called_tries}]?engine)
 same => n(end),Hangup()

[{nowhere}]
"""

_CALL_ID = "${CHANNEL(pjsip,call-id)}"
_READABLE = rf"$[${{LEN(${{FILTER(\x21-\x7e,{_CALL_ID})}})}} = ${{LEN({_CALL_ID})}}]"
_PRIVACY = "${FILTER(A-Za-z,${PJSIP_HEADER(read,Privacy)})}"
_DAY_OF_CALL = "${{STRFTIME(${{CUT(UNIQUEID,.,1)}},{zone},%Y/%m/%d)}}"
_RECORD = """\
 same => n,MixMonitor({folder}/{day}/${{{contact}}}.wav,b)
"""


def extensions(settings: Settings) -> str:
    """The text of extensions.conf."""
    day = _DAY_OF_CALL.format(zone=settings.time_zone)
    return _CITIZENS.format(
        context=CITIZENS_CONTEXT,
        called=CALLED_CONTEXT,
        nowhere=NOWHERE_CONTEXT,
        contact=CONTACT_VARIABLE,
        privacy=_PRIVACY,
        readable=_READABLE,
        record=_record(settings, day),
        record_called=_record(settings, f"${{{DAY_VARIABLE}}}"),
        app=APP,
        citizen=CITIZEN_ARGUMENT,
        called_argument=CALLED_ARGUMENT,
        tries=LONGEST_START_SECONDS * 2,
        called_tries=LONGEST_SILENCE_SECONDS * 2,
    )


def _record(settings: Settings, day: str) -> str:
    return _RECORD.format(folder=settings.recordings, day=day, contact=CONTACT_VARIABLE) if settings.recording else ""

"""What happens to a citizen's call before and after the engine has it. Nothing here dials."""

from __future__ import annotations

from haedap.channels.voice.sip_configuration import CITIZENS_CONTEXT, NOWHERE_CONTEXT
from haedap.config import Settings

APP = "haedap"
CITIZEN_ARGUMENT = "citizen"
AGENT_ARGUMENT = "agent"

LONGEST_CALL_SECONDS = 4 * 3600
LONGEST_START_SECONDS = 120
"""How long a call rings while the engine is not there (it restarts within seconds)."""

# The pattern takes what looks like a telephone number; whatever else is called gets 404 without a channel. Whose
# number it is, the engine says: no extension here leads outside, so there is nothing to be defrauded of.
#
# A Call-ID that is not plain ASCII must not reach Stasis(): its event cannot be written as JSON, and listing the
# channels fails while such a channel lives.
#
# The caller is not answered before the engine says so; a call that rings costs the citizen nothing.
_CITIZENS = r"""
[{context}]
exten => _[+0-9]!,1,Set(CALL_ID=${{CHANNEL(pjsip,call-id)}})
 same => n,GotoIf($[${{LEN(${{FILTER(\x21-\x7e,${{CALL_ID}})}})}} != ${{LEN(${{CALL_ID}})}}]?unreadable)
 same => n,Set(TIMEOUT(absolute)={longest})
 same => n,Set(CONTACT=${{UUID()}})
 same => n,Set(TRIES=0)
{record} same => n(engine),Stasis({app},{citizen},${{CONTACT}},${{CALLERID(num-pres)}})
 same => n,GotoIf($["${{STASISSTATUS}}" != "FAILED"]?end)
 same => n,Ringing()
 same => n,Wait(0.5)
 same => n,Set(TRIES=$[${{TRIES}} + 1])
 same => n,GotoIf($[${{TRIES}} < {tries}]?engine)
 same => n,Hangup(42)
 same => n(end),Hangup()
 same => n(unreadable),Hangup(111)

[{nowhere}]
"""

_RECORD = """\
 same => n,Set(DAY=${{STRFTIME(${{CUT(UNIQUEID,.,1)}},{zone},%Y/%m/%d)}})
 same => n,MixMonitor({folder}/${{DAY}}/${{CONTACT}}.wav,b)
"""


def extensions(settings: Settings) -> str:
    """The text of extensions.conf."""
    record = _RECORD.format(zone=settings.time_zone, folder=settings.recordings) if settings.recording else ""
    return _CITIZENS.format(
        context=CITIZENS_CONTEXT,
        nowhere=NOWHERE_CONTEXT,
        longest=LONGEST_CALL_SECONDS,
        record=record,
        app=APP,
        citizen=CITIZEN_ARGUMENT,
        tries=LONGEST_START_SECONDS * 2,
    )

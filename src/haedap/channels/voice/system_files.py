"""The rest of the configuration: modules, the control interfaces, sound, logging."""

from __future__ import annotations

from haedap.channels.voice.recordings import PAUSED_VARIABLE
from haedap.channels.voice.sip_configuration import escaped
from haedap.channels.voice.sounds import SOUND_VARIABLE
from haedap.channels.voice.supervising import WATCH_VARIABLE
from haedap.config import Settings, Speech

MUSIC_CLASS = "default"

# res_pjsip_t38 declines fax streams: with one that nothing declines Asterisk answers a call, and gives it no sound.
_MODULES = """
res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb
res_http_websocket res_websocket_client res_crypto res_srtp res_rtp_asterisk res_pjproject
res_pjsip res_pjsip_session res_pjsip_sdp_rtp res_pjsip_transport_websocket res_pjsip_registrar res_pjsip_acl
res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest res_pjsip_outbound_registration
res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user
res_pjsip_caller_id res_pjsip_dtmf_info res_pjsip_empty_info res_pjsip_nat res_pjsip_path res_pjsip_rfc3326
res_pjsip_header_funcs res_pjsip_t38 res_pjsip_dlg_options res_pjsip_refer res_pjsip_pubsub chan_pjsip
res_stasis res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop app_stasis
res_ari_model res_ari res_ari_applications res_ari_asterisk res_ari_bridges res_ari_channels res_ari_endpoints
res_ari_events res_ari_playbacks res_ari_recordings
bridge_simple bridge_native_rtp bridge_softmix bridge_holding
codec_ulaw codec_alaw codec_a_mu codec_resample codec_g722 codec_opus_open_source res_format_attr_opus
format_pcm format_wav format_sln
app_exec app_mixmonitor app_chanspy func_periodic_hook func_callerid func_channel func_cut func_groupcount
func_logic func_math func_strings func_uri func_uuid
pbx_config res_musiconhold res_prometheus
"""

_SPEECH_MODULES = "res_audiosocket chan_audiosocket"
"""Only where calls are written down."""
_LOADED = "[modules]\nautoload=no\n"


def options(settings: Settings) -> str:
    """The options of asterisk.conf.

    A key counts for as long as it was pressed. Made longer, it would end when the next one has begun, of which Asterisk
    then tells twice where no prompt plays.
    """
    return (
        "[options]\ndocumentation_language = en_US\nnocolor = yes\nverbose = 0\ndebug = 0\nlive_dangerously = no\n"
        f"maxfiles = 65536\nmaxcalls = {settings.max_calls}\nmindtmfduration = 0\n"
    )


def files(settings: Settings) -> dict[str, str]:
    """File name to text."""
    return {
        "modules.conf": _modules(settings),
        "logger.conf": _LOGGER,
        "http.conf": _HTTP.format(host=settings.asterisk_http_host, port=settings.asterisk_http_port),
        "ari.conf": _ARI.format(
            variables=f"{SOUND_VARIABLE},{WATCH_VARIABLE},{PAUSED_VARIABLE}",
            user=settings.ari_user,
            password=escaped(settings.ari_password),
        ),
        "manager.conf": _manager(settings),
        "rtp.conf": _RTP.format(start=settings.rtp_start, end=settings.rtp_end),
        "musiconhold.conf": f"[{MUSIC_CLASS}]\nmode=files\ndirectory={settings.prompts / 'music'}\nsort=alpha\n",
        "prometheus.conf": "[general]\nenabled=yes\nuri=metrics\n",
        "cdr.conf": "[general]\nenable=no\n",
        "cel.conf": "[general]\nenable=no\n",
        "stasis.conf": _MESSAGES,
        "features.conf": "[general]\n[featuremap]\n[applicationmap]\n",
        "indications.conf": _TONES,
        **dict.fromkeys(("ccss.conf", "codecs.conf", "udptl.conf"), "[general]\n"),
        "pjproject.conf": _SIP_LOG,
        **dict.fromkeys(("acl.conf", "websocket_client.conf", "pjsip_notify.conf", "cli.conf"), ""),
    }


def _modules(settings: Settings) -> str:
    names = [*_MODULES.split(), *(() if settings.speech is Speech.NONE else _SPEECH_MODULES.split())]
    return _LOADED + "".join(f"load={name}.so\n" for name in names)


def _manager(settings: Settings) -> str:
    """It pauses recordings and knows the trunk's registration; on only then, for it makes a text of every message."""
    if not settings.recording and not settings.trunk_registrar:
        return "[general]\nenabled=no\n"
    everywhere = settings.asterisk_http_host in {"", "0.0.0.0", "::"}  # noqa: S104 - asked, not bound
    port = settings.asterisk_http_port + (-1 if everywhere else 0)
    return _MANAGER.format(port=port, user=settings.ami_user, password=escaped(settings.ami_password))


# Notices name callers, so they are not kept. Warnings do, too, where a caller's name or number is no text: so all of it
# goes to whoever started Asterisk, who masks it before it is kept, and begins a file anew when it is full.
_LOGGER = """\
[general]
dateformat=%F %T
queue_log=no
[logfiles]
console => warning,error
"""

# The SIP library's errors (1) quote the message that could not be read, whoever sent it: a caller's name and number.
# Its warnings (2) say where such a message came from and what was wrong with it.
_SIP_LOG = """\
[log_mappings]
type=log_mappings
asterisk_error=0
asterisk_warning=2
asterisk_debug=1,3,4,5
"""

_HTTP = """\
[general]
enabled=yes
servername=
bindaddr={host}
bindport={port}
enable_static=no
sessionlimit=2000
session_keep_alive=60000
"""

_ARI = """\
[general]
enabled=yes
pretty=no
websocket_write_timeout=500
channelvars={variables}
[{user}]
type=user
read_only=no
password={password}
"""

# Messages that nobody here listens to are not even made: each would become JSON and a manager event first. What the
# manager interface itself waits for cannot be declined, nor security events: an error would be logged in place of each,
# two of them whenever a telephone registers anew.
_MESSAGES = """\
[declined_message_types]
decline=ast_channel_varset_type
decline=ast_rtp_rtcp_sent_type
decline=ast_rtp_rtcp_received_type
"""

# Only used over HTTP, to silence a recording. A TCP port cannot be turned off, and 0 is refused with a warning: it gets
# the number of the HTTP port (next to it, if that one is bound everywhere) on a loopback address that nothing else has;
# nobody may log in there.
_MANAGER = """\
[general]
enabled=yes
webenabled=yes
bindaddr=127.77.0.1
port={port}
[{user}]
secret={password}
deny=0.0.0.0/0.0.0.0,::/0
permit=127.0.0.1/255.255.255.255,::1/128
read=
write=call,reporting,system
"""

_TONES = """\
[general]
country=kr
[kr]
description=Republic of Korea
ringcadence=1000,2000
dial=350+440
ring=440+480/1000,0/2000
busy=480+620/500,0/500
congestion=480+620/300,0/200
"""

_RTP = """\
[general]
rtpstart={start}
rtpend={end}
icesupport=yes
strictrtp=yes
"""

"""The SIP side of the configuration: transports, the trunk, who may speak to the centre at all."""

from __future__ import annotations

import re
import ssl
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from haedap.channels.voice.callers import e164, national
from haedap.config import Encryption, Settings
from haedap.settings_fields import is_by_tls

TRUNK = "trunk"
OUTSIDE = "outside"
EXCHANGE = "exchange"
"""The endpoints by which the centre calls: the trunk's other direction, and the city's own exchange."""
TAKEOVER = "takeover"
"""The endpoint of whoever wants to take another call's place: it may nothing."""
CITIZENS_CONTEXT = "citizens"
NOWHERE_CONTEXT = "nowhere"
"""The context of agents' telephones: it has no extension, so they can call nobody by themselves."""

SORCERY = """\
; Transports and the trunk are in pjsip.conf. Telephones are pushed by the running channel, and so are gone with the
; process that held them: credentials stand in no file.
[res_pjsip]
endpoint=config,pjsip.conf,criteria=type=endpoint
endpoint=memory
auth=config,pjsip.conf,criteria=type=auth
auth=memory
aor=config,pjsip.conf,criteria=type=aor
aor=memory
contact=memory
"""

MEDIA = {
    "disallow": "all",
    "direct_media": "no",
    "rtp_symmetric": "yes",
    "t38_udptl": "no",
    "fax_detect": "no",
    "allow_transfer": "no",
    "allow_subscribe": "no",
    "dtmf_mode": "auto_info",
    "rtp_timeout_hold": "600",
    "sdp_session": "-",
    "send_connected_line": "no",
}
"""What holds for the trunk and for every telephone. One side on hold sends no sound for a while, and may."""

_KEYS = {"dtmf_mode": "auto"}
"""On the trunk and at the exchange: from who knows no events for keys they are tones in the sound, as in the old
telephone network. What comes as INFO counts, too."""
_LAST_ANSWER_COUNTS = {"accept_multiple_sdp_answers": "yes"}
"""What callers hear while it rings (183) comes from another machine than the voice (200), maybe in another codec. This
has to stand for the system and for the endpoint."""


def encrypted(encryption: Encryption) -> dict[str, str]:
    """The part of an endpoint that says whether its sound is encrypted. Offered as optional it stands beside the plain
    description (RTP/AVP with keys), which who knows nothing of it answers plainly."""
    if encryption is Encryption.NO:
        return {}
    optimistic = "yes" if encryption is Encryption.OPTIONAL else "no"
    return {"media_encryption": "sdes", "media_encryption_optimistic": optimistic}


def pjsip(settings: Settings, certificate: Path) -> str:
    """The text of pjsip.conf."""
    sections = [*_general(settings), *_transports(settings, certificate), *_trunk(settings), *_takeover()]
    sections += _ways_out(settings)
    if settings.trunk_user:
        sections.append(_credentials(settings))
    if settings.trunk_registrar:
        sections.append(_registration(settings))
    return "\n".join(_section(name, fields) for name, fields in sections)


Section = tuple[str, dict[str, object]]


def _section(name: str, fields: dict[str, object]) -> str:
    return f"[{name}]\n" + "".join(f"{key}={escaped(str(value))}\n" for key, value in fields.items())


def escaped(value: str) -> str:
    """`value` as it must stand in a file of Asterisk, where a semicolon begins a comment."""
    return value.replace(";", "\\;")


def _general(settings: Settings) -> list[Section]:
    networks = (*settings.trunk_allowed, *settings.telephones_allowed, *_called_addresses(settings), *_proxy(settings))
    may_speak = ",".join(str(network) for network in networks)
    return [
        (
            "global",
            {
                "type": "global",
                "user_agent": "Haedap",
                "default_realm": settings.sip_realm,
                "default_from_user": "haedap",
                "endpoint_identifier_order": "header,ip,username",
                "taskprocessor_overload_trigger": "pjsip_only",
                "contact_expiration_check_interval": 5,
            },
        ),
        ("system", {"type": "system", "disable_tcp_switch": "yes", **_LAST_ANSWER_COUNTS}),
        ("strangers", {"type": "acl", "deny": "0.0.0.0/0.0.0.0,::/0", "permit": may_speak}),
    ]


def _called_addresses(settings: Settings) -> list[IPv4Address | IPv6Address]:
    """Whom the centre calls must be able to hang up. A host that is a name has to be in one of the allowed networks."""
    found = []
    for peer in (settings.trunk_host, settings.exchange_host):
        host = peer.rpartition("]")[0].removeprefix("[") or peer.partition(";")[0].partition(":")[0]
        with suppress(ValueError):
            found.append(ip_address(host))
    return found


def _proxy(settings: Settings) -> list[IPv4Address | IPv6Address]:
    """With TLS the browsers' telephones come through a proxy. On this machine it speaks from the address to which it
    connects, whatever network the agents are in."""
    if not settings.web_url.startswith("https://"):
        return []
    found = [ip_address("127.0.0.1"), ip_address("::1")]
    with suppress(ValueError):
        found.append(ip_address(settings.asterisk_http_host))
    return [address for address in found if not address.is_unspecified]


def _transports(settings: Settings, certificate: Path) -> list[Section]:
    host = f"[{settings.sip_host}]" if ":" in settings.sip_host else settings.sip_host
    outside: dict[str, object] = {}
    if settings.sip_external_address:
        outside = {
            "external_media_address": settings.sip_external_address,
            "external_signaling_address": settings.sip_external_address,
            "local_net": ",".join(str(network) for network in settings.telephones_allowed),
        }
    tls: dict[str, object] = {"cert_file": certificate, "priv_key_file": certificate, "method": "tlsv1_2"}
    tls |= _verification(settings)
    alive: dict[str, object] = {"tcp_keepalive_enable": "yes"}

    def transport(protocol: str, port: int, *more: dict[str, object]) -> Section:
        fields: dict[str, object] = {"type": "transport", "protocol": protocol, "bind": f"{host}:{port}", **outside}
        for extra in more:
            fields |= extra
        return protocol, fields

    return [
        transport("udp", settings.sip_udp_port),
        transport("tcp", settings.sip_tcp_port, alive),
        transport("tls", settings.sip_tls_port, alive, tls),
        # Served by the HTTP server at /ws; the address here is not used.
        ("ws", {"type": "transport", "protocol": "ws", "bind": host}),
    ]


def _connects_by_tls(settings: Settings) -> bool:
    """Whether the centre itself connects to somebody by TLS, and does not only answer there."""
    return any(map(is_by_tls, (settings.trunk_host, settings.trunk_registrar, settings.exchange_host)))


def _verification(settings: Settings) -> dict[str, object]:
    """To whom the centre connects by TLS must have a certificate that this machine trusts, of the name in the settings:
    passwords are proven there, and the keys of the sound told."""
    if not _connects_by_tls(settings):
        return {}
    trusted = ssl.get_default_verify_paths()
    return {
        "verify_server": "yes",
        # A folder: of a single file all names would be sent to every telephone that connects.
        "ca_list_path": trusted.capath or trusted.openssl_capath,
        "allow_wildcard_certs": "yes",
    }


def _trunk(settings: Settings) -> list[Section]:
    """Known by its address and by nothing else: a stranger who writes our trunk's name in From stays a stranger."""
    endpoint = {
        "type": "endpoint",
        "context": CITIZENS_CONTEXT,
        "identify_by": "ip",
        **MEDIA,
        **_KEYS,
        **encrypted(settings.trunk_encryption),
        "allow": "ulaw,alaw",
        "trust_id_inbound": "yes",
        "timers": "yes",
        "rtp_timeout": settings.rtp_timeout,
    }
    if _connects_by_tls(settings):
        # A call's end goes by the connection by which it came. By a new one, to the address in Contact, it would be
        # lost: certificates are made out for names.
        endpoint |= {"rewrite_contact": "yes"}
    addresses = ",".join(str(network) for network in settings.trunk_allowed)
    return [
        (TRUNK, endpoint),
        ("trunk-addresses", {"type": "identify", "endpoint": TRUNK, "match": addresses, "srv_lookups": "no"}),
    ]


def _takeover() -> list[Section]:
    """A call with Replaces is refused, whoever sends it. Asterisk would let it through without asking its endpoint: the
    citizen's leg would be lost in mid-talk or from the queue, and nobody told."""
    nobody = {"type": "endpoint", "context": NOWHERE_CONTEXT, "allow": "ulaw", "deny": "0.0.0.0/0.0.0.0,::/0"}
    sign = {"type": "identify", "endpoint": TAKEOVER, "match_header": "Replaces: /.*/"}
    return [(TAKEOVER, {**MEDIA, **nobody}), ("takeover-sign", {**sign})]


def _ways_out(settings: Settings) -> list[Section]:
    """Nobody comes in by these: they are identified by nothing, and their context has no extension."""
    way: dict[str, object] = {
        "type": "endpoint",
        "context": NOWHERE_CONTEXT,
        "identify_by": "ip",
        **MEDIA,
        **_KEYS,
        "allow": "ulaw,alaw",
        "send_pai": "yes",
        "trust_id_outbound": "yes",
        **_LAST_ANSWER_COUNTS,
        "timers": "yes",
        "rtp_timeout": settings.rtp_timeout,
    }
    trunk = way | ({"outbound_auth": _CREDENTIALS} if settings.trunk_user else {})
    found = [(OUTSIDE, trunk, settings.trunk_host), (EXCHANGE, way, settings.exchange_host)]
    keys = encrypted(settings.trunk_encryption)
    # Keys that are told in the clear protect nobody.
    return [(name, fields | (keys if is_by_tls(host) else {})) for name, fields, host in found if host]


_CREDENTIALS = "trunk-credentials"


def _credentials(settings: Settings) -> Section:
    return _CREDENTIALS, {
        "type": "auth",
        "auth_type": "digest",
        "supported_algorithms_uac": "MD5,SHA-256,SHA-512-256",
        "username": settings.trunk_user,
        "password": settings.trunk_password,
    }


def _registration(settings: Settings) -> Section:
    """The provider wants us to register: calls still come from its addresses, and only those are taken."""
    # Of who registers the name alone: a port and a transport are no part of it (RFC 3261, 19.1.1).
    host = re.sub(r":[0-9]+$", "", settings.trunk_registrar.partition(":")[2].partition(";")[0])
    return "trunk-registration", {
        "type": "registration",
        "server_uri": settings.trunk_registrar,
        "client_uri": f"sip:{settings.trunk_user}@{host}",
        "contact_user": _called_at(settings),
        "outbound_auth": _CREDENTIALS,
        "max_retries": 1_000_000,
        "retry_interval": 30,
        "forbidden_retry_interval": 300,
        "fatal_retry_interval": 300,
        # As any refusal that lasts it is tried again, but not every half minute, for which accounts are blocked.
        "auth_rejection_permanent": "yes",
        "max_random_initial_delay": 0,
    }


def _called_at(settings: Settings) -> str:
    """The number to which calls come from a provider that calls whoever registered, not the number that was dialled."""
    return settings.trunk_user if e164(settings.trunk_user) else national(settings.main_number)

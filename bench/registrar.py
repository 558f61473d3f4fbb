"""Registers many telephones from one address over UDP, as desk telephones do, with SIP digest."""

from __future__ import annotations

import hashlib
import re
import socket
import uuid
from collections.abc import Mapping

from bench.sipload import TELEPHONES, TELEPHONES_PORT

_PARAMETER = re.compile(r'(\w+)="?([^",]+)"?')
_TRIES = 5
_LOCAL = TELEPHONES, TELEPHONES_PORT


def register(telephones: Mapping[str, str], host: str, port: int) -> None:
    """Register each telephone (user name to password) for an hour. Raises RuntimeError when one is refused.

    All are at one address, where somebody else is to answer for them afterwards.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        # Calls come back to the address that registered, as through any NAT.
        wire.bind(_LOCAL)
        wire.settimeout(1)
        wire.connect((host, port))
        for user, password in telephones.items():
            _register_one(wire, user, password, f"sip:{host}:{port}")


def _register_one(wire: socket.socket, user: str, password: str, uri: str) -> None:
    call = uuid.uuid4().hex
    challenge = _ask(wire, request(user, uri, call, 1, "", _LOCAL))
    if not challenge.startswith("SIP/2.0 401"):
        raise RuntimeError(f"{user}: {challenge.splitlines()[0]}")
    answer = _ask(wire, request(user, uri, call, 2, authorization(challenge, user, password, uri), _LOCAL))
    if not answer.startswith("SIP/2.0 200"):
        raise RuntimeError(f"{user}: {answer.splitlines()[0]}")


def _ask(wire: socket.socket, request: str) -> str:
    cseq = next(line for line in request.splitlines() if line.startswith("CSeq"))
    call = next(line for line in request.splitlines() if line.startswith("Call-ID"))
    for _try in range(_TRIES):
        wire.send(request.encode())
        try:
            while True:
                answer = wire.recv(65536).decode(errors="replace")
                if cseq in answer and call in answer and not answer.startswith("SIP/2.0 1"):
                    return answer
        except TimeoutError:
            continue
    raise RuntimeError("the registrar does not answer")


def request(user: str, uri: str, call: str, number: int, authorization: str, local: tuple[str, int]) -> str:
    """A REGISTER for the telephone `user` at the address `local`."""
    host, port = local
    domain = uri.removeprefix("sip:")
    lines = (
        f"REGISTER {uri} SIP/2.0",
        f"Via: SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{uuid.uuid4().hex}",
        f"From: <sip:{user}@{domain}>;tag={call[:8]}",
        f"To: <sip:{user}@{domain}>",
        f"Call-ID: {call}",
        f"CSeq: {number} REGISTER",
        f"Contact: <sip:{user}@{host}:{port}>",
        "Expires: 3600",
        "Max-Forwards: 70",
        *((authorization,) if authorization else ()),
        "Content-Length: 0",
    )
    return "\r\n".join(lines) + "\r\n\r\n"


def authorization(challenge: str, user: str, password: str, uri: str) -> str:
    """The header that answers a 401."""
    line = next(line for line in challenge.splitlines() if line.lower().startswith("www-authenticate"))
    asked = dict(_PARAMETER.findall(line))
    ha1 = _md5(f"{user}:{asked['realm']}:{password}")
    ha2 = _md5(f"REGISTER:{uri}")
    nonce, cnonce = asked["nonce"], uuid.uuid4().hex
    response = _md5(f"{ha1}:{nonce}:00000001:{cnonce}:auth:{ha2}")
    opaque = f', opaque="{asked["opaque"]}"' if "opaque" in asked else ""
    return (
        f'Authorization: Digest username="{user}", realm="{asked["realm"]}", nonce="{nonce}", uri="{uri}", '
        f'response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="{cnonce}"{opaque}'
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

"""SIP messages, as plain as they are on the wire."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Message:
    """A request or a response: its first line, its header fields in order, its body."""

    first: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    @property
    def status(self) -> int:
        """The status of a response, 0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        return self.first.split()[0] if not self.status else self["CSeq"].split()[1]

    def __getitem__(self, name: str) -> str:
        """The first field of that name. Raises KeyError when there is none."""
        for key, value in self.headers:
            if key.lower() == name.lower():
                return value
        raise KeyError(name)

    def get(self, name: str, default: str = "") -> str:
        try:
            return self[name]
        except KeyError:
            return default

    def encode(self) -> bytes:
        body = self.body.encode()
        fields = [*self.headers, ("Content-Length", str(len(body)))]
        head = "".join(f"{name}: {value}\r\n" for name, value in fields)
        return f"{self.first}\r\n{head}\r\n".encode() + body


def parse(data: bytes) -> Message:
    """The message in one datagram."""
    head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return Message(first, [pair for pair in headers if pair[0].lower() != "content-length"], body)


def reply(request: Message, status: str, tag: str, contact: str, body: str = "") -> Message:
    """A response to `request`, such as `180 Ringing`."""
    copied = [
        (name, value) for name, value in request.headers if name in {"Via", "From", "Call-ID", "CSeq", "Record-Route"}
    ]
    to = request["To"]
    headers = [*copied, ("To", to if "tag=" in to else f"{to};tag={tag}"), ("Contact", contact)]
    if body:
        headers.append(("Content-Type", "application/sdp"))
    return Message(f"SIP/2.0 {status}", headers, body)


def description(media: tuple[str, int], direction: str = "sendrecv", codecs: str = "0 101") -> str:
    """An SDP for G.711 mu-law and RTP events; `codecs` for something else."""
    names = {"0": "PCMU/8000", "8": "PCMA/8000", "18": "G729/8000", "101": "telephone-event/8000"}
    lines = [
        *("v=0", f"o=- 1 1 IN IP4 {media[0]}", "s=-", f"c=IN IP4 {media[0]}", "t=0 0"),
        f"m=audio {media[1]} RTP/AVP {codecs}",
        *(f"a=rtpmap:{code} {names[code]}" for code in codecs.split()),
        f"a={direction}",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def media_address(message: Message) -> tuple[str, int] | None:
    """Where the other side wants its sound, by its SDP; None without one."""
    host = re.search(r"^c=IN IP4 (\S+)", message.body, re.MULTILINE)
    port = re.search(r"^m=audio (\d+)", message.body, re.MULTILINE)
    return (host[1], int(port[1])) if host and port else None


def authorization(challenge: str, method: str, uri: str, username: str, password: str) -> str:
    """The answer to a digest challenge (RFC 7616 with qop=auth, as Asterisk asks for)."""
    asked = digest_fields(challenge)
    kept = {name: asked[name] for name in ("realm", "nonce", "opaque") if name in asked}
    values = kept | {"username": username, "uri": uri, "nc": "00000001", "cnonce": "0a4f113b"}
    values["response"] = digest_response(values, method, password)
    bare = f"algorithm=MD5, qop=auth, nc={values.pop('nc')}"
    return "Digest " + ", ".join([*(f'{name}="{value}"' for name, value in values.items()), bare])


def digest_fields(header: str) -> dict[str, str]:
    """What stands in a challenge or in the answer to one."""
    return dict(re.findall(r'(\w+)="?([^",]+)"?', header))


def digest_response(fields: Mapping[str, str], method: str, password: str) -> str:
    """The proof that belongs to these fields of an answer."""

    def hashed(*parts: str) -> str:
        return hashlib.new(_HASHES[fields.get("algorithm", "MD5")], ":".join(parts).encode()).hexdigest()

    account = hashed(fields["username"], fields["realm"], password)
    request = hashed(method, fields["uri"])
    return hashed(account, fields["nonce"], fields["nc"], fields["cnonce"], "auth", request)


_HASHES = {"MD5": "md5", "SHA-256": "sha256"}

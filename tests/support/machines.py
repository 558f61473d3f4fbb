"""An HTTP server of OpenAI's forms. It hears: the text that it gives for a sound is the tone that it measured there."""

from __future__ import annotations

import email.policy
import io
import json
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

NUMBER = "010-0000-1234"
"""What every speaker says beside the tone: personal data, invented."""
SUMMARY = "- 수도요금 문의\n- 고지서 재발송 안내"


@dataclass
class Reply:
    """An answer as it stands: `endless` goes on until the other side has enough."""

    status: int = 200
    body: bytes = b""
    seconds: float = 0.0
    endless: bool = False
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """A request as it came."""

    path: str
    key: str
    fields: dict[str, str]
    text: str
    """The body of a chat."""
    seconds: float = 0.0
    """How long the sound was."""


class Machines:
    """`replies` are used up one after the other; without one the answer is a true one."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.replies: list[Reply] = []
        self.asked: list[Asked] = []
        self.summary = SUMMARY
        self.models = 200
        """The status of the list of models."""
        self.over = threading.Event()

    def answer(self, path: str, key: str, kind: str, body: bytes) -> Reply:
        fields, sound = _parts(kind, body) if kind.startswith("multipart/") else ({}, b"")
        frequency, seconds = _tone(sound) if sound else (0, 0.0)
        self.asked.append(Asked(path, key, fields, "" if sound else body.decode(), seconds))
        if self.replies:
            return self.replies.pop(0)
        if path == "/v1/audio/transcriptions":
            return _json({"text": f"{frequency} 헤르츠, 연락처 {NUMBER}"})
        if path == "/v1/chat/completions":
            return _json({"choices": [{"message": {"role": "assistant", "content": self.summary}}]})
        return Reply(404)


def _json(content: Any) -> Reply:
    return Reply(body=json.dumps(content).encode(), headers={"Content-Type": "application/json"})


def _parts(kind: str, body: bytes) -> tuple[dict[str, str], bytes]:
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = BytesParser(EmailMessage, policy=email.policy.HTTP).parsebytes(head + body)
    fields, sound = {}, b""
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = str(part.get_param("name", header="content-disposition"))
        if name == "file":
            sound = content
        else:
            fields[name] = content.decode()
    return fields, sound


def _tone(file: bytes) -> tuple[int, float]:
    """The loudest frequency, to 20 Hz, and the length."""
    with wave.open(io.BytesIO(file)) as sound:
        rate = sound.getframerate()
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(np.float64)
    loudest = int(np.argmax(np.abs(np.fft.rfft(samples)))) * rate / len(samples)
    return round(loudest / 20) * 20, len(samples) / rate


class _Handler(BaseHTTPRequestHandler):
    machines: Machines

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind, key = self.headers.get("Content-Type", ""), self.headers.get("Authorization", "")
        reply = self.machines.answer(self.path, key, kind, body)
        self.machines.over.wait(reply.seconds)
        with suppress(OSError):
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if not reply.endless:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            while reply.endless and not self.machines.over.is_set():
                self.wfile.write(reply.body)

    def do_GET(self) -> None:
        self.send_response(self.machines.models if self.path == "/v1/models" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def running_machines() -> Iterator[Machines]:
    """On a free port, until the end of the block."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.machines = machines = Machines(server.server_address[1])  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield machines
        finally:
            machines.over.set()
            server.shutdown()
            thread.join()

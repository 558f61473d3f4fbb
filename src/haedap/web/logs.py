"""Structured logs, one JSON object a line on standard error, without personal data.

An exception is logged as its type and the places it passed: its message may quote a number or a name. What a library
or a careless line says about somebody is masked.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from haedap.language.masking.logs import mask_event

_APART = 60.0
_LONGEST = 150


def places_of_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by `exception` (the type's name) and `places` (file:line in function, outermost first)."""
    information = event.pop("exc_info", None)
    if isinstance(information, BaseException):
        information = (type(information), information, information.__traceback__)
    if isinstance(information, tuple) and information[0] is not None:
        kind, _value, trace = information
        event["exception"] = kind.__name__
        event["places"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return event


class UnknownHost(logging.Filter):
    """Lets one refused Host header a minute through, as a warning and cut: anybody can send many, and of any length.

    It is worth a line, for it may be the centre's own name that the settings lack.
    """

    def __init__(self) -> None:
        super().__init__()
        self._next = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is told."""
        if record.created < self._next:
            return False
        self._next = record.created + _APART
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args, record.exc_info = record.getMessage()[:_LONGEST], (), None
        return True


_SHARED: list[Processor] = [
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    places_of_exception,
]


def logging_configuration(level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`: everything from `level` up; what quotes people's data stays silent."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    mask_event,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "filters": {"unknown_host": {"()": UnknownHost}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "django.security.DisallowedHost": {"filters": ["unknown_host"]},
            "axes": {"level": "CRITICAL"},
            "httpx": {"level": "WARNING"},  # it quotes addresses with their keys
            "procrastinate": {"level": "WARNING"},
            # Its own handlers write plain text, with the words of exceptions, and a line for each WebSocket.
            "uvicorn": {"level": "WARNING", "handlers": [], "propagate": True},
            "uvicorn.error": {"level": "WARNING"},
            "uvicorn.access": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},  # it tells its progress, and what of a style it leaves out
            "weasyprint.progress": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "matplotlib": {"level": "WARNING"},
        },
    }


def configure_structlog() -> None:
    """Let structlog's loggers end in the standard ones."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )

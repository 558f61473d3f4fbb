"""The engine's log: one JSON object a line, the sentence in `event`, never a telephone number or a name of a person."""

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict, WrappedLogger

from haedap.language.masking.logs import mask_event


def configure_log(level: str) -> None:
    """Log to stderr from `level` (a name such as INFO) on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _failure_without_its_message,
            mask_event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def _failure_without_its_message(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
    """Type and places of an exception: messages of libraries may quote the data that they failed on."""
    told = entry.pop("exc_info", None)
    if told:
        error = told if isinstance(told, BaseException) else sys.exception()
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            entry["error"] = type(error).__name__
            entry["where"] = [f"{frame.name}:{frame.lineno}" for frame in frames]
    return entry

"""One line an event, on stderr (the only owner of structlog). Control characters never reach the log as they are."""

from __future__ import annotations

import logging
import sys
from typing import Any, Literal

import structlog

Level = Literal["debug", "info", "warning", "error"]
Form = Literal["text", "json"]

LONGEST = 4096
"""The most characters of one value: a hostile feed may not flood the log."""


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """The logger of one module."""
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger(name)
    return log


def configure(level: Level, form: Form) -> None:
    """Say what is logged from here on, and how."""
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _harmless,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=_Stderr,
        cache_logger_on_first_use=False,
    )
    # The platforms and the libraries beside them write to the standard library's log: it goes the same way.
    logging.basicConfig(level=logging.WARNING, handlers=[_Bridge()], force=True)
    logging.getLogger("pactwire").setLevel(level.upper())


class _Bridge(logging.Handler):
    """Hands a record of the standard library's log on."""

    def emit(self, record: logging.LogRecord) -> None:
        said = logger(record.name).bind(said=record.getMessage())
        if record.exc_info:
            said = said.bind(exc_info=record.exc_info)
        said.log(record.levelno, record.name)


class _Stderr:
    """Writes to whatever stderr is at that moment, so that a prompt can keep its line below the log."""

    def __init__(self, *_: object) -> None:
        pass

    def msg(self, message: str) -> None:
        print(message, file=sys.stderr, flush=True)

    debug = info = warning = error = critical = exception = msg


def _harmless(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {
        key: _tame(value) if isinstance(value, str) and key != "exception" else value for key, value in event.items()
    }


def _tame(value: str) -> str:
    shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in value[:LONGEST])
    return shown if len(value) <= LONGEST else f"{shown}…"

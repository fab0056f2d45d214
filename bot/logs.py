"""One line an event, on stderr (the only owner of structlog). Control characters never reach the log as they are."""

from __future__ import annotations

import logging
import sys
from typing import Any, Literal

import structlog

Level = Literal["debug", "info", "warning", "error"]
Form = Literal["text", "json"]

LONGEST = 2_048
"""The most characters of one value: a hostile feed may not flood the log."""

LONGEST_TRACE = 16_384
"""The most characters of a traceback; its end says most."""


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
    return {key: _shown(key, value) if isinstance(value, str) else value for key, value in event.items()}


def _shown(key: str, value: str) -> str:
    if key != "exception":
        return _tame(value)
    # What an error says may be a stranger's text: set in, none of its lines can pass for an event of its own.
    return "".join(f"\n    {_tame(line)}" for line in value[-LONGEST_TRACE:].splitlines())


def _tame(value: str) -> str:
    shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in value[:LONGEST])
    return shown if len(shown) <= LONGEST and len(value) <= LONGEST else f"{shown[:LONGEST]}…"

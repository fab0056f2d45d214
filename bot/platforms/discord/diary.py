"""What is logged about Discord. Whatever its library writes, no token of a bot or of an interaction stands in it."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"\b[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}|(?<=/)aW50ZXJhY3Rpb246[\w=-]+|(?<=/)[\w-]{60,}")


class _Redacting(logging.Filter):
    """Blackens secrets in a record, and drops what helps nobody. Tracebacks go: they could quote a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        if "voice will NOT be supported" in record.msg:
            return False  # nobody misses it
        record.msg = redacted(record.getMessage())
        record.args = ()
        if record.exc_info and record.exc_info[1] is not None:
            record.msg += f" ({type(record.exc_info[1]).__name__}: {redacted(str(record.exc_info[1]))})"
            record.exc_info = None
        return True


def redacted(text: str) -> str:
    """The text with everything blackened that looks like a token."""
    return _SECRET.sub("…", text)


LOG = logging.getLogger("pactwire.discord")

logging.getLogger("discord").setLevel(logging.WARNING)
_LIBRARY = ("client", "http", "gateway", "state", "shard", "webhook.async_", "app_commands.tree", "ui.view")
for _log in (LOG, *(logging.getLogger(f"discord.{name}") for name in _LIBRARY)):
    _log.addFilter(_Redacting())

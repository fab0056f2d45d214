"""What is logged about Slack. Whatever its libraries write, no token and no connection ticket stands in it."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"\b(xox[a-z]{1,2}-|xoxe\.|xapp-)[\w.-]+|(ticket=|code=|client_secret=)[^&\s'\"]+")


class _Redacting(logging.Filter):
    """Blackens secrets in a record; the traceback is left out, for it could quote a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redacted(record.getMessage())
        record.args = ()
        if record.exc_info and record.exc_info[1] is not None:
            record.msg += f" ({type(record.exc_info[1]).__name__}: {redacted(str(record.exc_info[1]))})"
            record.exc_info = None
        return True


def redacted(text: str) -> str:
    """The text with every token, ticket and code of Slack's blackened."""
    return _SECRET.sub(lambda found: f"{found[1] or found[2]}…", text)


LOG = logging.getLogger("pactwire.slack")

SDK_LOG = logging.getLogger("pactwire.slack.sdk")
"""Given to slack_sdk and slack_bolt. Below WARNING they write whole requests and answers, user texts among them."""

SDK_LOG.setLevel(logging.WARNING)
for _log in (LOG, SDK_LOG):
    _log.addFilter(_Redacting())

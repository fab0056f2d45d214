"""What a publisher's response headers ask of us. Pure; malformed values count as missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.feeds.answer import Validators

LONGEST = timedelta(days=7)
_MAX_AGE = re.compile(r"""(?:^|[,\s])max-age\s*=\s*"?(\d{1,12})"?\s*(?=,|;|\s|$)""", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,15}")
_NOT_SENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_LONGEST_VALIDATOR = 8_000

RawHeaders = Iterable[tuple[bytes, bytes]]


def validators_of(headers: RawHeaders) -> Validators:
    """ETag and Last-Modified as sent. One that is not UTF-8 cannot be echoed byte for byte, and counts as missing."""
    return Validators(etag=_echoable(headers, b"etag"), last_modified=_echoable(headers, b"last-modified"))


def conditional(validators: Validators) -> dict[str, str]:
    """The request headers that ask for news since `validators`; what is stored as empty is still sent.

    With an ETag we also take the new entries alone (RFC 3229, with the instance manipulation `feed`).
    """
    asked = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    sent = {name: value for name, value in asked.items() if value is not None and not _NOT_SENDABLE.search(value)}
    return {**sent, "A-IM": "feed"} if "If-None-Match" in sent else sent


def wish_of(headers: Mapping[str, str]) -> timedelta | None:
    """How long the answer stays fresh (RFC 9111, 4.2): max-age less Age, else Expires less Date; at most 7 days."""
    if found := _MAX_AGE.search(headers.get("Cache-Control", "")):
        fresh = min(int(found[1]), int(LONGEST.total_seconds()) * 2) - _seconds(headers.get("Age", ""))
        return _within(timedelta(seconds=fresh))
    expires = headers.get("Expires")
    if expires is None:  # most answers say when they were sent, and few that they grow old
        return None
    until, date = _moment(expires), _moment(headers.get("Date", ""))
    return _within(until - date) if until and date else None


def retry_after_of(values: Iterable[str], date: str) -> timedelta | None:
    """The longest wait of the Retry-After headers (RFC 9110, 10.2.3), at most 7 days.

    A moment is measured from the server's own `date`, so that its clock need not agree with ours.
    """
    waits = [wait for value in values if (wait := _wait(value.strip(), date))]
    return max(waits, default=None)


def longest(*waits: timedelta | None) -> timedelta | None:
    """The longest of those that were asked for."""
    return max(filter(None, waits), default=None)


def size_of(headers: RawHeaders) -> int:
    """The bytes that the header block took."""
    return sum(len(name) + len(value) + 4 for name, value in headers)


def _echoable(headers: RawHeaders, name: bytes) -> str | None:
    for each, value in headers:
        if each.lower() == name and len(value) <= _LONGEST_VALIDATOR:
            try:
                return value.decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def _wait(value: str, date: str) -> timedelta | None:
    if _SECONDS.fullmatch(value):
        return _within(timedelta(seconds=min(int(value), int(LONGEST.total_seconds()))))
    until, now = _moment(value), _moment(date)
    return _within(until - now) if until and now else None


def _within(wait: timedelta) -> timedelta | None:
    return min(wait, LONGEST) if wait > timedelta() else None


def _seconds(text: str) -> int:
    return int(text) if _SECONDS.fullmatch(text) else 0


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None

"""What a publisher answered when asked for a feed or a page. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified exactly as the server sent them (RFC 9110, 8.8): echoed byte for byte, never rebuilt."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body, decoded to at most 10 MiB. `url` is the address that answered after redirects.

    `wish` is how long the server asks not to be asked again (max-age, Expires; Retry-After on a redirect). `moved` is
    where every hop of the chain said, for good (301, 308), that the feed now lives. `is_part` tells that only what is
    new since our validators was sent (226, RFC 3229). `links` are its Link headers (RFC 8288).
    """

    url: str
    body: bytes
    content_type: str
    validators: Validators = Validators()
    wish: timedelta | None = None
    moved: str | None = None
    is_part: bool = False
    links: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: nothing new since the validators. Those it carries replace the ones we had; `moved` as in Fetched."""

    validators: Validators = Validators()
    wish: timedelta | None = None
    moved: str | None = None


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """No usable answer. `reason` is a short sentence for people, with nothing of the fetched body in it.

    `retry_after` is how long the server asks to be left alone: Retry-After, or the freshness of its refusal.
    `is_unreached` tells that no machine answered at all, which may be the fault of our own network.
    """

    reason: str
    status: int | None = None
    retry_after: timedelta | None = None
    is_unreached: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """What we sent was taken (2xx)."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """Nothing that says anything of the feed: its publisher lately told us (429) to stay away, or we were too busy.

    It is to be asked again after `wait`. `reason` is a short sentence for people.
    """

    wait: timedelta
    reason: str = "The site lately asked us to stay away for a while"


Answer = Fetched | NotModified | FetchFailed | Postponed

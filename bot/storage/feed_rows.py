"""Rows of the table of feeds ↔ values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.feeds.answer import Validators
from bot.feeds.model import Feed, Register, Rhythm, Sector
from bot.feeds.moves import Move
from bot.storage.codec import decode, encode
from bot.storage.model import NO_RHYTHM, DueFeed, FeedState, KeptFeed, Origin
from bot.storage.tables import feeds

TOLD = ("title", "site", "owner", "sector", "register")
"""What whoever names a feed tells about it."""


def new_row(feed: Feed, origin: Origin, now: datetime) -> dict[str, object]:
    """The row of a feed that nobody has read yet."""
    return {
        "url": feed.url,
        **{name: getattr(feed, name) for name in TOLD},
        "origin": origin,
        "active": True,
        "next_poll_at": now,
        "failures": 0,
        "created_at": now,
    }


def state_row(state: FeedState) -> dict[str, object]:
    """What a good answer leaves behind, by column."""
    return {
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "body_hash": state.body_hash,
        "rhythm": None if state.rhythm == NO_RHYTHM else encode(state.rhythm),
        "next_poll_at": state.next_poll,
        "next_poll_why": state.why,
        "moved_to": state.move.to if state.move else None,
        "moved_since": state.move.since if state.move else None,
        "moved_seen": state.move.seen if state.move else None,
    }


def kept_feed(row: Row[*tuple[Any, ...]]) -> KeptFeed:
    """A row with its counts."""
    return KeptFeed(
        id=row.id,
        feed=_feed(row),
        origin=Origin(row.origin),
        next_poll=row.next_poll_at if row.active and row.stopped_at is None else None,
        last_success=row.last_success_at,
        failing_since=row.failing_since,
        last_error=row.last_error,
        entries=row.entries or 0,
        deals=row.deals or 0,
        newest=row.newest,
        why=row.next_poll_why,
        asked=row.asked_at,
        stopped=row.stopped_at,
        first_read=row.first_read_at,
        validators=Validators(row.etag, row.last_modified),
        left_out=row.left_out or 0,
    )


DUE = tuple(
    feeds.c[name]
    for name in (
        "id", "url", "title", "site", "owner", "sector", "register", "etag", "last_modified", "body_hash", "failures",
        "first_read_at", "rhythm", "moved_to", "moved_since", "moved_seen", "failing_since", "failing_told",
        "gone_since", "asked_at", "told_at", "told_until", "left_out",
    )
)  # fmt: skip
"""What is read of a feed to ask it."""


def due_feed(row: Row[*tuple[Any, ...]]) -> DueFeed:
    """A row of DUE to ask: by place, for every feed comes this way once an hour."""
    (
        number, url, title, site, owner, sector, register, etag, last_modified, body_hash, failures,
        first_read, rhythm, moved_to, moved_since, moved_seen, failing_since, failing_told,
        gone_since, asked, told_at, told_until, left_out,
    ) = row  # fmt: skip
    return DueFeed(
        number,
        Feed(url, title, site, owner, _SECTORS[sector], _REGISTERS[register]),
        Validators(etag, last_modified),
        body_hash,
        failures,
        first_read,
        decode(Rhythm, rhythm) if rhythm else NO_RHYTHM,
        Move(moved_to, moved_since, moved_seen) if moved_to else None,
        failing_since,
        failing_told,
        gone_since,
        asked,
        told_at,
        told_until,
        left_out or 0,
    )


def _feed(row: Row[*tuple[Any, ...]]) -> Feed:
    return Feed(row.url, row.title, row.site, row.owner, _SECTORS[row.sector], _REGISTERS[row.register])


_SECTORS: dict[str | None, Sector | None] = {None: None, **{each.value: each for each in Sector}}
_REGISTERS = {each.value: each for each in Register}

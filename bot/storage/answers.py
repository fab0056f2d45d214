"""What an answer changes about its feed, and whom that is told. Parts of the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.model import Channel
from bot.storage.feed_rows import state_row
from bot.storage.listing import readers
from bot.storage.model import DueFeed, Failure, FeedState, Notice
from bot.storage.notices import note
from bot.storage.tables import feeds

TOLD_AFTER = timedelta(hours=24)
"""A feed that fails longer than this is told to those who manage the workspaces that read it."""

_SUCCESS = {
    "leased_until": None,
    "failures": 0,
    "failing_since": None,
    "failing_told": None,
    "last_error": None,
    "gone_since": None,
    "stopped_at": None,
}
_CHANGED = (
    "etag", "last_modified", "body_hash", "rhythm", "next_poll_at", "next_poll_why", "moved_to", "moved_since",
    "moved_seen", "last_success_at",
)  # fmt: skip
_GOOD_ANSWER = (
    update(feeds)
    .where(feeds.c.id == bindparam("of_feed"))
    .values(
        **_SUCCESS,
        **{name: bindparam(f"to_{name}", type_=feeds.c[name].type) for name in _CHANGED},
        first_read_at=func.coalesce(feeds.c.first_read_at, bindparam("to_last_success_at")),
    )
)
_SAME_ANSWER = (
    update(feeds)
    .where(feeds.c.id == bindparam("of_feed"))
    .values(
        leased_until=None,
        next_poll_at=bindparam("to_next_poll_at", type_=feeds.c.next_poll_at.type),
        next_poll_why=bindparam("to_next_poll_why"),
        last_success_at=bindparam("to_last_success_at", type_=feeds.c.last_success_at.type),
    )
)


async def record_success(connection: AsyncConnection, answers: Sequence[tuple[DueFeed, FeedState, datetime]]) -> None:
    """Write what good answers leave behind about their feeds at those moments: one statement for all that change
    something, and one for all that do not, which are most."""
    rows, same = [], []
    for feed, state, now in answers:
        if _leaves_as_it_was(feed, state):
            told = {"to_next_poll_at": state.next_poll, "to_next_poll_why": state.why, "to_last_success_at": now}
            same.append({"of_feed": feed.id, **told})
            continue
        changed = state_row(state) | {"last_success_at": now}
        rows.append({"of_feed": feed.id, **{f"to_{name}": value for name, value in changed.items()}})
        if feed.failing_told:
            await _tell(connection, feed, f"works again: {feed.failing_told.isoformat()}", _works_again(feed), now)
    for statement, told_to in ((_GOOD_ANSWER, rows), (_SAME_ANSWER, same)):
        if told_to:
            await connection.execute(statement, told_to)


def _leaves_as_it_was(feed: DueFeed, state: FeedState) -> bool:
    """Whether a good answer changes nothing about its feed but when it was read, and when it is asked next."""
    was_well = not (feed.failures or feed.failing_since or feed.failing_told or feed.gone_since) and feed.first_read
    before = (feed.validators, feed.body_hash, feed.rhythm, feed.move)
    return bool(was_well) and before == (state.validators, state.body_hash, state.rhythm, state.move)


async def record_failure(connection: AsyncConnection, feed: DueFeed, failure: Failure, now: datetime) -> None:
    """Write what a bad answer leaves behind; what we knew of the feed stays as it was."""
    since = feed.failing_since or now
    tells = feed.failing_told is None and now - since >= TOLD_AFTER and not failure.is_ours
    changed = {
        "failures": feeds.c.failures + (0 if failure.is_ours else 1),
        "failing_since": func.coalesce(feeds.c.failing_since, now),
        "failing_told": now if tells or failure.stops else feed.failing_told,
        "last_error": failure.reason,
        "gone_since": (feed.gone_since or now) if failure.is_gone else feed.gone_since,
        "stopped_at": now if failure.stops else None,
        "next_poll_at": failure.next_poll,
        "next_poll_why": failure.why,
        "leased_until": None,
    }
    await connection.execute(update(feeds).where(feeds.c.id == feed.id).values(changed))
    if failure.stops:
        await _tell(connection, feed, f"stopped: {since.isoformat()}", _stopped(feed), now)
    elif tells:
        await _tell(connection, feed, f"fails: {since.isoformat()}", _fails(feed, failure), now)


async def _tell(connection: AsyncConnection, feed: DueFeed, what: str, text: str, now: datetime) -> None:
    """A notice to each workspace that reads the feed and is subscribed or added it; told once by its key."""
    for platform, workspace in (await connection.execute(readers(feed.id))).all():
        await note(connection, Notice(Channel(platform, workspace, ""), f"feed {feed.id} {what}", text), now)


def _fails(feed: DueFeed, failure: Failure) -> str:
    return (
        f"The feed {feed.feed.title} could not be read for a day. {failure.reason}. It is still asked, at most once a "
        "day while that lasts; you will hear of it when it works again."
    )


def _works_again(feed: DueFeed) -> str:
    return f"The feed {feed.feed.title} can be read again."


def _stopped(feed: DueFeed) -> str:
    return (
        f"The feed {feed.feed.title} is asked no more: its site said twice, at least a day apart, that it is gone for "
        "good. Remove it, or add it again if that is wrong."
    )

"""The feeds: who wants them, when they are due, and how they answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, literal, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.model import Channel, Coverage, FailingFeed
from bot.feeds.answer import Validators
from bot.feeds.model import Feed, Register, Sector
from bot.storage.engine import Database
from bot.storage.model import Added, DueFeed, FeedState, KeptFeed, Origin
from bot.storage.tables import entries, feeds, subscriptions, workspace_feeds

LEASE = timedelta(minutes=10)
"""How long a claimed feed is left to its claimer; after a crash it is asked again when this has passed."""


class FeedStore:
    """What is kept about feeds. Every list and change is made for one channel's workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seed(self, seeds: Sequence[tuple[Feed, Origin]], now: datetime) -> None:
        """Make the seed feeds exactly these: new ones are added, changed ones brought up to date, others rest."""
        urls = [feed.url for feed, _ in seeds]
        async with self._database.write() as connection:
            former = and_(feeds.c.origin != Origin.COMMAND, feeds.c.url.not_in(urls))
            await connection.execute(update(feeds).where(former).values(origin=Origin.COMMAND))
            if seeds:
                statement = insert(feeds)
                told = {name: statement.excluded[name] for name in (*_TOLD, "origin")}
                rows = {feed.url: _row(feed, origin, now) for feed, origin in seeds}
                await connection.execute(statement.on_conflict_do_update([feeds.c.url], set_=told), list(rows.values()))
            await connection.execute(update(feeds).values(active=_wanted()))

    async def list(self, channel: Channel) -> tuple[KeptFeed, ...]:
        """The feeds this workspace reads, by title."""
        async with self._database.read() as connection:
            rows = await connection.execute(_kept(channel).order_by(func.lower(feeds.c.title)))
            return tuple(_kept_feed(row) for row in rows)

    async def add(self, channel: Channel, feed: Feed, now: datetime) -> Added:
        """Put the feed on this workspace's list; it is asked at the next tick if nobody read it before."""
        async with self._database.write() as connection:
            before = await connection.scalar(_kept_id(channel, feed.url))
            await connection.execute(
                insert(feeds)
                .values(_row(feed, Origin.COMMAND, now))
                .on_conflict_do_update([feeds.c.url], set_={"active": True})
            )
            await _say(connection, channel, feed.url, wanted=True, now=now)
            row = (await connection.execute(_kept(channel).where(feeds.c.url == feed.url))).one()
            return Added(_kept_feed(row), already=before is not None)

    async def remove(self, channel: Channel, feed: int, now: datetime) -> None:
        """Take the feed off this workspace's list; when nobody wants it any more, it is not asked again."""
        async with self._database.write() as connection:
            url = await connection.scalar(select(feeds.c.url).where(feeds.c.id == feed))
            if url is None:
                return
            await _say(connection, channel, url, wanted=False, now=now)
            await connection.execute(update(feeds).where(feeds.c.id == feed).values(active=_wanted()))

    async def coverage(self, channel: Channel) -> Coverage:
        """How many of the workspace's feeds were read, and which fail since when."""
        listed = await self.list(channel)
        failing = tuple(
            FailingFeed(each.feed.title, each.failing_since, each.last_error or "no answer")
            for each in listed
            if each.failing_since
        )
        read = sum(each.last_success is not None and each.failing_since is None for each in listed)
        return Coverage(len(listed), read, failing)

    async def next_due(self) -> datetime | None:
        """When the next feed is due, None when there is none."""
        async with self._database.read() as connection:
            due: datetime | None = await connection.scalar(select(func.min(feeds.c.next_poll_at)).where(feeds.c.active))
            return due

    async def claim_due(self, now: datetime, limit: int) -> tuple[DueFeed, ...]:
        """Lease up to `limit` feeds that are due, longest overdue first."""
        due = and_(
            feeds.c.active,
            feeds.c.next_poll_at <= now,
            or_(feeds.c.leased_until.is_(None), feeds.c.leased_until <= now),
        )
        async with self._database.write() as connection:
            rows = (
                await connection.execute(select(feeds).where(due).order_by(feeds.c.next_poll_at).limit(limit))
            ).all()
            claimed = update(feeds).where(feeds.c.id.in_([row.id for row in rows]))
            if rows:
                await connection.execute(claimed.values(leased_until=now + LEASE))
            return tuple(_due_feed(row) for row in rows)

    async def record_unchanged(self, feed: DueFeed, state: FeedState, now: datetime) -> None:
        """The publisher said that nothing is new (304, or the very same body)."""
        async with self._database.write() as connection:
            await record_success(connection, feed, state, now)

    async def record_failure(self, feed: DueFeed, reason: str, next_poll: datetime, now: datetime) -> None:
        """The feed could not be read. What we knew of it stays as it was."""
        async with self._database.write() as connection:
            await connection.execute(
                update(feeds)
                .where(feeds.c.id == feed.id)
                .values(
                    failures=feeds.c.failures + 1,
                    failing_since=func.coalesce(feeds.c.failing_since, now),
                    last_error=reason,
                    next_poll_at=next_poll,
                    leased_until=None,
                )
            )


async def record_success(connection: AsyncConnection, feed: DueFeed, state: FeedState, now: datetime) -> None:
    """Write what a good answer leaves behind, as a part of the caller's transaction."""
    await connection.execute(
        update(feeds)
        .where(feeds.c.id == feed.id)
        .values(
            etag=state.validators.etag,
            last_modified=state.validators.last_modified,
            body_hash=state.body_hash,
            next_poll_at=state.next_poll,
            leased_until=None,
            first_read_at=func.coalesce(feeds.c.first_read_at, now),
            last_success_at=now,
            failures=0,
            failing_since=None,
            last_error=None,
        )
    )


def visible_to(channel: Channel) -> ColumnElement[bool]:
    """Whether a row of `feeds` is on the list of the channel's workspace."""
    word = select(workspace_feeds.c.wanted).where(
        workspace_feeds.c.feed_id == feeds.c.id,
        workspace_feeds.c.platform == channel.platform,
        workspace_feeds.c.workspace == channel.workspace,
    )
    return func.coalesce(word.scalar_subquery(), feeds.c.origin != Origin.COMMAND)


_TOLD = ("title", "site", "owner", "sector", "register")


def _wanted() -> ColumnElement[bool]:
    """Somebody added the feed; or it is a seed that not every subscribed workspace has taken off its list."""
    said = workspace_feeds.alias()
    refused = exists().where(said.c.feed_id == feeds.c.id, ~said.c.wanted)
    heeding = exists().where(
        subscriptions.c.ended_at.is_(None),
        ~exists().where(
            workspace_feeds.c.feed_id == feeds.c.id,
            workspace_feeds.c.platform == subscriptions.c.platform,
            workspace_feeds.c.workspace == subscriptions.c.workspace,
            ~workspace_feeds.c.wanted,
        ),
    )
    added = exists().where(said.c.feed_id == feeds.c.id, said.c.wanted)
    return or_(added, and_(feeds.c.origin != Origin.COMMAND, or_(~refused, heeding)))


def _kept_id(channel: Channel, url: str) -> Select[int]:
    return select(feeds.c.id).where(feeds.c.url == url, visible_to(channel))


def _kept(channel: Channel) -> Select[*tuple[Any, ...]]:
    counted = (
        select(entries.c.feed_id, func.count().label("entries"), func.count(entries.c.deal_id).label("deals"))
        .group_by(entries.c.feed_id)
        .subquery()
    )
    columns = (*feeds.c, counted.c.entries, counted.c.deals)
    return select(*columns).outerjoin(counted, counted.c.feed_id == feeds.c.id).where(visible_to(channel))


async def _say(connection: AsyncConnection, channel: Channel, url: str, *, wanted: bool, now: datetime) -> None:
    word = insert(workspace_feeds).from_select(
        ["platform", "workspace", "feed_id", "wanted", "changed_at"],
        select(
            literal(channel.platform),
            literal(channel.workspace),
            feeds.c.id,
            literal(wanted),
            literal(now, workspace_feeds.c.changed_at.type),
        ).where(feeds.c.url == url),
    )
    changed = {"wanted": word.excluded.wanted, "changed_at": word.excluded.changed_at}
    keys = [workspace_feeds.c.platform, workspace_feeds.c.workspace, workspace_feeds.c.feed_id]
    await connection.execute(word.on_conflict_do_update(keys, set_=changed))


def _row(feed: Feed, origin: Origin, now: datetime) -> dict[str, object]:
    return {
        "url": feed.url,
        **{name: getattr(feed, name) for name in _TOLD},
        "origin": origin,
        "active": True,
        "next_poll_at": now,
        "failures": 0,
        "created_at": now,
    }


def _feed(row: Row[*tuple[Any, ...]]) -> Feed:
    sector = None if row.sector is None else Sector(row.sector)
    return Feed(row.url, row.title, row.site, row.owner, sector, Register(row.register))


def _kept_feed(row: Row[*tuple[Any, ...]]) -> KeptFeed:
    return KeptFeed(
        id=row.id,
        feed=_feed(row),
        origin=Origin(row.origin),
        next_poll=row.next_poll_at if row.active else None,
        last_success=row.last_success_at,
        failing_since=row.failing_since,
        last_error=row.last_error,
        entries=row.entries or 0,
        deals=row.deals or 0,
    )


def _due_feed(row: Row[*tuple[Any, ...]]) -> DueFeed:
    return DueFeed(
        id=row.id,
        feed=_feed(row),
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        failures=row.failures,
        first_read=row.first_read_at,
    )

"""The feeds: who wants them, when they are due, and how they answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, literal, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.model import Channel, Coverage, FailingFeed
from bot.feeds.model import Feed
from bot.storage.answers import record_failure
from bot.storage.engine import Database
from bot.storage.feed_rows import DUE, TOLD, due_feed, kept_feed, new_row
from bot.storage.listing import is_wanted, visible_to
from bot.storage.model import Added, DueFeed, Failure, KeptFeed, Origin
from bot.storage.moves import adopt, current
from bot.storage.tables import entries, feeds, workspace_feeds

LEASE = timedelta(minutes=15)
"""How long a claimed feed is left to its claimer; after a crash it is asked again when this has passed."""

AHEAD = timedelta(days=8)
"""No feed waits longer: a publisher's own wish is honoured up to seven days, and a little jitter."""

SPREAD = timedelta(hours=1)
"""Over how long 10,000 feeds that are due at a start are spread; fewer take less in proportion."""

MANY = 100


class FeedStore:
    """What is kept about feeds. Every list and change is made for one channel's workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seed(self, seeds: Sequence[tuple[Feed, Origin]], now: datetime) -> None:
        """Make the seed feeds exactly these: new ones are added, changed ones brought up to date, others rest."""
        async with self._database.write() as connection:
            moved = await current(connection, [feed.url for feed, _ in seeds])
            urls = [moved.get(feed.url, feed.url) for feed, _ in seeds]
            former = and_(feeds.c.origin != Origin.COMMAND, feeds.c.url.not_in(urls))
            await connection.execute(update(feeds).where(former).values(origin=Origin.COMMAND))
            if seeds:
                statement = insert(feeds)
                told = {name: statement.excluded[name] for name in (*TOLD, "origin")}
                rows = {
                    url: new_row(feed, origin, now) | {"url": url}
                    for url, (feed, origin) in zip(urls, seeds, strict=True)
                }
                await connection.execute(statement.on_conflict_do_update([feeds.c.url], set_=told), list(rows.values()))
            await connection.execute(update(feeds).values(active=is_wanted()))

    async def list(self, channel: Channel) -> tuple[KeptFeed, ...]:
        """The feeds this workspace reads, by title."""
        async with self._database.read() as connection:
            rows = await connection.execute(_kept(channel).order_by(func.lower(feeds.c.title)))
            return tuple(kept_feed(row) for row in rows)

    async def find(self, url: str) -> Feed | None:
        """The feed at this address, now or formerly, whoever reads it."""
        async with self._database.read() as connection:
            now_at = (await current(connection, [url])).get(url, url)
            row = (await connection.execute(select(*DUE).where(feeds.c.url == now_at))).one_or_none()
            return None if row is None else due_feed(row).feed

    async def add(self, channel: Channel, feed: Feed, now: datetime) -> Added:
        """Put the feed on this workspace's list; it is asked at the next tick if nobody read it before."""
        async with self._database.write() as connection:
            return await _add(connection, channel, feed, now)

    async def add_all(self, channel: Channel, wanted: Sequence[Feed], now: datetime) -> tuple[Added, ...]:
        """Put all of them on the list, or none."""
        async with self._database.write() as connection:
            return tuple([await _add(connection, channel, feed, now) for feed in wanted])

    async def remove(self, channel: Channel, feed: int, now: datetime) -> None:
        """Take the feed off this workspace's list; when nobody wants it any more, it is not asked again."""
        async with self._database.write() as connection:
            url = await connection.scalar(select(feeds.c.url).where(feeds.c.id == feed))
            if url is None:
                return
            await _say(connection, channel, url, wanted=False, now=now)
            await connection.execute(update(feeds).where(feeds.c.id == feed).values(active=is_wanted()))

    async def coverage(self, channel: Channel) -> Coverage:
        """How many of the workspace's feeds were read, and which fail since when."""
        columns = (feeds.c.title, feeds.c.last_success_at, feeds.c.failing_since, feeds.c.last_error)
        async with self._database.read() as connection:
            listed = (await connection.execute(select(*columns).where(visible_to(channel)))).all()
        failing = tuple(
            FailingFeed(each.title, each.failing_since, each.last_error or "no answer")
            for each in sorted(listed, key=lambda row: str(row.title).lower())
            if each.failing_since
        )
        read = sum(each.last_success_at is not None and each.failing_since is None for each in listed)
        return Coverage(len(listed), read, failing)

    async def next_due(self) -> datetime | None:
        """When the next feed is due, None when there is none."""
        async with self._database.read() as connection:
            going = select(func.min(feeds.c.next_poll_at)).where(feeds.c.active, feeds.c.stopped_at.is_(None))
            due: datetime | None = await connection.scalar(going)
            return due

    async def spread(self, now: datetime) -> int:
        """Spread the feeds that are due now, if they are many, over the time to come; how many they were.

        After a long stop they would else all be asked at once. Their order stays.
        """
        due = and_(feeds.c.active, feeds.c.next_poll_at <= now)
        async with self._database.write() as connection:
            ids = (await connection.scalars(select(feeds.c.id).where(due).order_by(feeds.c.next_poll_at))).all()
            if len(ids) > MANY:
                step = SPREAD / max(len(ids), 10_000)
                rows = [{"of_feed": feed, "to_at": now + step * place} for place, feed in enumerate(ids)]
                await connection.execute(_LATER, rows)
            return len(ids)

    async def postpone(self, ids: Sequence[int], at: datetime) -> None:
        """Give claimed feeds back unasked, due again at `at`."""
        async with self._database.write() as connection:
            await connection.execute(_LATER, [{"of_feed": feed, "to_at": at} for feed in ids])

    async def adopt(self, feed: DueFeed, url: str, now: datetime) -> None:
        """The feed has moved for good; where another one stands at `url`, they become one."""
        async with self._database.write() as connection:
            await adopt(connection, feed.id, url, now)

    async def claim_due(self, now: datetime, limit: int) -> tuple[DueFeed, ...]:
        """Lease up to `limit` feeds that are due, longest overdue first."""
        # What lies further ahead than any wait was written by a clock that has been set back since.
        due = and_(
            feeds.c.active,
            or_(feeds.c.next_poll_at <= now, feeds.c.next_poll_at > now + AHEAD),
            feeds.c.stopped_at.is_(None),
            or_(feeds.c.leased_until.is_(None), feeds.c.leased_until <= now, feeds.c.leased_until > now + AHEAD),
        )
        chosen = select(*DUE).where(due).order_by(feeds.c.next_poll_at).limit(limit)
        async with self._database.read() as connection:
            if (await connection.execute(chosen.limit(1))).first() is None:
                return ()  # the usual case takes no lock
        async with self._database.write() as connection:
            rows = (await connection.execute(chosen)).all()
            claimed = update(feeds).where(feeds.c.id.in_([row.id for row in rows]))
            await connection.execute(claimed.values(leased_until=now + LEASE, asked_at=now))
            return tuple(due_feed(row) for row in rows)

    async def record_failure(self, feed: DueFeed, failure: Failure, now: datetime) -> None:
        """The feed could not be read. What we knew of it stays as it was."""
        async with self._database.write() as connection:
            await record_failure(connection, feed, failure, now)


_LATER = (
    update(feeds)
    .where(feeds.c.id == bindparam("of_feed"))
    .values(next_poll_at=bindparam("to_at", type_=feeds.c.next_poll_at.type), leased_until=None)
)


async def _add(connection: AsyncConnection, channel: Channel, feed: Feed, now: datetime) -> Added:
    url = (await current(connection, [feed.url])).get(feed.url, feed.url)
    before = await connection.scalar(_kept_id(channel, url))
    row = new_row(feed, Origin.COMMAND, now) | {"url": url}
    again = {"active": True, "stopped_at": None, "gone_since": None}
    await connection.execute(insert(feeds).values(row).on_conflict_do_update([feeds.c.url], set_=again))
    await _say(connection, channel, url, wanted=True, now=now)
    kept = (await connection.execute(_kept(channel).where(feeds.c.url == url))).one()
    return Added(kept_feed(kept), already=before is not None)


def _kept_id(channel: Channel, url: str) -> Select[int]:
    return select(feeds.c.id).where(feeds.c.url == url, visible_to(channel))


def _kept(channel: Channel) -> Select[*tuple[Any, ...]]:
    """The workspace's feeds with what each has brought, counted for these alone."""
    count = select(func.count()).where(entries.c.feed_id == feeds.c.id)
    newest = select(func.max(entries.c.published_at)).where(entries.c.feed_id == feeds.c.id)
    brought = {"entries": count, "deals": count.where(entries.c.deal_id.is_not(None)), "newest": newest}
    told = (each.scalar_subquery().label(name) for name, each in brought.items())
    return select(*feeds.c, *told).where(visible_to(channel))


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

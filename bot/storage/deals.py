"""The deals and the entries they were told in. A deal is read back as its announcements tell it together."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.deals.merge import combine
from bot.deals.model import Announcement, KnownDeal, Reason
from bot.digests.model import Channel
from bot.storage.codec import decode
from bot.storage.engine import Database
from bot.storage.listing import visible_to
from bot.storage.model import KeptSubscription, Outcome, Remark, SeenEntry
from bot.storage.tables import deal_parties, deals, entries, entry_keys, feeds, marks
from bot.storage.tables_people import remarks

REACH = timedelta(days=14)
"""How long before the last digest a deal may have become known to be wanted still: it may have found no room there."""

OVERLAP = timedelta(days=3)
"""How far before a subscription's beginning its first digest looks back."""


class DealStore:
    """What is kept about deals, as the feeds of one workspace tell it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known_keys(self, feed_ids: Collection[int]) -> dict[int, frozenset[str]]:
        """For each of these feeds every key under which it has brought an entry, hashed."""
        chosen = select(entry_keys.c.feed_id, entry_keys.c.key).where(entry_keys.c.feed_id.in_(feed_ids))
        found: dict[int, list[str]] = {feed: [] for feed in feed_ids}
        async with self._database.read() as connection:
            for feed, key in await connection.execute(chosen):
                found[feed].append(key)
        return {feed: frozenset(keys) for feed, keys in found.items()}

    async def related(self, keys: Collection[str], since: datetime) -> tuple[KnownDeal, ...]:
        """The deals first seen since then in which at least two of these party keys take part, told in full.

        One shared party never makes a deal the same, and the large clouds have a part in a great many.
        """
        chosen = (
            select(deals.c.id)
            .join(deal_parties, deal_parties.c.deal_id == deals.c.id)
            .where(deal_parties.c.key.in_(keys), deals.c.first_seen_at >= since, deals.c.merged_into.is_(None))
            .group_by(deals.c.id)
            .having(func.count() > 1)
        )
        async with self._database.read() as connection:
            return await _told(connection, chosen)

    async def latest(self, channel: Channel, limit: int) -> tuple[KnownDeal, ...]:
        """The deals that this workspace learnt of last, newest first; none that it says is no partnership."""
        chosen = _standing(channel).order_by(
            deals.c.first_seen_at.desc(), deals.c.published_at.desc(), deals.c.id.desc()
        )
        async with self._database.read() as connection:
            return await _told(connection, chosen.limit(limit), channel)

    async def get(self, channel: Channel, deal: int) -> KnownDeal | None:
        """The deal that has, or once had, this id."""
        async with self._database.read() as connection:
            current = select(func.coalesce(deals.c.merged_into, deals.c.id)).where(deals.c.id == deal)
            found = await _told(connection, _visible(channel).where(deals.c.id == current.scalar_subquery()), channel)
            return found[0] if found else None

    async def search(
        self, channel: Channel, words: Sequence[str], since: datetime | None, limit: int
    ) -> tuple[KnownDeal, ...]:
        """The deals whose names, headline or summary hold all these words whole, newest first."""
        chosen = _standing(channel).where(
            *(deals.c.words.contains(folded(word), autoescape=True) for word in words),
            true() if since is None else func.coalesce(deals.c.published_at, deals.c.first_seen_at) >= since,
        )
        newest = func.coalesce(deals.c.published_at, deals.c.first_seen_at).desc()
        async with self._database.read() as connection:
            return await _told(connection, chosen.order_by(newest, deals.c.id.desc()).limit(limit), channel)

    async def names(self, channel: Channel, limit: int = 1000) -> tuple[str, ...]:
        """Headlines of the newest deals, for completion."""
        newest = select(deals.c.headline).where(deals.c.id.in_(_standing(channel))).order_by(deals.c.id.desc())
        async with self._database.read() as connection:
            return tuple((await connection.scalars(newest.limit(limit))).all())

    async def verdict(self, channel: Channel, url: str) -> SeenEntry | None:
        """What became of the entry at this canonical address; an announcement speaks before a rejection."""
        found = (
            select(entries, feeds.c.title.label("feed_title"))
            .join(feeds, feeds.c.id == entries.c.feed_id)
            .where(entries.c.url == url, visible_to(channel))
            .order_by(entries.c.score.desc())
        )
        async with self._database.read() as connection:
            row = (await connection.execute(found.limit(1))).one_or_none()
            return None if row is None else _seen(row)

    async def wanted(self, kept: KeptSubscription, now: datetime, limit: int = 500) -> tuple[KnownDeal, ...]:
        """The newest deals that the subscription's channel was not told yet, within reach."""
        channel = kept.subscription.channel
        told = exists().where(
            marks.c.deal_id == deals.c.id,
            marks.c.platform == channel.platform,
            marks.c.workspace == channel.workspace,
            marks.c.channel == channel.id,
        )
        # A month may lie between two digests, or between a pause and its end: what came meanwhile is wanted.
        horizon = max(min(now, kept.since or kept.created) - REACH, kept.created - OVERLAP)
        chosen = _standing(channel).where(~told, deals.c.first_seen_at >= horizon)
        if kept.told_until:
            chosen = chosen.where(func.coalesce(deals.c.published_at, deals.c.first_seen_at) >= kept.told_until)
        async with self._database.read() as connection:
            return await _told(connection, chosen.order_by(deals.c.first_seen_at.desc()).limit(limit), channel)


def folded(text: str) -> str:
    """The words of a text in lower case with one space around each, as `deals.words` keeps them."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "


async def _told(
    connection: AsyncConnection, chosen: Select[int], channel: Channel | None = None
) -> tuple[KnownDeal, ...]:
    """The chosen deals in their order, each combined from the announcements that the channel's workspace reads."""
    ids = (await connection.scalars(chosen)).all()
    told = (
        select(entries.c.deal_id, entries.c.announcement, deals.c.first_seen_at, deals.c.follows)
        .join(deals, deals.c.id == entries.c.deal_id)
        .where(entries.c.deal_id.in_(ids), entries.c.announcement.is_not(None))
        .order_by(entries.c.deal_id)
    )
    if channel is not None:
        told = told.join(feeds, feeds.c.id == entries.c.feed_id).where(visible_to(channel))
    rows = (await connection.execute(told)).all()
    known = {deal: _known(deal, list(group)) for deal, group in groupby(rows, key=lambda row: row.deal_id)}
    return tuple(known[deal] for deal in ids if deal in known)


def _known(deal: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> KnownDeal:
    announcements = [decode(Announcement, row.announcement) for row in rows]
    return KnownDeal(deal, combine(announcements), rows[0].first_seen_at, rows[0].follows)


def _visible(channel: Channel) -> Select[int]:
    told = (
        exists()
        .where(entries.c.deal_id == deals.c.id, entries.c.announcement.is_not(None))
        .where(feeds.c.id == entries.c.feed_id, visible_to(channel))
    )
    return select(deals.c.id).where(deals.c.merged_into.is_(None), told)


def _standing(channel: Channel) -> Select[int]:
    """The visible ones, but for those of which somebody who manages the workspace said that they are no partnership."""
    denied = exists().where(
        remarks.c.deal_id == deals.c.id,
        remarks.c.kind == Remark.PARTNERSHIP,
        remarks.c.platform == channel.platform,
        remarks.c.workspace == channel.workspace,
    )
    return _visible(channel).where(~denied)


def _seen(row: Row[*tuple[Any, ...]]) -> SeenEntry:
    return SeenEntry(
        title=row.title,
        url=row.url,
        feed_title=row.feed_title,
        published=row.published_at,
        seen_at=row.seen_at,
        outcome=Outcome(row.outcome),
        score=row.score,
        reasons=tuple(Reason(text, weight) for text, weight in row.reasons),
        deal=row.deal_id,
    )

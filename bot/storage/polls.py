"""The write side of one poll: entries, deals, validators and the next poll are one transaction, or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.deals.merge import combine, party_keys
from bot.deals.model import Announcement, Deal, Judged, Rejected, Triage
from bot.feeds.keys import hash_key
from bot.feeds.model import Entry
from bot.storage.answers import record_success
from bot.storage.codec import decode, encode
from bot.storage.deals import folded
from bot.storage.engine import Database
from bot.storage.following import news_of, tell_followers
from bot.storage.model import DueFeed, FeedState, Outcome
from bot.storage.subscriptions import hasten
from bot.storage.tables import deal_parties, deals, entries, entry_keys, feeds
from bot.storage.uniting import unite


@dataclass(frozen=True, slots=True)
class Poll:
    """What one good answer brought: entries judged and passed over, and what is left behind about its feed.

    `left_out` counts the entries of a body beyond the most that are read; None where no body came.
    """

    feed: DueFeed
    state: FeedState
    triage: Triage
    passed_over: tuple[Entry, ...]
    now: datetime
    left_out: int | None = None


class PollStore:
    """Records what a poll brought. `news` is set when that was a new deal; whoever waits for it clears it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.news = asyncio.Event()

    async def record(
        self, feed: DueFeed, state: FeedState, triage: Triage, passed_over: Sequence[Entry], now: datetime
    ) -> None:
        """Write one poll: what was judged, what was too old to judge, the deals it makes, and the feed's state."""
        await self.record_all([Poll(feed, state, triage, tuple(passed_over), now)])

    async def record_all(self, polls: Sequence[Poll]) -> None:
        """Write these polls, each whole, in one transaction: a commit costs more than all that is in it."""
        if not polls:
            return
        rows: list[dict[str, object]] = []
        keys: list[dict[str, object]] = []
        is_news = any(poll.triage.new for poll in polls)
        async with self._database.write() as connection:
            for poll in polls:
                placed = await _place(connection, poll.triage, poll.now)
                await tell_followers(connection, poll.feed, news_of(poll.triage, placed), poll.now)
                rows += [_judged_row(poll.feed, judged, placed, poll.now) for judged in poll.triage.judged]
                rows += [_passed_row(poll.feed, entry, poll.now) for entry in poll.passed_over]
                seen = [*(judged.entry for judged in poll.triage.judged), *poll.passed_over]
                keys += _key_rows(poll.feed, seen)
            if rows:
                await connection.execute(insert(entries).on_conflict_do_nothing(), rows)
                await connection.execute(insert(entry_keys).on_conflict_do_nothing(), keys)
            await record_success(connection, [(poll.feed, poll.state, poll.now) for poll in polls])
            await _count_left_out(connection, polls)
            if is_news:
                await hasten(connection, polls[-1].now)
        if is_news:
            self.news.set()


async def _count_left_out(connection: AsyncConnection, polls: Sequence[Poll]) -> None:
    """Rarely anything: most feeds are short, and long ones stay as long as they were."""
    for poll in polls:
        if poll.left_out is not None and poll.left_out != poll.feed.left_out:
            changed = update(feeds).where(feeds.c.id == poll.feed.id).values(left_out=poll.left_out)
            await connection.execute(changed)


async def _place(connection: AsyncConnection, triage: Triage, now: datetime) -> dict[str, int]:
    """Write the deals; which deal each announcing entry belongs to."""
    placed: dict[str, int] = {}
    for new in triage.new:
        row = _deal_row(combine(new.announcements)) | {"first_seen_at": now, "follows": new.follows}
        deal = (await connection.execute(insert(deals).values(row).returning(deals.c.id))).scalar_one()
        await _index(connection, deal, combine(new.announcements))
        placed |= {announcement.entry: deal for announcement in new.announcements}
    for joined in triage.joined:
        placed[joined.announcement.entry] = joined.deal
    for united in triage.united:
        await unite(connection, united.deal, united.into)
        placed = {entry: united.into if deal == united.deal else deal for entry, deal in placed.items()}
    for deal in sorted({placed[joined.announcement.entry] for joined in triage.joined}):
        fresh = [each.announcement for each in triage.joined if placed[each.announcement.entry] == deal]
        await _retell(connection, deal, fresh)
    return placed


async def _retell(connection: AsyncConnection, deal: int, fresh: Sequence[Announcement]) -> None:
    told = select(entries.c.announcement).where(entries.c.deal_id == deal, entries.c.announcement.is_not(None))
    before = [decode(Announcement, text) for text in (await connection.scalars(told)).all()]
    whole = combine([*before, *fresh])
    await connection.execute(update(deals).where(deals.c.id == deal).values(_deal_row(whole)))
    await _index(connection, deal, whole)


async def _index(connection: AsyncConnection, deal: int, told: Deal) -> None:
    keys = {key for party in told.parties for key in party_keys(party)}
    await connection.execute(delete(deal_parties).where(deal_parties.c.deal_id == deal))
    if keys:
        await connection.execute(insert(deal_parties), [{"key": key, "deal_id": deal} for key in sorted(keys)])


def _deal_row(deal: Deal) -> dict[str, object]:
    return {
        "headline": deal.headline,
        "sector": deal.sector,
        "kind": deal.kind,
        "status": deal.status,
        "score": deal.score,
        "published_at": deal.published,
        "words": search_words(deal),
    }


def search_words(deal: Deal) -> str:
    """The deal's words folded, each between spaces, so that a whole word is found by a substring search."""
    texts = [deal.headline, *(party.name for party in deal.parties), *(fact.value for fact in deal.facts)]
    texts += [sentence.text for sentence in deal.summary] + [each.title for each in deal.announcements]
    return folded(" ".join(texts))


def _judged_row(feed: DueFeed, judged: Judged, placed: dict[str, int], now: datetime) -> dict[str, object]:
    verdict = judged.verdict
    announced = None if isinstance(verdict, Rejected) else encode(verdict)
    return _entry_row(feed, judged.entry, now) | {
        "outcome": Outcome.REJECTED if announced is None else Outcome.ANNOUNCEMENT,
        "score": verdict.score,
        "reasons": [[reason.text, reason.weight] for reason in verdict.reasons],
        "deal_id": placed.get(judged.entry.id),
        "announcement": announced,
    }


def _passed_row(feed: DueFeed, entry: Entry, now: datetime) -> dict[str, object]:
    return _entry_row(feed, entry, now) | {
        "outcome": Outcome.PASSED_OVER,
        "score": 0.0,
        "reasons": [],
        "deal_id": None,
        "announcement": None,
    }


def _entry_row(feed: DueFeed, entry: Entry, now: datetime) -> dict[str, object]:
    return {
        "id": entry.id,
        "feed_id": feed.id,
        "url": entry.url,
        "title": entry.title,
        "published_at": entry.published,
        "seen_at": now,
    }


def _key_rows(feed: DueFeed, seen: Sequence[Entry]) -> list[dict[str, object]]:
    return [{"feed_id": feed.id, "key": hash_key(key)} for entry in seen for key in entry.keys]

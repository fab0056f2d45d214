"""News in: due feeds → fetch → parse → triage → record."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random
from typing import assert_never

from bot.deals.merge import party_keys
from bot.deals.model import Announcement, Judged, Rejected
from bot.deals.triage import triage
from bot.errors import StorageError
from bot.feeds.answer import Fetched, FetchFailed, NotModified, Validators
from bot.feeds.cadence import next_poll
from bot.feeds.model import Entry, NotAFeed, ParsedFeed
from bot.logs import logger
from bot.storage import Storage
from bot.storage.model import DueFeed, FeedState
from bot.web.client import PAGES, Web
from bot.workers import Workers

log = logger(__name__)

BATCH = 64
"""How many feeds are claimed at once; the client bounds how many of them are asked at once."""

LATE = timedelta(days=14)
"""An entry that turns up later than this after its own date is old news, whenever its feed brings it."""

REACH = timedelta(days=400)
"""How far back a deal may lie to be told once more, widened or renewed."""

SHORT = 400
"""A body of fewer characters may hide what matters on its page."""

MOST_PAGES = 5
"""The most pages that are fetched for one feed at one poll."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How we poll. `first_days`: how old an entry may be at its feed's first poll and still become a deal."""

    interval: timedelta = timedelta(hours=1)
    first_days: timedelta = timedelta(days=3)


@dataclass(slots=True)
class PollReport:
    """What one round of polling brought, in counts."""

    read: int = 0
    unchanged: int = 0
    failed: int = 0
    entries: int = 0
    announcements: int = 0
    deals: int = 0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.read} feeds read, {self.unchanged} unchanged, {self.failed} failed; {self.entries} new entries, "
            f"{self.announcements} announcements, {self.deals} new deals"
        )


class Poller:
    """Turns what publishers answer into what we remember."""

    def __init__(self, web: Web, workers: Workers, storage: Storage, habits: Habits, random: Random) -> None:
        self._web = web
        self._workers = workers
        self._storage = storage
        self._habits = habits
        self._random = random
        # Two feeds may tell one new deal at the same moment: the second must see what the first one wrote.
        self._deciding = asyncio.Lock()

    async def poll_due(self, now: datetime) -> PollReport:
        """Ask every feed that is due, and record each one's answer as soon as it is there."""
        report = PollReport()
        while due := await self._storage.feeds.claim_due(now, BATCH):
            try:
                async with asyncio.TaskGroup() as group:
                    for feed in due:
                        group.create_task(self._poll(feed, now, report))
            except* StorageError as failed:
                raise failed.exceptions[0] from None  # the rest are the same: nothing can be written now
        return report

    async def _poll(self, feed: DueFeed, now: datetime, report: PollReport) -> None:
        """Ask one feed. The door behind which nothing of one feed can hurt another."""
        try:
            await self._absorb(feed, now, report)
        except StorageError:
            raise
        except Exception:
            log.exception("poll.fault", feed=feed.feed.url)
            failed = FetchFailed("Pactwire met a fault of its own while reading it; the log says more")
            await self._fail(feed, failed, now, report)

    async def _absorb(self, feed: DueFeed, now: datetime, report: PollReport) -> None:
        """Turn one answer of one feed into what we remember about it."""
        answer = await self._web.fetch(feed.feed.url, feed.validators)
        match answer:
            case Fetched():
                await self._take(feed, answer, now, report)
            case NotModified():
                report.unchanged += 1
                validators = _renewed(feed.validators, answer.validators)
                state = FeedState(self._next(now, wish=answer.wish), validators, feed.body_hash)
                await self._storage.feeds.record_unchanged(feed, state, now)
            case FetchFailed():
                await self._fail(feed, answer, now, report)
            case _:
                assert_never(answer)

    async def _take(self, feed: DueFeed, fetched: Fetched, now: datetime, report: PollReport) -> None:
        body_hash = blake2b(fetched.body, digest_size=16).hexdigest()
        if body_hash == feed.body_hash:
            report.unchanged += 1
            state = FeedState(self._next(now, wish=fetched.wish), fetched.validators, body_hash)
            return await self._storage.feeds.record_unchanged(feed, state, now)
        parsed = await self._workers.parse(fetched, feed.feed.url, now=now)
        match parsed:
            case ParsedFeed():
                wish = max(filter(None, (fetched.wish, parsed.wish)), default=None)
                at = self._next(now, wish=wish, quiet_hours=parsed.quiet_hours)
                await self._remember(feed, FeedState(at, fetched.validators, body_hash), parsed, now, report)
            case NotAFeed(reason):
                await self._fail(feed, FetchFailed(reason), now, report)
            case _:
                assert_never(parsed)
        return None

    async def _remember(
        self, feed: DueFeed, state: FeedState, parsed: ParsedFeed, now: datetime, report: PollReport
    ) -> None:
        """Read what we know, decide, write once."""
        fresh = await self._storage.deals.unknown(feed, parsed.entries)
        news = [entry for entry in fresh if self._is_news(feed, entry, now)]
        judged = await self._judge(feed, news)
        announced = [each.verdict for each in judged if isinstance(each.verdict, Announcement)]
        keys = {key for verdict in announced for party in verdict.parties for key in party_keys(party)}
        async with self._deciding:
            known = await self._storage.deals.related(keys, now - REACH) if keys else ()
            decided = triage(judged, known)
            passed_over = [entry for entry in fresh if entry not in news]
            await self._storage.polls.record(feed, state, decided, passed_over, now)
        report.read += 1
        report.entries += len(fresh)
        report.announcements += len(announced)
        report.deals += len(decided.new)
        log.info("poll.read", feed=feed.feed.title, entries=len(fresh), judged=len(judged), deals=len(decided.new))

    def _is_news(self, feed: DueFeed, entry: Entry, now: datetime) -> bool:
        """At a feed's first poll its backlog is no news, and what has no date cannot show that it is new."""
        if feed.first_read is None:
            return entry.published is not None and entry.published >= now - self._habits.first_days
        return entry.published is None or entry.published >= now - max(LATE, self._habits.first_days)

    async def _judge(self, feed: DueFeed, entries: Sequence[Entry]) -> tuple[Judged, ...]:
        """Recognise; where a short entry looks promising, read its page before the final word."""
        judged = await self._workers.judge(entries, feed.feed) if entries else ()
        short = [each.entry for each in judged if _hides_more(each)][:MOST_PAGES]
        fuller = [entry for entry in await asyncio.gather(*map(self._fuller, short)) if entry]
        if not fuller:
            return judged
        again = {each.entry.id: each for each in await self._workers.judge(fuller, feed.feed)}
        return tuple(again.get(each.entry.id, each) for each in judged)

    async def _fuller(self, entry: Entry) -> Entry | None:
        """The entry with its page's text for a body; None where the page gives no more than the feed."""
        page = await self._web.fetch(entry.url, accept=PAGES) if entry.url else None
        text = await self._workers.article(page) if isinstance(page, Fetched) else None
        return replace(entry, body=text) if text and len(text) > max(SHORT, len(entry.body)) else None

    async def _fail(self, feed: DueFeed, failed: FetchFailed, now: datetime, report: PollReport) -> None:
        at = self._next(now, failures=feed.failures + 1, retry_after=failed.retry_after)
        await self._storage.feeds.record_failure(feed, failed.reason, at, now)
        report.failed += 1
        report.failures.append(f"{feed.feed.title}: {failed.reason}")
        log.warning("poll.failed", feed=feed.feed.title, reason=failed.reason, next_poll=at.isoformat())

    def _next(
        self,
        now: datetime,
        *,
        wish: timedelta | None = None,
        quiet_hours: frozenset[int] = frozenset(),
        failures: int = 0,
        retry_after: timedelta | None = None,
    ) -> datetime:
        return next_poll(
            now=now,
            jitter=self._random.random(),
            wish=wish,
            quiet_hours=quiet_hours,
            failures=failures,
            retry_after=retry_after,
            interval=self._habits.interval,
        )


def _hides_more(judged: Judged) -> bool:
    if not judged.entry.url or len(judged.entry.body) >= SHORT:
        return False
    return not isinstance(judged.verdict, Rejected) or judged.verdict.promising


def _renewed(old: Validators, new: Validators) -> Validators:
    """A 304 replaces the validators that it carries (RFC 9110, 15.4.5)."""
    return Validators(new.etag or old.etag, new.last_modified or old.last_modified)

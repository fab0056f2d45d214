"""One feed's answer → what we remember. Rounds decide who is asked when; this decides what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random
from typing import assert_never

from bot.deals.merge import party_keys
from bot.deals.model import Announcement, Triage
from bot.deals.triage import triage
from bot.errors import StorageError
from bot.feeds.answer import Fetched, FetchFailed, NotModified, Postponed, Validators
from bot.feeds.cadence import DAY, SHORTEST, NextPoll, next_poll
from bot.feeds.keys import hash_key
from bot.feeds.links import gate_of
from bot.feeds.model import NotAFeed, Rhythm
from bot.feeds.moves import is_settled, sighted
from bot.logs import logger
from bot.poll.judging import news_of, with_pages
from bot.poll.known import KnownKeys
from bot.poll.ledger import Ledger
from bot.poll.outage import Outage
from bot.poll.report import Habits, PollReport
from bot.poll.rounds import Moment, Round
from bot.storage import Storage
from bot.storage.model import DueFeed, Failure, FeedState
from bot.storage.polls import Poll
from bot.web.client import Web
from bot.workers.child import WorkerError
from bot.workers.pool import ReadFeed, Workers

log = logger(__name__)

REACH = timedelta(days=400)
"""How far back a deal may lie to be told once more, widened or renewed."""

GONE = 410

SMALL = 1024 * 1024
ROOM = 64 * SMALL
"""Bodies larger than SMALL that wait to be parsed may take so much together."""


class Poller:
    """Turns what publishers answer into what we remember."""

    def __init__(self, web: Web, workers: Workers, storage: Storage, habits: Habits, random: Random) -> None:
        self._web = web
        self._workers = workers
        self._storage = storage
        self._habits = habits
        self._random = random
        self._ledger = Ledger(storage.polls)
        self._known = KnownKeys(storage.deals)
        self._outage = Outage(storage.outages)
        self._room = ROOM
        # Two feeds may tell one new deal at the same moment: the second must see what the first one wrote.
        self._deciding = asyncio.Lock()

    async def start(self, now: datetime) -> None:
        """To be called once, before the first round: after a long stop the feeds that are due are spread."""
        await self._storage.feeds.spread(now)
        await self._outage.recall()

    async def poll_due(self, now: datetime) -> PollReport:
        """Ask every feed that is due, and record each one's answer as soon as it is there.

        Raises StorageError where nothing can be written now; what was not recorded stays due.
        """
        report = PollReport()

        async def poll(feed: DueFeed, moment: Moment) -> None:
            await self._poll(feed, moment, report)

        await Round(self._storage.feeds, poll, self._ledger.turn).run(now)
        return report

    async def _poll(self, feed: DueFeed, moment: Moment, report: PollReport) -> None:
        """Ask one feed. The door behind which nothing of one feed can hurt another."""
        try:
            await self._absorb(feed, moment, report)
        except StorageError:
            raise
        except WorkerError as error:
            # Nothing was read for want of a child: that is ours. It stays leased, and is asked again after that.
            report.postponed += 1
            log.error("poll.no_worker", feed=feed.feed.url, reason=str(error))
        except Exception:
            log.exception("poll.fault", feed=feed.feed.url)
            failed = FetchFailed("Pactwire met a fault of its own while reading it; the log says more")
            await self._fail(feed, failed, moment(), report)

    async def _absorb(self, feed: DueFeed, moment: Moment, report: PollReport) -> None:
        """Turn one answer of one feed into what we remember about it."""
        answer = await self._web.fetch(feed.feed.url, feed.validators)
        now = moment()
        if not isinstance(answer, Postponed) and not (isinstance(answer, FetchFailed) and answer.is_unreached):
            await self._outage.heard(now)
        match answer:
            case Fetched():
                await self._take(feed, answer, now, report)
            case NotModified():
                report.unchanged += 1
                validators = _renewed(feed.validators, answer.validators)
                await self._ledger.add(Poll(feed, self._state(feed, answer, validators, now), Triage(), (), now))
            case FetchFailed():
                await self._fail(feed, answer, now, report)
            case Postponed(wait):
                await self._postpone(feed, wait, now, report)
            case _:
                assert_never(answer)

    async def _take(self, feed: DueFeed, fetched: Fetched, now: datetime, report: PollReport) -> None:
        body_hash = blake2b(fetched.body, digest_size=16).hexdigest()
        if body_hash == feed.body_hash:
            report.unchanged += 1
            await self._ledger.add(Poll(feed, self._state(feed, fetched, fetched.validators, now), Triage(), (), now))
            return await self._settle(feed, fetched, now)
        with self._hold(len(fetched.body)) as has_room:
            if not has_room:
                return await self._postpone(feed, SHORTEST, now, report)
            # What was never read has nothing that is known.
            known = await self._known.of(feed.id) if feed.first_read else frozenset[str]()
            news = news_of(feed, self._habits.first_days, now)
            read = await self._workers.read(
                fetched, feed.feed, news, now=now, known=known, is_doubtful=feed.failures > 0
            )
        match read:
            case ReadFeed():
                kept_hash = feed.body_hash if fetched.is_part else body_hash
                state = self._state(feed, fetched, fetched.validators, now, read.parsed.rhythm, kept_hash)
                await self._remember(feed, state, read, known, now, report)
                await self._settle(feed, fetched, now)
            case NotAFeed(reason):
                await self._fail(feed, FetchFailed(reason), now, report)
            case _:
                assert_never(read)
        return None

    async def _remember(
        self,
        feed: DueFeed,
        state: FeedState,
        read: ReadFeed,
        known_keys: frozenset[str],
        now: datetime,
        report: PollReport,
    ) -> None:
        """Read what we know, decide, write once."""
        # The child has left out what is known; what it says is not to be trusted, so it is looked at once more.
        fresh = [entry for entry in read.parsed.entries if known_keys.isdisjoint(map(hash_key, entry.keys))]
        if fresh and feed.is_told(now) and feed.asked and feed.told_at and feed.told_at <= feed.asked:
            await self._storage.leases.missed(feed.id)
        offered = {entry.id for entry in fresh}
        news = [each for each in read.judged if each.entry.id in offered]
        judged = await with_pages(news, feed.feed, self._web, self._workers)
        announced = [each.verdict for each in judged if isinstance(each.verdict, Announcement)]
        keys = {key for verdict in announced for party in verdict.parties for key in party_keys(party)}
        async with self._deciding:
            known = await self._storage.deals.related(keys, now - REACH) if keys else ()
            decided = triage(judged, known)
            taken = {each.entry.id for each in judged}
            passed_over = tuple(entry for entry in fresh if entry.id not in taken)
            poll = Poll(feed, state, decided, passed_over, now, read.parsed.dropped)
            # What the next feed may tell as well has to stand in the database before that is decided.
            await (self._storage.polls.record_all([poll]) if announced else self._ledger.add(poll))
        report.read += 1
        report.entries += len(fresh)
        report.announcements += len(announced)
        report.deals += len(decided.new)
        log.info("poll.read", feed=feed.feed.title, entries=len(fresh), judged=len(judged), deals=len(decided.new))

    async def _settle(self, feed: DueFeed, fetched: Fetched, now: datetime) -> None:
        """Where a feed that can be read has long been somewhere else for good, that is its address."""
        move = sighted(feed.move, fetched.moved, now)
        if move and is_settled(move, now):
            await self._ledger.turn()
            await self._storage.feeds.adopt(feed, move.to, now)
            log.info("poll.moved", feed=feed.feed.title, to=move.to)

    async def _postpone(self, feed: DueFeed, wait: timedelta, now: datetime, report: PollReport) -> None:
        """Ask again soon: that we had no room, or were told to wait, says nothing about the feed."""
        report.postponed += 1
        await self._storage.feeds.postpone([feed.id], now + wait * (1 + self._random.random() / 10))

    async def _fail(self, feed: DueFeed, failed: FetchFailed, now: datetime, report: PollReport) -> None:
        is_ours = failed.is_unreached and await self._outage.unreached(gate_of(feed.feed.url), now)
        failures = feed.failures + (0 if is_ours else 1)
        following = self._next(now, feed.rhythm, failures=failures, retry_after=failed.retry_after)
        is_gone = failed.status == GONE
        stops = is_gone and feed.gone_since is not None and now - feed.gone_since >= DAY
        failure = Failure(failed.reason, following.at, following.why, is_gone=is_gone, stops=stops, is_ours=is_ours)
        await self._storage.feeds.record_failure(feed, failure, now)
        report.tell_failure(f"{feed.feed.title}: {failed.reason}")
        log.warning("poll.failed", feed=feed.feed.title, reason=failed.reason, next_poll=following.at.isoformat())

    def _state(
        self,
        feed: DueFeed,
        answer: Fetched | NotModified,
        validators: Validators,
        now: datetime,
        rhythm: Rhythm | None = None,
        body_hash: str | None = None,
    ) -> FeedState:
        """What a good answer leaves behind. Without a new body, the feed's own wishes are those it told last."""
        rhythm = rhythm or feed.rhythm
        following = self._next(now, rhythm, wish=answer.wish, is_told=feed.is_told(now))
        move = sighted(feed.move, answer.moved, now)
        return FeedState(following.at, validators, body_hash or feed.body_hash, following.why, rhythm, move)

    def _next(
        self,
        now: datetime,
        rhythm: Rhythm,
        *,
        wish: timedelta | None = None,
        failures: int = 0,
        retry_after: timedelta | None = None,
        is_told: bool = False,
    ) -> NextPoll:
        return next_poll(
            now=now,
            jitter=self._random.random(),
            wish=wish,
            rhythm=rhythm,
            failures=failures,
            retry_after=retry_after,
            interval=self._habits.interval,
            is_told=is_told,
        )

    @contextmanager
    def _hold(self, size: int) -> Iterator[bool]:
        """Whether there is room for one more large body; it is held until the block ends."""
        held = size if size > SMALL else 0
        has_room = held <= self._room
        self._room -= held if has_room else 0
        try:
            yield has_room
        finally:
            self._room += held if has_room else 0


def _renewed(old: Validators, new: Validators) -> Validators:
    """A 304 replaces the validators that it carries (RFC 9110, 15.4.5)."""
    return Validators(new.etag or old.etag, new.last_modified or old.last_modified)

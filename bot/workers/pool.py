"""The workers: as many children as wanted, started when first needed, replaced when they die or grow old."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.deals.model import Judged, Reason, Rejected, Verdict
from bot.feeds.answer import Fetched
from bot.feeds.discover import About, candidates
from bot.feeds.model import Entry, Feed, News, NotAFeed, ParsedFeed
from bot.feeds.opml import FeedList
from bot.workers.child import Child, WorkerError, WorkLimits
from bot.workers.jobs import AboutJob, ArticleJob, Done, Failed, Job, JudgeJob, ListJob, Outcome, ParseJob, ReadJob
from bot.workers.turns import Turns, rank_of

MIB = 1024 * 1024
_JOBS_PER_CHILD = 2_000
_BATCH = 20


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """What a body says, and the verdicts on those of its entries that are news."""

    parsed: ParsedFeed
    judged: tuple[Judged, ...]


class Workers:
    """Reads what publishers sent, where it can hurt nobody.

    Each job may use `memory` bytes of address space, `cpu` seconds of computing and `wall` seconds in all. Loading
    everything that the jobs need (feedparser, lxml, trafilatura, nupunkt, py3langid with numpy) takes 250 MiB of
    address space on 64-bit Linux, so `memory` under 320 MiB leaves too little. A job that goes over is killed and told
    as a value; nothing is raised for what a text does. WorkerError is raised where children cannot run at all.
    """

    def __init__(self, count: int = 1, *, memory: int = 512 * MIB, cpu: float = 5.0, wall: float = 10.0) -> None:
        self._limits = WorkLimits(memory, cpu, wall)
        self._places = Turns[Child | None]()
        for _ in range(count):
            self._places.put(None)
        self._children: set[Child] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for child in self._children:
            await child.end()
        self._children.clear()

    async def parse(
        self,
        fetched: Fetched,
        feed_url: str,
        *,
        now: datetime | None = None,
        known: frozenset[str] = frozenset(),
        since: datetime | None = None,
        is_doubtful: bool = False,
    ) -> ParsedFeed | NotAFeed:
        """The entries of a fetched feed but those `known`, with bodies `since` then; see bot.feeds.parse.

        Where there are more bodies than workers, small ones go first, and those of a feed `is_doubtful` last.
        """
        job = ParseJob(fetched.body, fetched.content_type, feed_url, fetched.url, now, known, since, fetched.links)
        (outcome,) = await self._do(job, rank_of(len(fetched.body), is_doubtful=is_doubtful))
        return _parsed(outcome)

    async def read(
        self,
        fetched: Fetched,
        feed: Feed,
        news: News,
        *,
        now: datetime,
        known: frozenset[str] = frozenset(),
        is_doubtful: bool = False,
    ) -> ReadFeed | NotAFeed:
        """`parse`, and `judge` those of its entries that are `news`, in one visit to a child."""
        parse = ParseJob(
            fetched.body, fetched.content_type, feed.url, fetched.url, now, known, news.since, fetched.links
        )
        rank = rank_of(len(fetched.body), is_doubtful=is_doubtful)
        first, *later = await self._do(ReadJob(parse, feed, news, _BATCH), rank)
        parsed = _parsed(first)
        if isinstance(parsed, NotAFeed):
            return parsed
        entries = tuple(filter(news.holds, parsed.entries))
        batch, rest = entries[:_BATCH], entries[_BATCH:]
        verdicts = await self._verdicts(batch, feed, later[0])
        return ReadFeed(parsed, (*map(Judged, batch, verdicts), *await self.judge(rest, feed)))

    async def judge(self, entries: Sequence[Entry], feed: Feed) -> tuple[Judged, ...]:
        """Each entry with its verdict, in order. One that goes over the limits is rejected, and harms no other."""
        judged: list[Judged] = []
        for start in range(0, len(entries), _BATCH):
            batch = tuple(entries[start : start + _BATCH])
            (outcome,) = await self._do(JudgeJob(batch, feed))
            judged += map(Judged, batch, await self._verdicts(batch, feed, outcome))
        return tuple(judged)

    async def article(self, fetched: Fetched) -> str | None:
        """The text of the article on a fetched page; None where there is none, or it cannot be read."""
        (outcome,) = await self._do(ArticleJob(fetched.body, fetched.content_type))
        found: str | None = None if isinstance(outcome, Failed) else outcome.answer
        return found

    async def about(self, fetched: Fetched) -> About:
        """The title of a fetched page and where its feed may be; a page that cannot be read has only usual places."""
        (outcome,) = await self._do(AboutJob(fetched.body, fetched.content_type, fetched.url))
        found: About = About("", candidates(b"", "", fetched.url)) if isinstance(outcome, Failed) else outcome.answer
        return found

    async def outlines(self, fetched: Fetched) -> FeedList | NotAFeed:
        """The feeds of a fetched list of feeds."""
        (outcome,) = await self._do(ListJob(fetched.body, fetched.content_type))
        if isinstance(outcome, Failed):
            return NotAFeed(f"It could not be read {outcome.reason}")
        found: FeedList | NotAFeed = outcome.answer
        return found

    async def _verdicts(self, batch: Sequence[Entry], feed: Feed, outcome: Outcome) -> tuple[Verdict, ...]:
        """Those that were found for the batch; where that failed, each entry's own."""
        if isinstance(outcome, Done) and len(outcome.answer) == len(batch):
            verdicts: tuple[Verdict, ...] = outcome.answer
            return verdicts
        if len(batch) > 1:
            return tuple([each.verdict for entry in batch for each in await self.judge((entry,), feed)])
        reason = outcome.reason if isinstance(outcome, Failed) else "within our limits"
        return (Rejected(0.0, (Reason(f"It could not be read {reason}", 0.0),)),)

    async def _do(self, job: Job, rank: int = 0) -> list[Outcome]:
        """What the job came to, when its turn has come. Raises WorkerError where a fresh child cannot even begin."""
        try:
            return await self._try(job, rank)
        except WorkerError:
            # The child may have been killed from outside while it had nothing to do; a new one gets a chance.
            return await self._try(job, rank)

    async def _try(self, job: Job, rank: int) -> list[Outcome]:
        async with self._child(rank) as child:
            return await child.do(job)

    @asynccontextmanager
    async def _child(self, rank: int) -> AsyncIterator[Child]:
        """A child of one's own for one job; it goes back to its place if it is fit for another."""
        child = await self._places.get(rank)
        try:
            if child is None:
                child = await Child.start(self._limits)
                self._children.add(child)
            yield child
        finally:
            is_fit = child is not None and child.is_alive and child.jobs_done < _JOBS_PER_CHILD
            self._places.put(child if is_fit else None)
            if child is not None and not is_fit:
                self._children.discard(child)
                await child.end()


def _parsed(outcome: Outcome) -> ParsedFeed | NotAFeed:
    if isinstance(outcome, Failed):
        return NotAFeed(f"It could not be read {outcome.reason}")
    found: ParsedFeed | NotAFeed = outcome.answer
    return found

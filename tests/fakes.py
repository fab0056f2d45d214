"""Small stand-ins for what lies outside: publishers that answer by a script, and a chat that remembers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.deals.model import Judged
from bot.deals.recognise import recognise
from bot.digests.message import Message
from bot.digests.model import Channel
from bot.feeds.answer import Answer, Fetched, FetchFailed, NotModified, Validators
from bot.feeds.model import Entry, Feed, News, NotAFeed, ParsedFeed
from bot.feeds.parse import parse
from bot.platforms.base import FindOutcome, Found, NotFound, Posted, PostOutcome
from bot.web.server import Page
from bot.workers.pool import ReadFeed


@dataclass
class ScriptedWeb:
    """Answers from `pages`, with the page's length for an ETag."""

    pages: Mapping[str, Page]

    async def fetch(self, url: str, validators: Validators | None = None, *, accept: str = "") -> Answer:
        page = self.pages.get(url)
        if page is None:
            return FetchFailed("HTTP 404: nothing stands there", 404)
        current = Validators(f'"{len(page.body)}"')
        return NotModified(current) if validators == current else Fetched(url, page.body, page.content_type, current)


class InlineWorkers:
    """Does in this process what the real ones do in children."""

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
        kind, links = fetched.content_type, fetched.links
        return parse(fetched.body, feed_url=feed_url, content_type=kind, now=now, known=known, since=since, links=links)

    async def judge(self, entries: Sequence[Entry], feed: Feed) -> tuple[Judged, ...]:
        return tuple(Judged(entry, recognise(entry, feed)) for entry in entries)

    async def read(
        self, fetched: Fetched, feed: Feed, news: News, *, now: datetime, **more: Any
    ) -> ReadFeed | NotAFeed:
        parsed = await self.parse(fetched, feed.url, now=now, since=news.since, **more)
        if isinstance(parsed, NotAFeed):
            return parsed
        return ReadFeed(parsed, await self.judge(tuple(filter(news.holds, parsed.entries)), feed))

    async def article(self, fetched: Fetched) -> str | None:
        return None


@dataclass
class RecordingPlatform:
    """A chat whose history can be read. `answer`, when set, decides each post before the chat takes it."""

    name: str = "terminal"
    posted: list[tuple[Channel, str, str]] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)
    answer: Callable[[int], PostOutcome | None] | None = None
    size: int = 100

    def split(self, message: Message) -> tuple[Message, ...]:
        pieces = [message.blocks[at : at + self.size] for at in range(0, len(message.blocks), self.size)] or [()]
        return tuple(Message(message.title, piece, deals=message.deals) for piece in pieces)

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        refused = self.answer(len(self.posted)) if self.answer else None
        if refused is None:
            self.posted.append((channel, part.title, key))
        return refused or Posted(str(len(self.posted)))

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        self.notices.append((workspace, message.title))
        return True

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        return Found("found") if key in {posted for _, _, posted in self.posted} else NotFound()

    def time(self) -> datetime | None:
        return None

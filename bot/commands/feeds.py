"""Which feeds are read: feeds list, add, remove, check, import, export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil

from bot.commands.checking import Checked, check_feeds, check_report, newest
from bot.commands.discovery import FoundFeed, NothingFound, find_feed
from bot.commands.exchange import Exchange
from bot.commands.health import following, state, suggestions
from bot.commands.pace import Pace
from bot.commands.rights import Clock
from bot.digests.compose import covered
from bot.digests.message import Message, Table, Text
from bot.digests.moments import day
from bot.errors import UserError
from bot.feeds.answer import FetchFailed, NotModified
from bot.feeds.links import canonical, host_of
from bot.feeds.model import Feed, ParsedFeed, Register, Sector
from bot.platforms.base import Command, Option, Request
from bot.storage.feeds import FeedStore
from bot.storage.model import Added, KeptFeed, Origin
from bot.suggest import did_you_mean
from bot.web.client import Web
from bot.workers.pool import Workers

MOST_ADDED = 50
"""Feeds that one workspace may add to those it is given."""

ADDS_AN_HOUR = 10
"""How often one person may make us search for a feed."""

CHECK_PAUSE = timedelta(minutes=15)
"""However often people ask, no feed is asked by `feeds check` sooner than this after it was asked last."""

EXAMPLES = 3


class Feeds:
    """The commands of this family."""

    def __init__(self, feeds: FeedStore, web: Web, workers: Workers, clock: Clock, root: str) -> None:
        self._feeds = feeds
        self._web = web
        self._workers = workers
        self._clock = clock
        self._root = root
        self._pace = Pace(ADDS_AN_HOUR, timedelta(hours=1))
        self._checked: dict[str, tuple[datetime, Checked]] = {}
        self._exchange = Exchange(feeds, web, workers, clock, root, most=MOST_ADDED, admit=self._require_patience)

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("feeds list", "The feeds that are read, and how they answer", self._list, examples=("feeds list",)),
            Command(
                "feeds add",
                "Read one more feed; a site's address is enough",
                self._add,
                _add_options(),
                manages=True,
                examples=(
                    "feeds add https://example.com/news/feed",
                    'feeds add example.com owner:"Acme Health" sector:health_system',
                ),
            ),
            Command(
                "feeds remove",
                "Stop reading a feed here",
                self._remove,
                (Option("feed", "its number, title or address", required=True, rest=True, complete=self._titles),),
                manages=True,
                examples=("feeds remove 12", "feeds remove Example News"),
            ),
            Command(
                "feeds check",
                "Ask every feed now whether it can be read",
                self._check,
                manages=True,
                examples=("feeds check",),
            ),
            *self._exchange.commands(),
        )

    async def _list(self, request: Request) -> Message:
        kept = await self._feeds.list(request.channel)
        now = self._clock()
        rows = tuple(
            (str(each.id), each.feed.title, str(each.deals), state(each, now), following(each, now)) for each in kept
        )
        coverage = await self._feeds.coverage(request.channel)
        return Message(
            f"{len(kept)} feeds" if kept else "No feeds yet",
            (Table(rows, ("no.", "feed", "deals", "state", "next")),) if kept else (),
            aside=covered(coverage) if kept else None,
            footer=tuple(suggestions(kept, now, self._root)),
            next_step=f"/{self._root} feeds {'check' if coverage.failing else 'add <address>'}",
        )

    async def _add(self, request: Request) -> Message:
        await self._require_room(request)
        self._require_patience(request)
        typed = request.text("address") or ""
        if known := await self._feeds.find(canonical(typed) or ""):
            return await self._add_known(request, known)
        found = await find_feed(typed, self._web, self._workers)
        if isinstance(found, NothingFound):
            raise UserError(
                f"{found.reason} If you know the feed's own address, try /{self._root} feeds add <address>."
            )
        added = await self._feeds.add(request.channel, _feed(found, request), self._clock())
        self._web.hand_over(added.kept.feed.url, found.answer)
        return Message(
            _done(added),
            (Table(tuple(_findings(found, added.kept))), *_headlines(found.parsed)),
            footer=tuple(f"the site has another feed: {url}" for url in found.others[:EXAMPLES]),
            next_step=f"/{self._root} latest",
        )

    async def _add_known(self, request: Request, known: Feed) -> Message:
        """A feed that is read for others, or was, need not be asked to be added."""
        now = self._clock()
        added = await self._feeds.add(request.channel, known, now)
        rows = (
            ("Number", str(added.kept.id)),
            ("Address", known.url),
            ("State", state(added.kept, now)),
            ("Next", following(added.kept, now)),
        )
        return Message(_done(added), (Table(rows),), next_step=f"/{self._root} latest")

    async def _remove(self, request: Request) -> Message:
        kept = _meant(request.text("feed") or "", await self._feeds.list(request.channel), self._root)
        await self._feeds.remove(request.channel, kept.id, self._clock())
        return Message(
            f"No longer read here: {kept.feed.title}",
            (Text("Deals it announced stay known, so none of them will be announced twice."),),
            next_step=f"/{self._root} feeds add {kept.feed.url}",
        )

    async def _check(self, request: Request) -> Message:
        kept = await self._feeds.list(request.channel)
        if not kept:
            raise UserError(f"There are no feeds to check. /{self._root} feeds add <address> adds one.")
        now = self._clock()
        self._checked = {url: told for url, told in self._checked.items() if now - told[0] < CHECK_PAUSE}
        told = {each.feed.url: polled for each in kept if (polled := _polled(each, now))}
        told |= {url: checked for url, (_, checked) in self._checked.items()}
        fresh = [(each.feed, each.validators) for each in kept if each.feed.url not in told]
        for result in await check_feeds(fresh, self._web, self._workers):
            self._checked[result.feed.url] = (now, result)
            told[result.feed.url] = result
        report = check_report([told[each.feed.url] for each in kept])
        again = len(kept) - len(fresh)
        note = f"{again} were asked within the last 15 minutes and were left in peace" if again else None
        return Message(report.title, report.blocks, footer=(note,) if note else ())

    async def _require_room(self, request: Request) -> None:
        added = [each for each in await self._feeds.list(request.channel) if each.origin is Origin.COMMAND]
        if len(added) >= MOST_ADDED:
            raise UserError(
                f"{MOST_ADDED} feeds were added here, and that is the most. /{self._root} feeds remove <feed>"
            )

    def _require_patience(self, request: Request) -> None:
        wait = self._pace.wait(f"{request.channel.platform}/{request.channel.workspace}/{request.user}", self._clock())
        if wait is not None:
            minutes = ceil(wait.total_seconds() / 60)
            raise UserError(
                f"That is {ADDS_AN_HOUR} searches for feeds within an hour. Try again in {minutes} minutes."
            )

    async def _titles(self, request: Request, typed: str) -> Sequence[str]:
        kept = await self._feeds.list(request.channel)
        return [each.feed.title for each in kept if typed.casefold() in each.feed.title.casefold()]


def _add_options() -> tuple[Option, ...]:
    return (
        Option("address", "the feed's address, or its site's", required=True),
        Option("title", "what to call it, if not by its own title"),
        Option("owner", "the organisation it belongs to, which is the “we” in it"),
        Option("sector", "that organisation's field", choices=tuple(Sector)),
        Option("register", "how it speaks", choices=tuple(Register)),
    )


def _feed(found: FoundFeed, request: Request) -> Feed:
    owner, sector, register = request.text("owner"), request.text("sector"), request.text("register")
    usual = Register.VENDOR_BLOG if owner else Register.TRADE_NEWS
    return Feed(
        url=found.url,
        title=request.text("title") or found.parsed.title or host_of(found.url),
        site=found.parsed.site,
        owner=owner,
        sector=Sector(sector) if sector else None,
        register=Register(register) if register else usual,
    )


def _polled(kept: KeptFeed, now: datetime) -> Checked | None:
    """What the feed answered when it was polled, where that was a moment ago."""
    if kept.asked is None or now - kept.asked >= CHECK_PAUSE or not (kept.last_success or kept.failing_since):
        return None
    answer = FetchFailed(kept.last_error or "no answer") if kept.failing_since else NotModified()
    return Checked(kept.feed, answer, 0.0)


def _findings(found: FoundFeed, kept: KeptFeed) -> Iterator[tuple[str, str]]:
    latest = newest(found.parsed)
    yield ("Number", str(kept.id))
    yield ("Address", kept.feed.url)
    yield ("Format", found.parsed.format)
    yield ("Entries", str(len(found.parsed.entries)) if found.parsed.entries else "none at this moment")
    yield ("Newest", day(latest) if latest else "undated")
    if found.parsed.fault:
        yield ("Fault", found.parsed.fault)


def _done(added: Added) -> str:
    return f"{'On the list already' if added.already else 'Added'}: {added.kept.feed.title}"


def _headlines(parsed: ParsedFeed) -> Iterator[Text]:
    for entry in parsed.entries[:EXAMPLES]:
        yield Text(f"· {entry.title}", quiet=True)


def _meant(said: str, kept: Sequence[KeptFeed], root: str) -> KeptFeed:
    """The one feed with this number, address or title, or the only one whose title holds these words."""
    url, words = canonical(said), said.casefold()
    exact = [each for each in kept if words in (str(each.id), f"#{each.id}", each.feed.title.casefold())]
    exact = exact or [each for each in kept if url is not None and canonical(each.feed.url) == url]
    fitting = exact or [each for each in kept if words and words in each.feed.title.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(f"{each.id} {each.feed.title}" for each in fitting[:5])
        raise UserError(f"“{said}” fits {len(fitting)} feeds: {names}. Give the number.")
    hint = did_you_mean(said, (each.feed.title for each in kept))
    raise UserError(f"No feed here is called “{said}”.{hint} /{root} feeds list shows their numbers.")

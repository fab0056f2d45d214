"""How the bot is doing: status."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.commands.deliveries import Deliveries
from bot.commands.health import following, overdue
from bot.commands.rights import Clock
from bot.digests.compose import NAMED_FAILING, covered
from bot.digests.message import Block, Heading, Message, Table
from bot.digests.model import Coverage
from bot.digests.moments import ago, moment
from bot.digests.spelling import describe
from bot.feeds.entries import MOST
from bot.platforms.base import Command, Request
from bot.storage import Storage
from bot.storage.model import KeptFeed, KeptSubscription, Overview


def operations(storage: Storage, clock: Clock, root: str) -> tuple[Command, ...]:
    """The commands of this family."""
    run = partial(_status, storage, clock, root)
    status = Command("status", "Whether feeds are read and digests arrive", run, examples=("status",))
    return (status, *Deliveries(storage, clock, root).commands())


async def _status(storage: Storage, clock: Clock, root: str, request: Request) -> Message:
    now = clock()
    feeds = await storage.feeds.list(request.channel)
    coverage = await storage.feeds.coverage(request.channel)
    overview = await storage.standing.overview(request.channel, now)
    kept = await storage.subscriptions.get(request.channel)
    waiting, alone = overdue(feeds, now), await storage.outages.since()
    troubles = [*(["no network"] if alone else []), *_troubles(coverage, overview, len(waiting))]
    reading = (*_network(alone, now), *_reading(feeds, coverage, now), *_waiting(waiting, now))
    return Message(
        f"To be looked at: {', '.join(troubles)}" if troubles else _calm(feeds),
        (Table((*reading, *_digests(kept, overview, now))), *_failing(coverage, now)),
        next_step=_next_step(kept, coverage, overview, root),
    )


def _calm(feeds: tuple[KeptFeed, ...]) -> str:
    """Nothing is wrong; but before anything was read, nobody can say that all is well."""
    if not feeds:
        return "No feeds yet"
    is_read = any(each.last_success for each in feeds)
    return (
        "All is well" if is_read else "Nothing was read yet: the feeds are asked in the first minutes after the start"
    )


def _troubles(coverage: Coverage, overview: Overview, waiting: int) -> list[str]:
    counted = (
        (waiting, "feed that nobody asks", "feeds that nobody asks"),
        (len(coverage.failing), "feed that cannot be read", "feeds that cannot be read"),
        (overview.uncertain, "digest that may not have arrived", "digests that may not have arrived"),
        (overview.dead, "digest that could not be delivered", "digests that could not be delivered"),
        (overview.paused, "channel that is paused", "channels that are paused"),
        (overview.late, "digest that is late", "digests that are late"),
    )
    return [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]


def _reading(feeds: tuple[KeptFeed, ...], coverage: Coverage, now: datetime) -> Iterator[tuple[str, str]]:
    last = max((each.last_success for each in feeds if each.last_success), default=None)
    yield ("Feeds", f"{covered(coverage)}, last {ago(last, now)}" if last else covered(coverage))
    if upcoming := sorted((each.next_poll, each.id, each) for each in feeds if each.next_poll):
        yield ("Next", f"{upcoming[0][2].feed.title}, {following(upcoming[0][2], now)}")
    yield (
        "Entries",
        f"{sum(each.entries for each in feeds):,} seen, {sum(each.deals for each in feeds):,} announce deals",
    )
    if left_out := sum(each.left_out for each in feeds):
        yield ("Left out", f"{left_out:,} entries beyond the newest {MOST} of a feed")


def _network(since: datetime | None, now: datetime) -> Iterator[tuple[str, str]]:
    """Where nobody can be reached, no feed is to blame."""
    if since:
        yield ("Network", f"not one site could be reached since {ago(since, now)}: it seems to be down here")


def _waiting(late: tuple[KeptFeed, ...], now: datetime) -> Iterator[tuple[str, str]]:
    """Nobody notices by itself that fetching has ended."""
    if late and late[0].next_poll:
        first = ago(late[0].next_poll, now)
        yield ("Not asked", f"{len(late)}, the first was due {first}: does the bot run, and what does its log say?")


def _digests(kept: KeptSubscription | None, overview: Overview, now: datetime) -> Iterator[tuple[str, str]]:
    if kept is None:
        yield ("Digests", "none: this channel is not subscribed")
    elif kept.paused_at:
        yield ("Digests", f"paused {ago(kept.paused_at, now)}: {kept.paused_reason}")
    else:
        zone = ZoneInfo(kept.subscription.timetable.zone)
        yield ("Digests", f"{describe(kept.subscription.timetable)}; next {moment(kept.next_due, now, zone)}")
    yield ("Last sent", ago(overview.last_sent, now) if overview.last_sent else "nothing yet")
    yield (
        "On the way",
        f"{overview.pending}, {overview.late} of them late" if overview.late else str(overview.pending),
    )
    if overview.uncertain:
        yield (
            "Uncertain",
            f"{overview.uncertain}; never sent again blindly, so look whether they stand in the channel",
        )
    if overview.dead:
        yield ("Given up", str(overview.dead))
    if overview.skipped:
        yield ("Skipped", f"{overview.skipped} in the last days: too late to be sent; their deals wait for the next")


def _failing(coverage: Coverage, now: datetime) -> Iterator[Block]:
    failing = sorted(coverage.failing, key=lambda feed: feed.since)
    if failing:
        yield Heading("NOT READ")
        named = failing[:NAMED_FAILING]
        rows = tuple((feed.title, ago(feed.since, now), feed.reason) for feed in named)
        rest = len(failing) - len(named)
        yield Table((*rows, *(((f"and {rest} more", "", ""),) if rest else ())), ("feed", "first failed", "because"))


def _next_step(kept: KeptSubscription | None, coverage: Coverage, overview: Overview, root: str) -> str | None:
    if kept and kept.paused_at:
        return f"/{root} resume"
    if overview.uncertain or overview.dead or overview.late or overview.paused:
        return f"/{root} deliveries list"
    if not coverage.total:
        return f"/{root} feeds add <address>"
    if coverage.failing:
        return f"/{root} feeds check"
    return None if kept else f"/{root} subscribe"

"""The composition root: builds every part, owns every lifetime, and is the only reader of the clock."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot import __version__
from bot.commands import build_commands
from bot.commands.checking import Checked, check_feeds, check_report
from bot.config import Config, Digests, Feeds, FeedTable, Pactwire, Polling
from bot.deliver import Deliverer
from bot.digests.model import Subscription, Timetable, Topics
from bot.digests.spelling import parse_days
from bot.digests.timetable import next_slot
from bot.errors import PactwireError
from bot.feeds.model import Feed
from bot.feeds.pack import load_pack
from bot.logs import logger
from bot.platforms.base import Command, Request
from bot.platforms.spoken import parse
from bot.platforms.terminal.client import CHANNEL, Terminal, wants_colour
from bot.platforms.terminal.prompt import USER, prompt
from bot.poll import Habits, Poller, PollReport
from bot.schedule import Schedule, Tick
from bot.storage import Storage, open_storage
from bot.storage.model import KeptSubscription, Origin
from bot.tour.samples import HOST, samples
from bot.web.client import Web
from bot.web.names import PinnedNames
from bot.web.server import LocalServer, Page
from bot.workers import Workers

log = logger(__name__)

POLL_TICK = timedelta(seconds=30)
DELIVER_TICK = timedelta(seconds=10)
GRACE = 8.0
"""Seconds that work under way is given to end when we are told to stop; a service manager kills after 10."""

TOUR_DATABASE = Path("data/tour.db")


def utc_now() -> datetime:
    """The clock: aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class App:
    """Every part, built and open."""

    config: Config
    storage: Storage
    web: Web
    workers: Workers
    poller: Poller
    deliverer: Deliverer
    terminal: Terminal
    commands: Sequence[Command]


@asynccontextmanager
async def open_app(config: Config, hosts: Mapping[str, tuple[str, int]] | None = None) -> AsyncIterator[App]:
    """Open what the configuration describes, and close it all however the block ends.

    `hosts` are names answered without DNS. Raises StorageError when the database cannot be used.
    """
    async with AsyncExitStack() as stack:
        storage = await stack.enter_async_context(open_storage(config.pactwire.database))
        web = await stack.enter_async_context(open_web(config.polling, hosts))
        workers = await stack.enter_async_context(Workers(config.polling.workers))
        terminal = Terminal(sys.stdout, colour=wants_colour(sys.stdout))
        habits = Habits(
            timedelta(minutes=config.polling.interval_minutes), timedelta(days=config.polling.first_poll_days)
        )
        root = config.pactwire.root_command
        yield App(
            config=config,
            storage=storage,
            web=web,
            workers=workers,
            poller=Poller(web, workers, storage, habits, Random()),
            deliverer=Deliverer(storage, {terminal.name: terminal}, root),
            terminal=terminal,
            commands=build_commands(
                storage=storage,
                web=web,
                workers=workers,
                clock=utc_now,
                root=root,
                defaults=default_subscription(config),
            ),
        )


def open_web(polling: Polling, hosts: Mapping[str, tuple[str, int]] | None = None) -> Web:
    """The one client for every outgoing fetch, as configured."""
    contact = f" (+{polling.contact})" if polling.contact else ""
    return Web(
        user_agent=f"Pactwire/{__version__}{contact}",
        allow_addresses=polling.allow_addresses,
        allow_ports=polling.allow_ports,
        host_pause=polling.host_pause_seconds,
        concurrency=polling.concurrency,
        resolver=PinnedNames(hosts) if hosts else None,
    )


def default_subscription(config: Config) -> Subscription:
    """What a new subscription is given, here for the terminal's own channel."""
    wanted = config.digests
    return Subscription(
        channel=CHANNEL,
        timetable=Timetable(parse_days(wanted.days), wanted.times, wanted.zone),
        topics=Topics(frozenset(wanted.sectors), wanted.include, wanted.exclude, wanted.minimum_score),
        maximum=wanted.maximum,
        when_empty=wanted.when_empty,
    )


def seeds(config: Config) -> list[tuple[Feed, Origin]]:
    """The feeds that are read from the start; one of the operator's own speaks before a pack's."""
    from_packs = [(feed, Origin.PACK) for name in config.feeds.packs for feed in load_pack(name)]
    return [*from_packs, *((table.feed(), Origin.CONFIG) for table in config.feeds.add)]


async def run_bot(config: Config) -> None:
    """Poll and deliver until stopped; with a terminal, its prompt takes commands meanwhile."""
    async with open_app(config) as app:
        await app.storage.feeds.seed(seeds(config), utc_now())
        if config.terminal.digests:
            await _subscribed(app)
        log.info("started", feeds=len(await app.storage.feeds.list(CHANNEL)), database=str(config.pactwire.database))
        await _live(app)
        log.info("stopped")


async def run_tour() -> None:
    """Play the whole pipeline on our own samples over loopback, and then take commands."""
    async with open_tour() as app:
        kept = await _subscribed(app)
        report = await app.poller.poll_due(utc_now())
        await app.deliverer.deliver_now(kept, utc_now())
        print(_tour_note(report), flush=True)
        if sys.stdin.isatty():
            await _live(app)


async def run_command(config: Config | None, line: str) -> None:
    """Answer one command and end; without a configuration it is asked of the samples. Raises UserError."""
    async with open_tour() if config is None else open_app(config) as app:
        if config is None:
            await app.poller.poll_due(utc_now())
        else:
            await app.storage.feeds.seed(seeds(config), utc_now())
        spoken = parse(line, app.commands, config.pactwire.root_command if config else "deals")
        request = Request(CHANNEL, USER, may_manage=True, values=spoken.values)
        app.terminal.show(await spoken.command.run(request))


async def try_feeds(config: Config, on_done: Callable[[Checked], None]) -> bool:
    """Ask every feed of the configuration side by side, and show how each answered: whether all are fine."""
    feeds = [feed for feed, _ in seeds(config)]
    async with open_web(config.polling) as web, Workers(config.polling.workers) as workers:
        results = await check_feeds(feeds, web, workers, on_done=on_done)
    Terminal(sys.stdout, colour=wants_colour(sys.stdout)).show(check_report(results))
    return all(result.is_fine for result in results)


@asynccontextmanager
async def open_tour() -> AsyncIterator[App]:
    """The app on the samples, which a real server serves on loopback."""
    pages = {sample.path: Page(sample.body, sample.content_type) for sample in samples()}
    feeds = tuple(
        FeedTable.model_validate(
            {
                "url": f"http://{HOST}{sample.path}",
                "title": sample.title,
                "owner": sample.owner,
                "sector": sample.sector,
                "register": sample.register,
            }
        )
        for sample in samples()
        if sample.is_feed
    )
    config = Config(
        pactwire=Pactwire(database=TOUR_DATABASE),
        feeds=Feeds(packs=(), add=feeds),
        polling=Polling(host_pause_seconds=0, first_poll_days=36500, allow_addresses=("127.0.0.0/8",)),
        digests=Digests(maximum=25),
    )
    async with LocalServer(pages) as server, open_app(config, {HOST: ("127.0.0.1", server.port)}) as app:
        await app.storage.feeds.seed(seeds(config), utc_now())
        yield app


def _tour_note(report: PollReport) -> str:
    news = (
        f"{report}." if report.read else "Nothing new since the last run: what was told is not told again. Try: latest"
    )
    return (
        f"{news}\nThese are samples, served on this machine. To go live: "
        "cp config.example.toml config.toml, edit it, and run again."
    )


async def _subscribed(app: App) -> KeptSubscription:
    """The terminal's own subscription; the configuration only begins it, commands change it."""
    kept = await app.storage.subscriptions.get(CHANNEL)
    if kept is None:
        wanted, now = default_subscription(app.config), utc_now()
        kept = await app.storage.subscriptions.save(wanted, next_slot(wanted.timetable, now).at, now)
    return kept


async def _live(app: App) -> None:
    """Run the ticks until somebody leaves the prompt, or a signal says stop; then end within the grace."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    under_way: set[asyncio.Task[None]] = set()

    def tick(name: str, every: timedelta, look: Callable[[datetime], Awaitable[object]]) -> Tick:
        async def guarded() -> None:
            task = asyncio.create_task(_looked(name, look))
            under_way.add(task)
            await asyncio.wait([task])
            under_way.discard(task)

        return Tick(name, every, guarded)

    schedule = Schedule(
        [
            tick("poll", POLL_TICK, app.poller.poll_due),
            tick("deliver", DELIVER_TICK, app.deliverer.deliver_due),
        ],
        utc_now(),
    )
    schedule.start()
    if sys.stdin.isatty():
        typing = prompt(app.commands, app.terminal, root=app.config.pactwire.root_command)
        await _first_of(stopping.wait(), typing)
    else:
        await stopping.wait()
    schedule.stop()
    under_way.add(asyncio.create_task(app.deliverer.stop()))
    _, late = await asyncio.wait(under_way, timeout=GRACE)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


async def _looked(name: str, look: Callable[[datetime], Awaitable[object]]) -> None:
    """One tick. What it could not do now stays due, so that the next one tries again."""
    try:
        await look(utc_now())
    except PactwireError as error:
        log.error(f"{name}.stopped", reason=str(error))
    except Exception:
        log.exception(f"{name}.fault")


async def _first_of(*waits: Coroutine[object, object, object]) -> None:
    """Wait for the first to end, and end the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

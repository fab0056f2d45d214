"""The composition root: builds every part, owns every lifetime, and is the only reader of the clock."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Protocol

from bot import __version__
from bot.commands import build_commands
from bot.commands.checking import Checked, check_feeds, check_report
from bot.config import Config, Digests, Feeds, FeedTable, Pactwire, Polling
from bot.config import Discord as DiscordTable
from bot.config import Slack as SlackTable
from bot.deliver import Deliverer
from bot.digests.model import Subscription, Timetable, Topics
from bot.digests.spelling import parse_days, parse_nth
from bot.digests.timetable import next_slot
from bot.errors import ConfigError
from bot.feeds.answer import Validators
from bot.feeds.model import Feed
from bot.feeds.pack import load_pack
from bot.life import Duty, live
from bot.logs import logger
from bot.platforms.base import Command, Platform, Request
from bot.platforms.spoken import parse
from bot.platforms.terminal.client import CHANNEL, Terminal, wants_colour
from bot.platforms.terminal.prompt import USER, prompt
from bot.poll import Habits, Poller, PollReport
from bot.storage import Storage, open_storage
from bot.storage.backup import copy_file
from bot.storage.model import KeptSubscription, Origin
from bot.tour.samples import HOST, samples
from bot.web.client import Web
from bot.web.names import PinnedNames
from bot.web.server import LocalServer, Page
from bot.workers import Workers

if TYPE_CHECKING:
    from bot.platforms.discord.client import Discord
    from bot.platforms.slack.client import Slack

log = logger(__name__)

POLL_TICK = timedelta(seconds=30)
DELIVER_TICK = timedelta(seconds=10)
UPKEEP_TICK = WORKSPACES_TICK = timedelta(hours=1)
WORKSPACE_KEPT = timedelta(days=30)
"""How long the subscriptions of a workspace that let us go wait for it to come back."""

TOUR_DATABASE = Path("data/tour.db")


def utc_now() -> datetime:
    """The clock: aware, in UTC."""
    return datetime.now(UTC)


class Chat(Platform, Protocol):
    """A platform that has to stay connected."""

    async def run(self) -> None:
        """Stay connected until cancelled. Raises PactwireError where that cannot be."""
        ...


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
    chats: Sequence[Chat]
    commands: Sequence[Command]


@asynccontextmanager
async def open_app(config: Config, hosts: Mapping[str, tuple[str, int]] | None = None) -> AsyncIterator[App]:
    """Open what the configuration describes, and close it all however the block ends.

    `hosts` are names answered without DNS. Raises StorageError when the database cannot be used.
    """
    async with AsyncExitStack() as stack:
        storage = await stack.enter_async_context(open_storage(config.pactwire.database))
        if await storage.backups.settle_restored(utc_now()):
            log.warning("restored", note="a backup was put back: what was published until now counts as told")
        web = await stack.enter_async_context(open_web(config.polling, hosts))
        workers = await stack.enter_async_context(Workers(config.polling.workers))
        terminal = Terminal(sys.stdout, colour=wants_colour(sys.stdout))
        habits = Habits(
            timedelta(minutes=config.polling.interval_minutes), timedelta(days=config.polling.first_poll_days)
        )
        root = config.pactwire.root_command
        commands = build_commands(
            storage=storage,
            web=web,
            workers=workers,
            clock=utc_now,
            root=root,
            defaults=default_subscription(config),
        )
        meant: tuple[Chat | None, ...] = (_discord(config, commands, storage), _slack(config, commands, storage))
        yield App(
            config=config,
            storage=storage,
            web=web,
            workers=workers,
            poller=Poller(web, workers, storage, habits, Random()),
            deliverer=Deliverer(storage, {each.name: each for each in (terminal, *meant) if each}, root),
            terminal=terminal,
            chats=[chat for chat in meant if chat],
            commands=commands,
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
        timetable=Timetable(parse_days(wanted.days), wanted.times, wanted.zone, parse_nth(wanted.days)),
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
        await app.poller.start(utc_now())
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


def back_up(config: Config | None, target: Path | None) -> Path:
    """Copy the database, of the tour without a configuration, and say where to. Raises StorageError."""
    database = config.pactwire.database if config else TOUR_DATABASE
    named = database.parent / "backups" / f"{database.stem}-{utc_now():%Y-%m-%dT%H%M%S}.db"
    return copy_file(database, target or named)


async def try_feeds(config: Config, on_done: Callable[[Checked], None]) -> bool:
    """Ask every feed of the configuration side by side, and show how each answered: whether all are fine."""
    feeds = [feed for feed, _ in seeds(config)]
    async with open_web(config.polling) as web, Workers(config.polling.workers) as workers:
        results = await check_feeds([(feed, Validators()) for feed in feeds], web, workers, on_done=on_done)
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
    """Poll, deliver, and listen in every place, until somebody leaves the prompt or a signal says stop."""
    beside: list[Coroutine[object, object, object]] = [chat.run() for chat in app.chats]
    if sys.stdin.isatty():
        beside.append(prompt(app.commands, app.terminal, root=app.config.pactwire.root_command))
    duties = (
        Duty("poll", POLL_TICK, app.poller.poll_due),
        Duty("deliver", DELIVER_TICK, app.deliverer.deliver_due),
        Duty("upkeep", UPKEEP_TICK, app.storage.upkeep),
        Duty("workspaces", WORKSPACES_TICK, lambda now: app.storage.workspaces.end_left(now - WORKSPACE_KEPT, now)),
    )
    await live(duties, utc_now, beside=beside, farewell=app.deliverer.stop)


def _slack(config: Config, commands: Sequence[Command], storage: Storage) -> Slack | None:
    """Slack, where its tokens are set. Raises ConfigError where it is meant and something is missing."""
    wanted = config.slack or SlackTable()
    if (secrets := wanted.secrets(is_meant=config.slack is not None)) is None:
        return None
    from bot.slack import Ground, open_slack  # as slow to load as discord.py

    ground = Ground(storage, default_subscription(config), utc_now)
    return open_slack(wanted, secrets, commands, config.pactwire.root_command, ground)


def _discord(config: Config, commands: Sequence[Command], storage: Storage) -> Discord | None:
    """Discord, where a token is set. Raises ConfigError where one is meant and missing."""
    wanted = config.discord or DiscordTable()
    token = wanted.token()
    if token is None:
        if config.discord:
            raise ConfigError(
                "The configuration has a [discord] table, but there is no bot token. Set PACTWIRE_DISCORD_TOKEN, or "
                "token_file in that table; docs/discord.md says where the token comes from."
            )
        return None
    from bot.discord import open_discord  # only where it is used: discord.py takes half a second

    return open_discord(wanted, token, commands, config.pactwire.root_command, storage, utc_now)

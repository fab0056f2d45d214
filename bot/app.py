"""The composition root: builds every part, owns every lifetime, and is the only reader of the clock."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from secrets import token_hex

from bot import __version__
from bot.chats import Chat, Needs, open_chats
from bot.commands import build_commands
from bot.config import Config, Polling, Websub
from bot.deliver import Deliverer
from bot.digests.message import Message, Text
from bot.digests.model import Subscription, Timetable, Topics
from bot.digests.spelling import describe, parse_days, parse_nth
from bot.digests.timetable import next_slot
from bot.errors import ConfigError
from bot.feeds.model import Feed
from bot.feeds.pack import load_pack
from bot.life import Duty, keep_for_good, live
from bot.logs import logger
from bot.platforms.base import Command
from bot.platforms.terminal.client import CHANNEL, Terminal, wants_colour
from bot.poll import Habits, Poller
from bot.storage import Storage, open_storage
from bot.storage.model import KeptSubscription, Origin
from bot.web.client import Web
from bot.web.door import Door
from bot.web.names import PinnedNames
from bot.websub import Callback, Leases
from bot.workers.pool import Workers

log = logger(__name__)

POLL_TICK = timedelta(seconds=30)
DELIVER_TICK = timedelta(seconds=10)
HUBS_TICK = timedelta(minutes=10)
UPKEEP_TICK = WORKSPACES_TICK = timedelta(hours=1)
WORKSPACE_KEPT = timedelta(days=30)
"""How long the subscriptions of a workspace that let us go wait for it to come back."""


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
    chats: Sequence[Chat]
    commands: Sequence[Command]
    hubs: Leases | None = None


@asynccontextmanager
async def open_app(
    config: Config, hosts: Mapping[str, tuple[str, int]] | None = None, *, connected: bool = False
) -> AsyncIterator[App]:
    """Open what the configuration describes, and close it all however the block ends.

    `hosts` are names answered without DNS; `connected` opens the chats as well. Raises StorageError when the database
    cannot be used, ConfigError when a chat misses a token.
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
        needs = Needs(storage, commands, default_subscription(config), utc_now)
        chats = open_chats(config, needs) if connected else ()
        hubs = await stack.enter_async_context(_listening(config.websub, storage, web)) if connected else None
        yield App(
            config=config,
            storage=storage,
            web=web,
            workers=workers,
            poller=Poller(web, workers, storage, habits, Random()),
            deliverer=Deliverer(storage, {each.name: each for each in (terminal, *chats)}, root),
            terminal=terminal,
            chats=chats,
            commands=commands,
            hubs=hubs,
        )


@asynccontextmanager
async def _listening(table: Websub | None, storage: Storage, web: Web) -> AsyncIterator[Leases | None]:
    """Let hubs reach us while the block lasts, where the configuration says how."""
    if table is None:
        await storage.leases.drop_all(utc_now())
        yield None
        return
    door = Door(table.host, table.port, Callback(storage.leases, utc_now).answer)
    try:
        await door.open()
    except OSError as error:
        raise ConfigError(f"The port for hubs cannot be listened at: {error.strerror}. See [websub].") from error
    try:
        yield Leases(storage.leases, web, str(table.public_url), partial(token_hex, 16))
    finally:
        await door.close()


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
    async with open_app(config, connected=True) as app:
        await app.storage.feeds.seed(seeds(config), utc_now())
        await app.poller.start(utc_now())
        await app.deliverer.start(utc_now())
        if config.terminal.digests:
            await subscribed(app)
        log.info("started", feeds=len(await app.storage.feeds.list(CHANNEL)), database=str(config.pactwire.database))
        if sys.stdin.isatty():
            app.terminal.show(await _greeting(app))
        await live_on(app)
        log.info("stopped")


async def _greeting(app: App) -> Message:
    """What goes on from here, and what can be done meanwhile."""
    feeds = len(await app.storage.feeds.list(CHANNEL))
    kept = await app.storage.subscriptions.get(CHANNEL)
    when = describe(kept.subscription.timetable) if kept else "not in this terminal"
    return Message(
        f"Pactwire {__version__} reads {feeds} feeds; digests: {when}",
        (Text(f"Feeds are first read in the next minutes; what happens is logged here. Kept in {_place(app)}."),),
        next_step=f"/{app.config.pactwire.root_command} status, help, or exit",
    )


def _place(app: App) -> str:
    return str(app.config.pactwire.database)


async def subscribed(app: App) -> KeptSubscription:
    """The terminal's own subscription; the configuration only begins it, commands change it."""
    kept = await app.storage.subscriptions.get(CHANNEL)
    if kept is None:
        wanted, now = default_subscription(app.config), utc_now()
        kept = await app.storage.subscriptions.save(wanted, next_slot(wanted.timetable, now).at, now)
    return kept


async def live_on(app: App) -> None:
    """Poll, deliver, and listen in every place, until somebody leaves the prompt or a signal says stop."""
    beside: list[Coroutine[object, object, object]] = [chat.run() for chat in app.chats]
    if sys.stdin.isatty():
        from bot.platforms.terminal.prompt import prompt  # what draws it is only loaded where there is a terminal

        beside.append(prompt(app.commands, app.terminal, root=app.config.pactwire.root_command))
    duties = [
        Duty("poll", POLL_TICK, app.poller.poll_due),
        Duty("deliver", DELIVER_TICK, app.deliverer.deliver_due, app.storage.polls.news),
        Duty("upkeep", UPKEEP_TICK, app.storage.upkeep),
        Duty("workspaces", WORKSPACES_TICK, lambda now: app.storage.workspaces.end_left(now - WORKSPACE_KEPT, now)),
    ]
    if app.hubs:
        duties.append(Duty("websub", HUBS_TICK, app.hubs.look))
    keep_for_good()
    await live(duties, utc_now, beside=beside, farewell=app.deliverer.stop)

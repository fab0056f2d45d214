"""What is run once and ends: the tour, one command, a check of the feeds, a backup."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import App, live_on, open_app, open_web, seeds, subscribed, utc_now
from bot.commands.checking import Checked, check_feeds, check_report
from bot.config import Config, Digests, Feeds, FeedTable, Pactwire, Polling
from bot.digests.message import Message, Text
from bot.feeds.answer import Validators
from bot.platforms.base import Request
from bot.platforms.spoken import parse
from bot.platforms.terminal.client import CHANNEL, USER, Terminal, wants_colour
from bot.poll import PollReport
from bot.storage.backup import copy_file
from bot.tour.samples import HOST, samples
from bot.web.server import LocalServer, Page
from bot.workers.pool import Workers

TOUR_DATABASE = Path("data/tour.db")


async def run_tour() -> None:
    """Play the whole pipeline on our own samples over loopback, and then take commands."""
    async with open_tour() as app:
        kept = await subscribed(app)
        report = await app.poller.poll_due(utc_now())
        await app.deliverer.deliver_now(kept, utc_now())
        app.terminal.show(_tour_note(report, app.config.pactwire.root_command))
        if sys.stdin.isatty():
            await live_on(app)


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


def _tour_note(report: PollReport, root: str) -> Message:
    """What just happened, and how to go live."""
    news = f"{report}." if report.read else "Nothing new since the last run: what was told is not told again."
    return Message(
        "These are samples of older deals. To go live: cp config.example.toml config.toml, edit it, run again",
        (Text(news),),
        next_step=f"/{root} latest, /{root} help, or exit",
    )

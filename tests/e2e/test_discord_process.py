"""The whole bot as a process of its own, at a Discord of our own: from nothing to a digest, and killed on the way."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.web.server import LocalServer, Page
from tests.e2e.discord_proxy import Fault
from tests.e2e.discord_stand import TOKEN, Stand, open_own, open_stand, set_up, what_is_missing
from tests.e2e.test_discord import buttons, words
from tests.feedkit import DEAL, item, rss

OTHER = (
    "Borealis Cloud and Cedar University sign a five-year research collaboration",
    "Borealis Cloud and Cedar University today signed a five-year research collaboration to study sleep.",
)


@pytest.mark.skipif(what_is_missing() is not None, reason=what_is_missing() or "")
async def test_a_digest_arrives_once_although_the_bot_is_killed_between_posting_and_recording(tmp_path: Path) -> None:
    if trouble := await set_up():
        pytest.skip(trouble)
    pages = {"/feed": feed(DEAL)}
    async with LocalServer(pages) as server, open_stand(tmp_path) as stand:
        config = configured(tmp_path, stand, server.port)
        async with running(config, tmp_path, stand) as bot:
            await stand.until(lambda: deals(tmp_path / "pactwire.db") == 1)
            slot = datetime.now(UTC) + timedelta(seconds=75)
            subscribed = await stand.slash("subscribe", {"days": "daily", "times": f"{slot:%H:%M}", "zone": "UTC"})
            assert f"{slot:%H:%M}" in words(subscribed)
            assert "Acme Health" in words(await stand.slash("latest"))
            kill = Fault("POST", r"/messages$", after=True, act=lambda: bot.send_signal(signal.SIGKILL))
            stand.proxy.faults.append(kill)
            assert await asyncio.wait_for(bot.wait(), 100) == -signal.SIGKILL
        pages["/feed"] = feed(DEAL, OTHER)
        make_due(tmp_path / "pactwire.db")
        async with running(config, tmp_path, stand):
            await stand.until(lambda: states(tmp_path / "pactwire.db") == ["sent"], 60)
            await stand.until(lambda: deals(tmp_path / "pactwire.db") == 2)
            shown = await stand.play("messages", channelId=stand.channel("news"))
            (digest,) = [each for each in shown if not each.get("flags", 0) & 64]
            details = next(each for each in buttons(digest["components"]) if each["label"] == "Details")
            assert "TOLD BY" in words(await stand.press(details["custom_id"], digest["id"]))
            assert "Cedar University" in words(await stand.slash("latest"))
        assert stand.violations() == []
        log = (tmp_path / "bot.log").read_text()
        assert TOKEN not in log
        assert "Traceback" not in log


async def test_the_bot_connects_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    async with open_own() as stand, running(configured(tmp_path, stand, 80), tmp_path, stand) as bot:
        said = words(await stand.slash("status"))
        assert any(title in said for title in ("Nothing was read yet", "All is well", "To be looked at"))
        bot.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(bot.wait(), 15) == 0
    assert "Traceback" not in (tmp_path / "bot.log").read_text()


async def test_a_wrong_token_ends_in_one_sentence(tmp_path: Path) -> None:
    async with open_own() as stand:
        stand.proxy.faults.append(Fault("GET", "/users/@me", status=401, body={"message": "401: Unauthorized"}))
        async with started(configured(tmp_path, stand, 80), tmp_path) as bot:
            assert await asyncio.wait_for(bot.wait(), 30) == 1
        *_, last = (tmp_path / "bot.log").read_text().strip().splitlines()
        assert last.startswith("Discord refused the bot token. Copy it anew")
        assert len([each for each in stand.proxy.asked if each.status == 401]) == 1


def feed(*deals: tuple[str, str]) -> Page:
    now = datetime.now(UTC)
    items = (item(*deal, link=f"https://a.example/{number}", published=now) for number, deal in enumerate(deals))
    return rss(*items, title="Acme News")


def configured(folder: Path, stand: Stand, port: int) -> Path:
    path = folder / "config.toml"
    path.write_text(f"""
[pactwire]
database = "{folder}/pactwire.db"
[feeds]
packs = []
[[feeds.add]]
url = "http://127.0.0.1:{port}/feed"
title = "Acme News"
register = "press_release"
[polling]
allow_addresses = ["127.0.0.0/8"]
allow_ports = [{port}]
host_pause_seconds = 0
[terminal]
digests = false
[discord]
api = "{stand.proxy.url}"
gateway = "{stand.gateway}"
""")
    return path


@asynccontextmanager
async def started(config: Path, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot, which is told to stop when the block ends."""
    environment = {**os.environ, "PACTWIRE_DISCORD_TOKEN": TOKEN}
    with (folder / "bot.log").open("a") as log:
        bot = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--config", str(config)),
            env=environment,
            stdin=-3,
            stdout=log,
            stderr=log,
        )
        try:
            yield bot
        finally:
            if bot.returncode is None:
                bot.send_signal(signal.SIGTERM)
                await asyncio.wait_for(bot.wait(), 20)


@asynccontextmanager
async def running(config: Path, folder: Path, stand: Stand) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot, connected."""
    before = connections(folder)
    async with started(config, folder) as bot:
        await stand.until(lambda: connections(folder) > before, 30)
        yield bot


def connections(folder: Path) -> int:
    log = folder / "bot.log"
    return log.read_text().count("connected, in 1 server") if log.exists() else 0


def make_due(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE feeds SET next_poll_at = '2026-01-01 00:00:00', leased_until = NULL")
    connection.close()


def states(database: Path) -> list[str]:
    return [row[0] for row in asked(database, "SELECT state FROM deliveries")]


def deals(database: Path) -> int:
    return int(asked(database, "SELECT count(*) FROM deals")[0][0])


def asked(database: Path, question: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()

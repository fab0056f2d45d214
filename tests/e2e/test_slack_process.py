"""The whole process with Slack: it starts from a configuration, answers, says what is wrong, and keeps its secrets."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.e2e.slack_bot import words
from tests.e2e.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer


@asynccontextmanager
async def process(folder: Path, server: SlackServer, **tokens: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`pactwire run` without a terminal, at this Slack."""
    (folder / "config.toml").write_text(
        f'[pactwire]\ndatabase = "{folder / "p.db"}"\nlog_level = "debug"\n[feeds]\npacks = []\n'
        f'[terminal]\ndigests = false\n[slack]\napi = "{server.url}"\n',
        encoding="utf-8",
    )
    known = {"PACTWIRE_SLACK_BOT_TOKEN": BOT_TOKEN, "PACTWIRE_SLACK_APP_TOKEN": APP_TOKEN}
    environment = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    begun = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(folder / "config.toml"),
        env=environment | known | tokens, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield begun
    finally:
        if begun.returncode is None:
            begun.kill()
        await begun.wait()


async def test_it_answers_ends_when_told_and_leaves_no_secret_behind(tmp_path: Path) -> None:
    async with SlackServer() as server, process(tmp_path, server) as begun:
        await server.until(lambda: server.opened == 1, seconds=30)
        asked = await server.ask("status")
        assert "feeds" in words(asked.replies)
        await server.ask("subscribe days:mon")
        assert begun.pid
        arguments = Path(f"/proc/{begun.pid}/cmdline")
        assert not arguments.exists() or b"canary" not in arguments.read_bytes()
        begun.send_signal(signal.SIGTERM)
        said = b"".join(await asyncio.wait_for(begun.communicate(), 15))
    assert begun.returncode == 0
    assert b"canary" not in said
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("p.db*")} == {0}
    with sqlite3.connect(tmp_path / "p.db") as kept:
        assert "canary" not in "\n".join(kept.iterdump())
    kept.close()
    assert b"canary" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert server.violations == []


async def test_a_wrong_token_ends_it_with_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    cases = {
        "PACTWIRE_SLACK_BOT_TOKEN": "Copy the Bot User OAuth Token",
        "PACTWIRE_SLACK_APP_TOKEN": "with the scope connections:write",
    }
    async with SlackServer() as server:
        for name, hint in cases.items():
            async with process(tmp_path, server, **{name: "xoxb-canary-wrong"}) as begun:
                said = (await asyncio.wait_for(begun.communicate(), 30))[1].decode()
            assert begun.returncode == 1
            assert hint in said
            assert "Traceback" not in said
            assert "canary" not in said


async def test_a_missing_token_is_named(tmp_path: Path) -> None:
    async with SlackServer() as server, process(tmp_path, server, PACTWIRE_SLACK_APP_TOKEN="") as begun:
        said = (await asyncio.wait_for(begun.communicate(), 30))[1].decode()
    assert begun.returncode == 1
    assert "PACTWIRE_SLACK_APP_TOKEN: an app-level token" in said

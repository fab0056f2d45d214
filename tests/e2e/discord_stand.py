"""A Discord on the loopback for end-to-end checks: one of our own, and one that somebody else wrote.

The latter is set up once in a scratch folder. It needs Node 20, the npm package `discord-digital-twin`, and Discord's
own OpenAPI document with its checker in ../shared beside the project: every request is checked against it. What is
missing is said in words.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.e2e.discord_proxy import Proxy
from tests.e2e.discord_server import DiscordServer

ROOT = Path(__file__).parent.parent.parent
SCRATCH = ROOT / ".cache" / "e2e-discord"
SHARED = ROOT.parent / "shared"
CHECKER, SPECIFICATION = SHARED / "testbeds" / "oas_proxy.py", SHARED / "specs" / "discord-openapi.json"
TOKEN = "twin-bot-token"
PACKAGE = {
    "private": True,
    "type": "module",
    "dependencies": {"discord-digital-twin": "0.1.1"},
    "overrides": {"spiceflow": "1.19.0"},  # later ones change what the package is built on
}
SLASH, COMPONENT, COMPLETION = 2, 3, 4


def what_is_missing() -> str | None:
    """Why these checks cannot be run here; None where they can."""
    if os.environ.get("PACTWIRE_E2E") != "1":
        return "end-to-end checks at a Discord of our own are run by `make e2e`"
    if not (CHECKER.exists() and SPECIFICATION.exists()):
        return f"Discord's OpenAPI document and its checker are not in {SHARED.name}/ beside the project"
    if not shutil.which("node") or not shutil.which("npm"):
        return "Node 20 and npm are not installed, so there is no Discord to check against"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    major = version.removeprefix("v").partition(".")[0]
    if not major.isdigit() or int(major) < 20:
        return f"Node {version.strip() or 'of an unknown age'} is installed, and 20 or later is needed"
    return None


async def set_up() -> str | None:
    """Install the package, once: what went wrong, or None."""
    if (SCRATCH / "node_modules" / "discord-digital-twin").exists():
        return None
    SCRATCH.mkdir(parents=True, exist_ok=True)
    (SCRATCH / "package.json").write_text(json.dumps(PACKAGE))
    install = await asyncio.create_subprocess_exec(
        "npm", "install", "--no-audit", "--no-fund", cwd=SCRATCH, stdout=-1, stderr=-2
    )
    said, _ = await install.communicate()
    return None if install.returncode == 0 else f"npm could not install the package: {said.decode()[-300:]}"


@dataclass
class Stand:
    """The Discord: `proxy` stands in front of it, `info` holds ids."""

    proxy: Proxy
    info: dict[str, Any]
    violations_log: Path | None
    server: DiscordServer | None = None

    @property
    def gateway(self) -> str:
        return str(self.info["gateway"])

    def channel(self, name: str) -> str:
        """The id of the channel of that name."""
        return str(self.info["channels"][name])

    async def play(self, what: str, **asked: Any) -> Any:
        """Let the people of this Discord do something."""
        if self.server:
            return await self.server.play(what, **asked)
        async with aiohttp.ClientSession() as session, session.post(f"{self.info['door']}/{what}", json=asked) as done:
            told = await done.json()
            assert done.status == 200, told
            return told

    async def slash(self, line: str, options: dict[str, Any] | None = None, channel: str = "news") -> Any:
        """Alice gives a command, its words without the root; what she is shown in the end."""
        data = {"id": "1", "name": "deals", "type": 1, "options": _nested(line.split(), options or {})}
        return await self.interact(SLASH, data, channel)

    async def press(self, custom_id: str, message: str, channel: str = "news") -> Any:
        """Alice presses a button; what she is shown."""
        data = {"component_type": 2, "custom_id": custom_id}
        return await self.interact(COMPONENT, data, channel, messageId=message)

    async def complete(self, line: str, option: str, typed: Any, kind: int = 3) -> Any:
        """What is offered while Alice types this option."""
        words = line.split()
        nested = _nested(words, {})
        inner = nested[0]
        while inner.get("options"):
            inner = inner["options"][0]
        inner["options"] = [{"name": option, "type": kind, "value": typed, "focused": True}]
        shown = await self.interact(COMPLETION, {"id": "1", "name": "deals", "type": 1, "options": nested}, "news")
        return [choice["value"] for choice in shown["choices"]]

    async def interact(self, kind: int, data: dict[str, Any], channel: str, **more: Any) -> Any:
        """What our answer to an interaction holds: the first one, or the edit of one that was deferred."""
        made = await self.play("interaction", type=kind, channelId=self.channel(channel), data=data, **more)
        callback = await self.until(lambda: self._asked("POST", f"/interactions/{made['id']}/"))
        if callback["type"] != 5:
            return callback["data"]
        return await self.until(lambda: self._asked("PATCH", f"{made['token']}/messages/@original"))

    async def until(self, look: Any, patience: float = 20.0) -> Any:
        """Wait until `look` finds something."""
        async with asyncio.timeout(patience):
            while not (found := look()):  # noqa: ASYNC110 — what is looked at is told by no event
                await asyncio.sleep(0.02)
        return found

    def _asked(self, method: str, part: str) -> Any:
        found = (each for each in self.proxy.asked if each.method == method and part in each.path)
        return next((each.body for each in found), None)

    def violations(self) -> list[str]:
        """Every request that Discord's specification does not allow."""
        if self.violations_log is None or not self.violations_log.exists():
            return []
        logged = [json.loads(line) for line in self.violations_log.read_text().splitlines()]
        return [f"{each['m']} {each['p']}: {each['oas']}" for each in logged if each["oas"]]


@asynccontextmanager
async def open_stand(folder: Path) -> AsyncIterator[Stand]:
    """Start everything, and stop it however the block ends."""
    async with AsyncExitStack() as stack:
        script = SCRATCH / "twin.mjs"
        script.write_text((Path(__file__).parent / "discord_twin.mjs").read_text())
        twin = await stack.enter_async_context(_process("node", str(script), env={"BOT_TOKEN": TOKEN}, cwd=SCRATCH))
        assert twin.stdout is not None
        info = json.loads(await asyncio.wait_for(twin.stdout.readline(), 30))
        inner = await stack.enter_async_context(Proxy(info["rest"], completes=True).open())
        log, port = folder / "specification.jsonl", free_port()
        checker = (sys.executable, str(CHECKER), str(SPECIFICATION), inner.url, str(port), str(log))
        await stack.enter_async_context(_process(*checker, env={}, cwd=folder))
        await _listening(port)
        outer = await stack.enter_async_context(Proxy(f"http://127.0.0.1:{port}/api/v10").open())
        yield Stand(outer, info, log)


@asynccontextmanager
async def open_own() -> AsyncIterator[Stand]:
    """A Discord that needs nothing but Python, and is checked against no specification."""
    async with DiscordServer().open() as server, Proxy(f"http://127.0.0.1:{server.port}/api/v10").open() as proxy:
        gateway = f"ws://127.0.0.1:{server.port}/gateway"
        info = {"guild": server.guild, "alice": server.alice, "channels": server.channels, "gateway": gateway}
        info |= {"role": server.role}
        yield Stand(proxy, info, None, server)


@asynccontextmanager
async def _process(*command: str, env: dict[str, str], cwd: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **env}, cwd=cwd, stdout=-1)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def _nested(words: list[str], options: dict[str, Any]) -> list[dict[str, Any]]:
    """The words of a command as Discord nests them; the values' types follow from Python's."""
    if len(words) > 1:
        return [{"name": words[0], "type": 2, "options": _nested(words[1:], options)}]
    kinds = {str: 3, int: 4, float: 10}
    given = [{"name": name, "type": kinds[type(value)], "value": value} for name, value in options.items()]
    return [{"name": words[0], "type": 1, "options": given}]


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


async def _listening(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                await writer.wait_closed()
                return

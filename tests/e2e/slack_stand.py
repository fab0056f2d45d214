"""A Slack that somebody else wrote, on the loopback: the npm package `emulate`, behind a proxy that checks every call.

It needs Node 20 or later with npm, which fetches Node 24 and the package into a scratch folder once. The proxy stands
in ../shared/testbeds beside the project; without it the calls are made and not checked. What is missing is said in
words.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.platforms.slack.manifest import SCOPES

ROOT = Path(__file__).parent.parent.parent
SCRATCH = ROOT / ".cache" / "e2e-slack"
SHARED = ROOT.parent / "shared"
CHECKER, SPECIFICATION = SHARED / "testbeds" / "slack_proxy.py", SHARED / "specs" / "slack-web-api-2021.json"
NODE = SCRATCH / "node_modules" / "node" / "bin" / "node"
EMULATE = SCRATCH / "node_modules" / "emulate" / "dist" / "index.js"
TOKEN = "xoxb-test-token"
PACKAGE = {"private": True, "dependencies": {"emulate": "0.12.2", "node": "24"}}
# The package listens on every address of the machine; nobody but this machine is to reach it.
LOOPBACK = """
const net = require('node:net'), listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  if (typeof args[0] === 'object' && args[0] && !args[0].path) args[0] = { ...args[0], host: '127.0.0.1' }
  else if (/^[0-9]+$/.test(String(args[0])) && typeof args[1] !== 'string') args.splice(1, 0, '127.0.0.1')
  return listen.apply(this, args)
}
"""
SEED = {
    "slack": {
        "team": {"name": "T", "domain": "t"},
        "strict_scopes": True,
        "users": [{"name": "alice", "email": "a@example.org"}],
        "channels": [{"name": "general"}, {"name": "news"}],
        "bots": [{"name": "newsbot"}],
    },
    "tokens": {TOKEN: {"login": "alice", "scopes": list(SCOPES)}},
}


def what_is_missing() -> str | None:
    """Why these checks cannot be run here; None where they can."""
    if os.environ.get("PACTWIRE_E2E") != "1":
        return "end-to-end checks at somebody else's Slack are run by `make e2e`"
    if not shutil.which("npm"):
        return "npm is not installed, so there is no Slack to check against"
    return None


async def set_up() -> str | None:
    """Install Node 24 and the package, once: what went wrong, or None."""
    if EMULATE.exists() and NODE.exists():
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
    """The Slack: `url` is the API base; `log` holds a line a call, where there is a proxy."""

    url: str
    log: Path | None

    def calls(self) -> list[tuple[str, object, list[str]]]:
        """Every call: the method, Slack's error, and what the proxy found wrong with it."""
        if self.log is None or not self.log.exists():
            return []
        lines = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [(each["m"], each["error"], each["check"]) for each in lines]


@asynccontextmanager
async def open_stand(folder: Path) -> AsyncIterator[Stand]:
    """Start everything, and stop it however the block ends."""
    (folder / "loopback.cjs").write_text(LOOPBACK)
    (folder / "seed.json").write_text(json.dumps(SEED))
    async with AsyncExitStack() as stack:
        port = await _free_port()
        options = ("--service", "slack", "--port", str(port), "--seed", str(folder / "seed.json"))
        command = (str(NODE), "-r", str(folder / "loopback.cjs"), str(EMULATE), *options)
        await stack.enter_async_context(_process(folder, *command))
        await _listening(port)
        log = None
        if CHECKER.exists() and SPECIFICATION.exists():
            upstream, port, log = f"http://127.0.0.1:{port}", await _free_port(), folder / "calls.jsonl"
            checker = (sys.executable, str(CHECKER), upstream, str(port), str(log), "--get2post", str(SPECIFICATION))
            await stack.enter_async_context(_process(folder, *checker))
            await _listening(port)
        yield Stand(f"http://127.0.0.1:{port}/api/", log)


@asynccontextmanager
async def _process(folder: Path, *command: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, stdout=-3, stderr=-3)
    try:
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _free_port() -> int:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    return port


async def _listening(port: int) -> None:
    """Wait until somebody listens there."""
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return

"""Stands between the bot and the Discord of the tests: writes down every request, and breaks what it is told to break.

A second one stands behind the checker of Discord's specification and does what the stand-in lacks: it takes a nonce
once within minutes, and opens a forum's post with its first message.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

_HOP = {"host", "content-length", "accept-encoding", "connection", "transfer-encoding", "content-encoding"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the bot's, and how it was answered; `at` is the loop's time."""

    method: str
    path: str
    body: Any
    status: int
    at: float


@dataclass
class Fault:
    """What goes wrong with the next `times` requests of this kind. `after` lets Discord take the request first."""

    method: str
    path: str
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    after: bool = False
    act: Callable[[], None] | None = None

    def hits(self, method: str, path: str) -> bool:
        return self.times > 0 and method == self.method and re.search(self.path, path) is not None


class Proxy:
    """Forwards to `upstream`; `asked` is what passed, `faults` what is to break."""

    def __init__(self, upstream: str, *, completes: bool = False) -> None:
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.url = ""
        self._upstream = upstream
        self._completes = completes
        self._nonces: dict[tuple[str, str], tuple[int, bytes]] = {}
        self._firsts: dict[str, str] = {}
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator[Proxy]:
        """Serve on the loopback until the block ends, at a free port unless one is given."""
        app = web.Application(client_max_size=2**25)
        app.router.add_route("*", "/{rest:.*}", self._answer)
        runner = web.AppRunner(app)
        async with aiohttp.ClientSession() as self._session:
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", port)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.url = f"http://{host}:{port}/api/v10"
            try:
                yield self
            finally:
                await runner.cleanup()

    def posts(self, channel: str) -> list[Asked]:
        """The messages that Discord took for this channel."""
        wanted = f"/channels/{channel}/messages"
        return [each for each in self.asked if each.method == "POST" and each.path == wanted and each.status == 200]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v10")
        raw = await request.read()
        body = json.loads(raw) if raw and request.content_type == "application/json" else None
        fault = next((each for each in self.faults if each.hits(request.method, path)), None)
        if fault:
            fault.times -= 1
            if fault.after:
                await self._passed(request, path, raw, body)
            if fault.act:
                fault.act()
            if fault.status is None:
                assert request.transport is not None
                request.transport.close()
                return web.Response()
            self._note(request.method, path, body, fault.status)
            # Exactly this content type: discord.py reads nothing else as JSON.
            headers = {**fault.headers, "content-type": "application/json"}
            return web.Response(status=fault.status, body=json.dumps(fault.body or {}), headers=headers)
        status, answer, kind = await self._passed(request, path, raw, body)
        self._note(request.method, path, body, status)
        return web.Response(status=status, body=answer if status != 204 else None, headers={"content-type": kind})

    def _note(self, method: str, path: str, body: Any, status: int) -> None:
        self.asked.append(Asked(method, path, body, status, asyncio.get_running_loop().time()))

    async def _passed(self, request: web.Request, path: str, raw: bytes, body: Any) -> tuple[int, bytes, str]:
        special = self._special(request.method, path, body) if self._completes else None
        if special:
            status, answer = await special
            return status, answer, "application/json"
        return await self._forward(
            request.method, request.raw_path.removeprefix("/api/v10"), raw, dict(request.headers)
        )

    def _special(self, method: str, path: str, body: Any) -> Awaitable[tuple[int, bytes]] | None:
        if method == "POST" and path.endswith("/messages") and body and body.get("enforce_nonce"):
            return self._once(path, body)
        if method == "POST" and path.endswith("/threads") and body and "message" in body:
            return self._forum_post(path, body)
        first = self._firsts.get(path.rpartition("/")[2])
        if method == "GET" and first:
            return self._first(path.rpartition("/")[0], first)
        if method == "POST" and path.endswith("/crosspost"):
            return self._json(200, {"id": path.split("/")[-2], "flags": 1})
        return None

    async def _once(self, path: str, body: Any) -> tuple[int, bytes]:
        known = self._nonces.get((path, body["nonce"]))
        if known is None:
            status, answer, _ = await self._forward("POST", path, json.dumps(body).encode(), {})
            known = self._nonces[path, body["nonce"]] = (status, answer)
        return known

    async def _forum_post(self, path: str, body: Any) -> tuple[int, bytes]:
        made = {"name": body["name"], "type": 11}
        _, answer, _ = await self._forward("POST", path, json.dumps(made).encode(), {})
        thread = json.loads(answer)
        first = f"/channels/{thread['id']}/messages"
        _, message, _ = await self._forward("POST", first, json.dumps(body["message"]).encode(), {})
        # On Discord the first message of a forum's post has the id of its thread.
        self._firsts[thread["id"]] = json.loads(message)["id"]
        return 201, json.dumps({**thread, "message": {**json.loads(message), "id": thread["id"]}}).encode()

    async def _first(self, path: str, message: str) -> tuple[int, bytes]:
        status, answer, _ = await self._forward("GET", f"{path}/{message}", b"", {})
        return status, answer

    @staticmethod
    async def _json(status: int, value: Any) -> tuple[int, bytes]:
        return status, json.dumps(value).encode()

    async def _forward(self, method: str, path: str, raw: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        assert self._session is not None
        kept = {name: value for name, value in headers.items() if name.lower() not in _HOP}
        if raw and not any(name.lower() == "content-type" for name in kept):
            kept["content-type"] = "application/json"
        kept.setdefault("authorization", "Bot twin-bot-token")
        async with self._session.request(
            method, f"{self._upstream}{path}", data=raw or None, headers=kept, allow_redirects=False
        ) as answered:
            kind = answered.headers.get("content-type", "application/json")
            return answered.status, await answered.read(), kind

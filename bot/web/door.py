"""A small HTTP server for what others send to us: signed events, and the pages of an installation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from aiohttp import web

MOST_BODY = 1_000_000
"""Bytes of one request; more is answered 413 without being read to its end."""


class Answered(Protocol):
    """What is answered to one request."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def headers(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def content_type(self) -> str: ...


Answer = Callable[[str, str, str, Sequence[tuple[str, str]], bytes], Awaitable[Answered]]
"""method, path, query, headers as they came, body → the answer."""


class Door:
    """Listens at `host` and `port` (0: any free one) from `open` to `close`, and gives every request to `answer`."""

    def __init__(self, host: str, port: int, answer: Answer) -> None:
        self._host = host
        self._port = port
        self._answer = answer
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._port

    async def open(self) -> None:
        """Listen. OSError where that cannot be."""
        app = web.Application(client_max_size=MOST_BODY)
        app.router.add_route("*", "/{anything:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        self._port = int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Listen no more; what is being answered is answered first."""
        if self._runner:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.raw_headers]
        answered = await self._answer(request.method, request.path, request.query_string, headers, await request.read())
        response = web.Response(
            status=answered.status, text=answered.body, content_type=answered.content_type, charset="utf-8"
        )
        for name, value in answered.headers:
            response.headers.add(name, value)
        return response

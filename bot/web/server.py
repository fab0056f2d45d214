"""A small HTTP server on the loopback, for the tour and for tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2b
from typing import Self

from aiohttp import web

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Page:
    """What one path answers. `modified`, in UTC, becomes its Last-Modified."""

    body: bytes
    content_type: str
    modified: datetime | None = None


class LocalServer:
    """Serves `pages` (path → page) to this machine alone, on a free port; unknown paths are 404.

    Answers carry validators, and a request that echoes them gets 304. `requests` counts by path, `unchanged` the 304s.
    """

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self.requests: Counter[str] = Counter()
        self.unchanged: Counter[str] = Counter()
        self._pages = pages
        self._port = 0
        self._runner: web.ServerRunner | None = None

    @property
    def port(self) -> int:
        """The port it listens on, 0 before it has started."""
        return self._port

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._answer), access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self._port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner:
            await self._runner.cleanup()

    def url(self, path: str) -> str:
        """The address of a path, which starts with a slash."""
        return f"http://{HOST}:{self._port}{path}"

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        self.requests[request.path] += 1
        page = self._pages.get(request.path)
        if page is None:
            return web.Response(status=404, text="Nothing stands here\n")
        validators = _validators(page)
        if _is_unchanged(request, validators):
            self.unchanged[request.path] += 1
            return web.Response(status=304, headers=validators)
        return web.Response(body=page.body, headers={**validators, "Content-Type": page.content_type})


def _validators(page: Page) -> dict[str, str]:
    etag = {"ETag": f'"{blake2b(page.body, digest_size=12).hexdigest()}"'}
    return etag if page.modified is None else {**etag, "Last-Modified": format_datetime(page.modified, usegmt=True)}


def _is_unchanged(request: web.BaseRequest, validators: Mapping[str, str]) -> bool:
    """If-None-Match counts alone where it is sent (RFC 9110, 13.2.2)."""
    if etag := request.headers.get("If-None-Match"):
        return etag == validators["ETag"]
    since = request.headers.get("If-Modified-Since")
    return since is not None and since == validators.get("Last-Modified")

"""The one guarded, polite client for every outgoing fetch (aiohttp belongs to this folder)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from bot.feeds.answer import Answer, Fetched, FetchFailed, NotModified, Validators
from bot.feeds.links import absolute, gate_of
from bot.web import reasons
from bot.web.body import UnreadableBodyError, read_body
from bot.web.gates import Gates
from bot.web.guard import GuardedResolver, networks, socket_factory
from bot.web.headers import conditional, retry_after_of, size_of, validators_of, wish_of
from bot.web.hops import next_hop
from bot.web.limits import Limits

FEEDS = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
PAGES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_PORTS = frozenset([80, 443])
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FOR_GOOD = frozenset([301, 308])
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_WITH_BODY = frozenset([200, 203])
_NO_VALIDATORS = Validators()
_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class _Redirected:
    status: int
    target: str


class Web:
    """Fetches what stands at an address, within limits, and never raises for anything that a server does.

    `user_agent` should name the bot, its version and a page about it. `allow_addresses` (addresses or networks) and
    `allow_ports` are the operator's exceptions to "public hosts, ports 80 and 443 only". `host_pause` is the least
    time in seconds between two requests to one publisher, `concurrency` the most requests at one time.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_addresses: Sequence[str] = (),
        allow_ports: Sequence[int] = (),
        host_pause: float = 2.0,
        concurrency: int = 16,
        limits: Limits = _LIMITS,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip"}
        self._allowed = networks(allow_addresses)
        self._ports = _PORTS | frozenset(allow_ports)
        self._gates = Gates(host_pause)
        self._slots = asyncio.Semaphore(concurrency)
        self._limits = limits
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self._resolver or ThreadedResolver(), self._allowed),
            socket_factory=socket_factory(self._allowed),
            limit=0,
            # A feed is asked once an hour: a kept connection would only get old, and a kept name could go stale.
            force_close=True,
            use_dns_cache=False,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            read_bufsize=64 * 1024,
            timeout=aiohttp.ClientTimeout(total=None, connect=self._limits.connect),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()
        self._session = None

    async def fetch(self, url: str, validators: Validators = _NO_VALIDATORS, *, accept: str = FEEDS) -> Answer:
        """What stands at `url`, or why not. `validators` ask for news only; `accept` says what we can read.

        At most 5 redirects are followed, each checked like the first address. Waiting for the publisher's turn does
        not count towards the 20 seconds.
        """
        hop = absolute(url)
        if hop is None:
            return FetchFailed("This is not a web address")
        seen, moves, left = {hop}, set[int](), self._limits.total
        clock = asyncio.get_running_loop().time
        for _ in range(self._limits.redirects + 1):
            if refusal := self._refusal(hop):
                return FetchFailed(refusal)
            async with self._gates.turn(gate_of(hop)), self._slots:
                started = clock()
                answer = await self._ask(hop, {**conditional(validators), "Accept": accept}, left)
                left -= clock() - started
            if not isinstance(answer, _Redirected):
                return _with_move(answer, moves)
            target = next_hop(hop, answer.target, seen)
            if isinstance(target, FetchFailed):
                return target
            moves.add(answer.status)
            seen.add(target)
            hop = target
        return FetchFailed(f"The site redirects more than {self._limits.redirects} times")

    def _refusal(self, hop: str) -> str | None:
        parts = urlsplit(hop)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
        return None if port in self._ports else f"The address uses port {port}, which is not allowed"

    async def _ask(self, hop: str, headers: dict[str, str], seconds: float) -> Answer | _Redirected:
        """One request, without redirects."""
        if self._session is None:
            raise RuntimeError("Web is used outside of its context")
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.get(
                    URL(hop, encoded=True), headers={**self._headers, **headers}, allow_redirects=False
                ) as response,
            ):
                return await self._take(response, hop, is_conditional="If-" in " ".join(headers))
        except (aiohttp.ClientError, UnreadableBodyError, OSError, ValueError) as error:
            # ValueError: yarl's and aiohttp's word for addresses and headers that they cannot write or read.
            return FetchFailed(reasons.of_error(error, self._limits))

    async def _take(self, response: aiohttp.ClientResponse, hop: str, *, is_conditional: bool) -> Answer | _Redirected:
        if size_of(response.raw_headers) > self._limits.headers:
            return FetchFailed(f"The headers are larger than {self._limits.headers // 1024} KiB", response.status)
        if response.status in _REDIRECTS and "Location" in response.headers:
            return _Redirected(response.status, response.headers["Location"])
        validators, wish = validators_of(response.raw_headers), wish_of(response.headers)
        if response.status == 304 and is_conditional:
            return NotModified(validators, wish)
        if response.status not in _WITH_BODY:
            return _failed(response)
        coding = ", ".join(response.headers.getall("Content-Encoding", []))
        body = await read_body(response.content.iter_any(), coding, response.content_length, self._limits)
        kind = response.headers.get("Content-Type", "")[:256].encode("ascii", "ignore").decode("ascii")
        return Fetched(hop, body, kind, validators, wish)


def _failed(response: aiohttp.ClientResponse) -> FetchFailed:
    is_challenge = "cf-mitigated" in response.headers
    wait = retry_after_of(response.headers.getall("Retry-After", []), response.headers.get("Date", ""))
    return FetchFailed(reasons.of_status(response.status, is_challenge=is_challenge), response.status, wait)


def _with_move(answer: Answer, moves: set[int]) -> Answer:
    """A body names its new address only where every hop of the chain was a move for good."""
    if isinstance(answer, Fetched) and moves and moves <= _FOR_GOOD:
        return replace(answer, moved=answer.url)
    return answer

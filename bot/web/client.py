"""The one guarded, polite client for every outgoing fetch (aiohttp belongs to this folder)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self
from urllib.parse import SplitResult, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.feeds.answer import Accepted, Answer, Fetched, FetchFailed, NotModified, Postponed, Validators
from bot.feeds.cadence import SHORTEST
from bot.feeds.links import absolute, gate_at
from bot.web import reasons
from bot.web.body import CrowdedError, Room, UnreadableBodyError, read_body
from bot.web.gates import Gates
from bot.web.guard import GuardedResolver, networks, socket_factory
from bot.web.handover import Handover
from bot.web.headers import conditional, longest, retry_after_of, size_of, validators_of, wish_of
from bot.web.hops import next_hop
from bot.web.limits import Limits
from bot.web.lookups import Lookups
from bot.web.slots import Slots

FEEDS = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
PAGES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_PORTS = frozenset([80, 443])
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FOR_GOOD = frozenset([301, 308])
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_LONGEST_LINKS = 4_096
_REPEATED = frozenset([307, 308])
_WITH_BODY = frozenset([200, 203])
PART = 226
TOO_MANY = 429
# ValueError: yarl's and aiohttp's word for addresses and headers that they cannot write or read.
_FAULTS = (aiohttp.ClientError, UnreadableBodyError, OSError, ValueError)
_NO_VALIDATORS = Validators()
_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class _Redirected:
    status: int
    target: str
    retry_after: timedelta | None = None


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
        self._slots = Slots(concurrency, slow=limits.slow, patience=limits.patience)
        self._room = Room(limits.room)
        self._handover = Handover()
        self._limits = limits
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self._resolver or Lookups(), self._allowed),
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

    def hand_over(self, url: str, answer: Fetched) -> None:
        """Give this answer to who asks for all of `url` next, if that is soon: nothing need be sent twice."""
        self._handover.keep(url, answer, asyncio.get_running_loop().time())

    async def fetch(self, url: str, validators: Validators = _NO_VALIDATORS, *, accept: str = FEEDS) -> Answer:
        """What stands at `url`, or why not. `validators` ask for news only; `accept` says what we can read.

        At most 5 redirects are followed, each checked like the first address. Waiting for the publisher's turn does
        not count towards the 20 seconds. After a 429 that says how long, its publisher is left alone for so long.
        """
        clock = asyncio.get_running_loop().time
        if validators == _NO_VALIDATORS and (given := self._handover.take(absolute(url) or "", clock())):
            return given
        headers = {**conditional(validators), "Accept": accept}
        answer, trail = await self._walk(url, lambda hop, left: self._ask(hop, headers, left))
        assert not isinstance(answer, Accepted)
        return _after(answer, trail)

    async def post(self, url: str, form: Mapping[str, str]) -> Accepted | FetchFailed | Postponed:
        """Send a form, with the limits and manners of `fetch`. Only redirects that want the same again are followed.

        Nothing of the answer but its status is read.
        """
        answer, _ = await self._walk(url, lambda hop, left: self._send(hop, form, left))
        assert not isinstance(answer, Fetched | NotModified)
        return answer

    async def _walk(
        self, url: str, ask: Callable[[str, float], Awaitable[Answer | Accepted | _Redirected]]
    ) -> tuple[Answer | Accepted, Sequence[_Redirected]]:
        """The answer at the end of the redirects, and those: each hop is checked, and asked when its turn has come."""
        hop = absolute(url)
        if hop is None:
            return FetchFailed("This is not a web address"), ()
        trail, seen, left = list[_Redirected](), {hop}, self._limits.total
        clock = asyncio.get_running_loop().time
        for _ in range(self._limits.redirects + 1):
            parts = urlsplit(hop)
            if refusal := self._refusal(parts):
                return FetchFailed(refusal), ()
            gate = gate_at(parts.hostname or "")
            async with self._gates.turn(gate), self._slots.slot():
                if closed := self._gates.closed_for(gate):
                    return Postponed(timedelta(seconds=closed)), ()
                started = clock()
                answer = await ask(hop, left)
                left -= clock() - started
                self._heed(gate, answer)
            if not isinstance(answer, _Redirected):
                return answer, trail
            target = next_hop(hop, answer.target, seen)
            if isinstance(target, FetchFailed):
                return target, trail
            trail.append(replace(answer, target=target))
            seen.add(target)
            hop = target
        return FetchFailed(f"The site redirects more than {self._limits.redirects} times"), trail

    def _heed(self, gate: str, answer: object) -> None:
        if isinstance(answer, FetchFailed) and answer.status == TOO_MANY and answer.retry_after:
            self._gates.close(gate, answer.retry_after.total_seconds())

    def _refusal(self, parts: SplitResult) -> str | None:
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
        return None if port in self._ports else f"The address uses port {port}, which is not allowed"

    async def _ask(self, hop: str, headers: dict[str, str], seconds: float) -> Answer | _Redirected:
        """One request, without redirects."""
        try:
            async with asyncio.timeout(seconds), self._request("GET", hop, headers) as response:
                return await self._take(response, hop, is_conditional="If-" in " ".join(headers))
        except CrowdedError:
            return Postponed(SHORTEST, "The answer is large, and too many large ones came at one time")
        except _FAULTS as error:
            return FetchFailed(reasons.of_error(error, self._limits), is_unreached=reasons.is_unreached(error))

    async def _send(self, hop: str, form: Mapping[str, str], seconds: float) -> Accepted | FetchFailed | _Redirected:
        """One form, without redirects."""
        try:
            async with asyncio.timeout(seconds), self._request("POST", hop, {}, form) as response:
                if response.status in _REPEATED and "Location" in response.headers:
                    return _Redirected(response.status, response.headers["Location"])
                return Accepted() if 200 <= response.status < 300 else _failed(response)
        except _FAULTS as error:
            return FetchFailed(reasons.of_error(error, self._limits), is_unreached=reasons.is_unreached(error))

    def _request(
        self, method: str, hop: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        if self._session is None:
            raise RuntimeError("Web is used outside of its context")
        told = {**self._headers, **headers}
        return self._session.request(method, URL(hop, encoded=True), headers=told, data=form, allow_redirects=False)

    async def _take(self, response: aiohttp.ClientResponse, hop: str, *, is_conditional: bool) -> Answer | _Redirected:
        if size_of(response.raw_headers) > self._limits.headers:
            return FetchFailed(f"The headers are larger than {self._limits.headers // 1024} KiB", response.status)
        if response.status in _REDIRECTS and "Location" in response.headers:
            return _Redirected(response.status, response.headers["Location"], _retry_after(response))
        validators, wish = validators_of(response.raw_headers), wish_of(response.headers)
        if response.status == 304 and is_conditional:
            return NotModified(validators, wish)
        is_part = response.status == PART and is_conditional
        if response.status not in _WITH_BODY and not is_part:
            return _failed(response)
        coding = ", ".join(response.headers.getall("Content-Encoding", []))
        chunks = response.content.iter_any()
        body = await read_body(chunks, coding, response.content_length, self._limits, self._room)
        kind = response.headers.get("Content-Type", "")[:256].encode("ascii", "ignore").decode("ascii")
        links = ", ".join(response.headers.getall("Link", []))[:_LONGEST_LINKS]
        return Fetched(hop, body, kind, validators, wish, is_part=is_part, links=links)


def _retry_after(response: aiohttp.ClientResponse) -> timedelta | None:
    return retry_after_of(response.headers.getall("Retry-After", []), response.headers.get("Date", ""))


def _failed(response: aiohttp.ClientResponse) -> FetchFailed:
    is_challenge = "cf-mitigated" in response.headers
    # Only the site's own word counts for its whole host, so freshness waits where the status is not 429.
    fresh = None if response.status == TOO_MANY else wish_of(response.headers)
    wait = longest(_retry_after(response), fresh)
    return FetchFailed(reasons.of_status(response.status, is_challenge=is_challenge), response.status, wait)


def _after(answer: Answer, trail: Sequence[_Redirected]) -> Answer:
    """An answer names its new address only where every hop was a move for good; it waits as every hop asked."""
    if not trail:
        return answer
    wait = longest(*(hop.retry_after for hop in trail))
    match answer:
        case Fetched() | NotModified():
            is_moved = all(hop.status in _FOR_GOOD for hop in trail)
            end = answer.url if isinstance(answer, Fetched) else trail[-1].target
            return replace(answer, moved=end if is_moved else None, wish=longest(answer.wish, wait))
        case FetchFailed():
            return replace(answer, retry_after=longest(answer.retry_after, wait))
        case _:
            return answer

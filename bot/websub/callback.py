"""What hubs ask us and tell us. A hub's word is only a hint: what is new is read from the publisher itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from bot.feeds.hubs import AFTER_REFUSAL, read_lease
from bot.logs import logger
from bot.storage.leases import LeaseStore
from bot.storage.model import Lease, LeaseState
from bot.websub.signature import is_signed

log = logger(__name__)

_CHALLENGE = re.compile(r"[!-~]{1,1024}")
_TOKEN = re.compile(r"[0-9a-f]{16,64}")
_AS_TEXT = (("X-Content-Type-Options", "nosniff"),)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered to one request."""

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = _AS_TEXT
    content_type: str = "text/plain"


_UNKNOWN, _GONE, _TAKEN = Reply(404), Reply(410), Reply(202)


class Callback:
    """The address at which hubs find us. Whoever does not know a lease's token finds nothing here."""

    def __init__(self, leases: LeaseStore, clock: Callable[[], datetime]) -> None:
        self._leases = leases
        self._clock = clock

    async def answer(
        self, method: str, path: str, query: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> Reply:
        """The reply to one request."""
        token = path.rpartition("/")[2]
        lease = await self._leases.find(token) if _TOKEN.fullmatch(token) else None
        if method == "GET":
            return _UNKNOWN if lease is None else await self._confirm(lease, dict(parse_qsl(query)))
        if method != "POST":
            return Reply(405)
        return _GONE if lease is None else await self._hear(lease, headers, body)

    async def _confirm(self, lease: Lease, asked: dict[str, str]) -> Reply:
        """Whether we mean it (https://www.w3.org/TR/websub/#hub-verifies-intent)."""
        if asked.get("hub.topic") != lease.topic:
            return _UNKNOWN
        challenge, mode = asked.get("hub.challenge", ""), asked.get("hub.mode")
        if mode == "denied":
            return await self._refused(lease)
        if not _CHALLENGE.fullmatch(challenge):
            return _UNKNOWN
        if mode == "subscribe" and lease.state in (LeaseState.ASKING, LeaseState.HELD):
            until, renew = read_lease(asked.get("hub.lease_seconds", ""), self._clock())
            await self._leases.hold(lease, until, renew)
            log.info("websub.held", topic=lease.topic, until=until.isoformat())
            return Reply(200, challenge)
        if mode == "unsubscribe" and lease.state is LeaseState.ENDING:
            await self._leases.drop(lease)
            return Reply(200, challenge)
        return _UNKNOWN

    async def _refused(self, lease: Lease) -> Reply:
        """Its reason is a stranger's text, and told to nobody."""
        if lease.state is LeaseState.ENDING:
            await self._leases.drop(lease)
        else:
            await self._leases.refuse(lease, self._clock() + AFTER_REFUSAL)
        return Reply(200)

    async def _hear(self, lease: Lease, headers: Sequence[tuple[str, str]], body: bytes) -> Reply:
        """Something new. What is not signed is answered in the same way, and does nothing."""
        now = self._clock()
        if lease.state is LeaseState.ENDING or lease.until is None or lease.until <= now:
            return _GONE
        signatures = [value for name, value in headers if name.lower() == "x-hub-signature"]
        if is_signed(signatures, body, lease.secret):
            await self._leases.told(lease, now)
        else:
            log.warning("websub.unsigned", topic=lease.topic)
        return _TAKEN

"""Asking hubs to tell us, to go on telling us, and to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.feeds.answer import Accepted, FetchFailed, Postponed
from bot.feeds.hubs import WANTED, next_try
from bot.logs import logger
from bot.storage.leases import LeaseStore
from bot.storage.model import Lease, LeaseState
from bot.web.client import Web

log = logger(__name__)

AT_ONCE = 50
"""Hubs that are asked at one look; each has its turn like any publisher."""

MOST_GOODBYES = 3
"""So often a hub is asked to stop; after that its messages meet an address that does not exist."""


class Leases:
    """Keeps us told of every feed whose hub would do so. `address` is ours, as the hubs see it.

    `mint` makes names and secrets that nobody can guess.
    """

    def __init__(self, leases: LeaseStore, web: Web, address: str, mint: Callable[[], str]) -> None:
        self._leases = leases
        self._web = web
        self._address = address.rstrip("/")
        self._mint = mint

    async def look(self, now: datetime) -> None:
        """Ask what is to be asked now. What a hub does not answer is asked again, later and later."""
        await self._leases.settle(now, self._mint)
        due = await self._leases.due(now, AT_ONCE)
        await asyncio.gather(*(self._ask(lease, now) for lease in due))

    async def _ask(self, lease: Lease, now: datetime) -> None:
        is_end = lease.state is LeaseState.ENDING
        if is_end and lease.tries >= MOST_GOODBYES:
            return await self._leases.drop(lease)
        # The hub may ask back before it has answered, so this stands first.
        await self._leases.asked(lease, next_try(lease.tries + 1, now))
        outcome = await self._web.post(lease.hub, self._form(lease, "unsubscribe" if is_end else "subscribe"))
        match outcome:
            case Accepted():
                log.debug("websub.asked", topic=lease.topic, ends=is_end)
            case FetchFailed(reason=reason) | Postponed(reason=reason):
                log.info("websub.failed", topic=lease.topic, reason=reason)
        return None

    def _form(self, lease: Lease, mode: str) -> dict[str, str]:
        """https://www.w3.org/TR/websub/#subscriber-sends-subscription-request"""
        form = {"hub.mode": mode, "hub.topic": lease.topic, "hub.callback": f"{self._address}/{lease.token}"}
        if mode == "unsubscribe":
            return form
        return form | {"hub.secret": lease.secret, "hub.lease_seconds": str(int(WANTED.total_seconds()))}

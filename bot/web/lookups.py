"""Names looked up in DNS, each in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

Found = list[tuple[Any, ...]]
LookUp = Callable[[str, int, int, int, int, int], Found]
"""host, port, family, kind, protocol, flags → addresses, as socket.getaddrinfo."""


class Lookups(AbstractResolver):
    """What the system says of a name.

    The event loop's own threads are few: a handful of names whose servers keep us waiting would hold up every other
    name, and the end of the program. Here each has a thread that nobody waits for once its time is up.
    """

    def __init__(self, look_up: LookUp = socket.getaddrinfo) -> None:
        self._look_up = look_up

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The name's addresses. Raises socket.gaierror."""
        look = partial(self._look_up, host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)
        return [
            ResolveResult(
                hostname=host,
                host=str(where[0]),
                port=int(where[1]),
                family=kin,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kin, _, protocol, _, where in await _aside(look)
        ]

    async def close(self) -> None:
        """Nothing is held open."""


async def _aside(look: Callable[[], Found]) -> Found:
    loop = asyncio.get_running_loop()
    found: asyncio.Future[Found] = loop.create_future()

    def settle(addresses: Found, error: OSError | None) -> None:
        if found.done():
            return  # nobody waits for it any more
        if error:
            found.set_exception(error)
        else:
            found.set_result(addresses)

    def run() -> None:
        addresses, error = Found(), None
        try:
            addresses = look()
        except OSError as failed:
            error = failed
        except ValueError:
            error = socket.gaierror(socket.EAI_NONAME, "no name")
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, addresses, error)

    threading.Thread(target=run, name="look-up", daemon=True).start()
    return await found

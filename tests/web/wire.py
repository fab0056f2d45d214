"""A server that says exactly the bytes it is told to, on the loopback, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Speak = Callable[[asyncio.StreamWriter, bytes], Awaitable[None]]


@dataclass(slots=True)
class Wire:
    """What stands at `url`; `asked` holds each request's head as it came."""

    url: str
    port: int
    asked: list[bytes] = field(default_factory=list)

    def head(self, number: int = 0) -> dict[str, str]:
        """The headers of one request, names in lower case."""
        lines = self.asked[number].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}


@asynccontextmanager
async def wire(speak: Speak | bytes, *, host: str = "127.0.0.1") -> AsyncIterator[Wire]:
    """Serves `speak` to every connection: bytes as they are, or whatever a function writes."""
    heard: list[bytes] = []
    speaking: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        speaking.add(task)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            if isinstance(speak, bytes):
                writer.write(speak)
            else:
                await speak(writer, heard[-1])
            writer.write_eof()
            await reader.read()
        writer.transport.abort()
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, host, 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield Wire(f"http://{host}:{port}/", port, heard)
        for task in speaking:
            task.cancel()
        await asyncio.gather(*speaking)


def response(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    """An HTTP response that ends with its connection."""
    head = "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *headers])
    return head.encode("latin-1") + b"\r\n\r\n" + body

"""The publishers of the benchmark, in a process of their own: `python -m tests.bench.publisher FEEDS`.

Prints its port. GET /N is feed N; the ETag is its version; /advance gives every feed one new entry.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from aiohttp import web

from tests.bench.feeds import feed


class Publisher:
    """Feeds made once a version, so that serving costs little beside reading."""

    def __init__(self) -> None:
        self.version = 0
        self.now = datetime.now(UTC)
        self.made = dict[tuple[int, int], bytes]()

    async def answer(self, request: web.BaseRequest) -> web.Response:
        if request.path == "/advance":
            self.version += 1
            self.made.clear()
            return web.Response(text=str(self.version))
        number = int(request.path.rpartition("/")[2])
        etag = f'"{self.version}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        if (number, self.version) not in self.made:
            self.made[number, self.version] = feed(number % 500, self.version, self.now)
        body = self.made[number, self.version]
        kind = "application/atom+xml" if number % 2 else "application/rss+xml"
        return web.Response(body=body, headers={"ETag": etag, "Content-Type": kind})


async def main(count: int) -> None:
    """Serve until the input ends."""
    publisher = Publisher()
    for number in range(min(count, 500)):
        publisher.made[number, 0] = feed(number, 0, publisher.now)
    runner = web.ServerRunner(web.Server(publisher.answer), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

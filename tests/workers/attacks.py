"""The worst feeds we know of, at any size: `make attacks` sends them to a real worker and prints what they cost.

A worker may spend 5 seconds of computing, 10 seconds and 512 MiB on one; the table shows time, the longest that the
event loop stood still, and what came of it, for 64 KB, 512 KB and 4 MB.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

from bot.feeds.answer import Fetched
from bot.feeds.model import NotAFeed, ParsedFeed
from bot.workers.pool import Workers

FEED = "https://example.com/feed"
SIZES = (64_000, 512_000, 4_000_000)
LONGEST, STILL, STEEP, NOTHING = 10.5, 0.1, 1.2, 0.5


def rss(items: str, head: str = "") -> str:
    return f"{head}<rss version='2.0'><channel><title>E</title>{items}</channel></rss>"


def only_for_feedparser(body: str) -> str:
    """The same feed in an older version, which the quick reader leaves to feedparser."""
    return body.replace("'2.0'", "'0.92'", 1)


def json_feed(items: str) -> str:
    return '{"version":"https://jsonfeed.org/version/1.1","items":' + items


def doubling(size: int) -> str:
    levels = size // 40
    steps = "".join(f'<!ENTITY e{n + 1} "&e{n};&e{n};">\n' for n in range(levels))
    return rss(f"<item><title>&e{levels};</title></item>", f'<!DOCTYPE r [{steps}<!ENTITY e0 "x">]>')


def quadratic(size: int) -> str:
    declared = f'<!DOCTYPE r [<!ENTITY e "{"y" * (size // 2)}">]>'
    return rss(f"<item><title>{'&e;' * (size // 6)}</title></item>", declared)


def bare_entities(size: int) -> str:
    declared = "\n".join(f'<!ENTITY e{n} "{"y" * 50}">' for n in range(size // 120))
    return declared + rss(f"<item><title>{'&e1;' * (size // 8)}</title></item>")


ATTACKS: dict[str, Callable[[int], str]] = {
    "doubling entities": doubling,
    "quadratic entities": quadratic,
    "entities a line": bare_entities,
    "external entity": lambda n: rss(
        f"<item>{'&x;' * (n // 3)}</item>", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///">]>'
    ),
    "declarations": lambda n: "<!DOCTYPE rss [ <!ENTITY a 'b'> " * (n // 30) + rss("<item/>"),
    "attributes": lambda n: rss("<item " + " ".join(f"a{i}='1'" for i in range(n // 8)) + "/>"),
    "name spaces": lambda n: rss("<item " + " ".join(f"xmlns:a{i}='u'" for i in range(n // 14)) + "/>"),
    "nesting": lambda n: rss("<item>" + "<a>" * (n // 3)),
    "nesting in a text": lambda n: rss(f"<item><description><![CDATA[{'<div>' * (n // 5)}]]></description></item>"),
    "unclosed items": lambda n: rss("<item><title>x" * (n // 14)),
    "comments in CDATA": lambda n: rss(f"<item><description>{'<!--<![CDATA[-->' * (n // 16)}</description></item>"),
    "author": lambda n: rss(f"<item><author>{'a@b.c (' * (n // 7)}</author></item>"),
    "ampersands": lambda n: rss(f"<item><title>{'&' * n}</title></item>"),
    "brackets": lambda n: rss(f"<item><title>{'<' * n}</title></item>"),
    "categories": lambda n: rss(f"<item>{'<category>c</category>' * (n // 22)}</item>"),
    "enclosures": lambda n: rss("<item>" + "<enclosure url='file:///x'/>" * (n // 28) + "</item>"),
    "items": lambda n: rss("<item><title>a</title></item>" * (n // 30)),
    "title": lambda n: rss(f"<item><title>{'wörd ' * (n // 6)}</title></item>"),
    "marks on a letter": lambda n: rss("<item><title>a" + "\u0336" * (n // 2) + "</title></item>"),
    "date": lambda n: rss(f"<item><pubDate>{'1 ' * (n // 2)}</pubDate></item>"),
    "quiet hours": lambda n: rss("<skipHours>" * (n // 11)),
    "bases": lambda n: rss("<item xml:base='a/'>" * (n // 20)),
    "instructions": lambda n: rss("<?x y?>" * (n // 7)),
    "nested JSON": lambda n: json_feed("[" * n),
    "JSON items": lambda n: json_feed("[" + ",".join(['{"id":1,"content_html":"<b>"}'] * (n // 30)) + "]}"),
}


async def cost(workers: Workers, body: str) -> tuple[ParsedFeed | NotAFeed, float, float]:
    """What a worker makes of the body, in how many seconds, and for how long the event loop stood still meanwhile."""
    began = last = time.monotonic()
    worst = 0.0
    job = asyncio.create_task(workers.parse(Fetched(FEED, body.encode(), "application/xml"), FEED))
    while not job.done():
        await asyncio.wait([job], timeout=0.01)
        worst, last = max(worst, time.monotonic() - last - 0.01), time.monotonic()
    return await job, time.monotonic() - began, worst


@dataclass(frozen=True, slots=True)
class Cost:
    """What one attack cost at one size."""

    seconds: float
    still: float
    found: ParsedFeed | NotAFeed

    def __str__(self) -> str:
        found = self.found
        what = found.reason if isinstance(found, NotAFeed) else f"{len(found.entries)} entries"
        return f"{self.seconds:5.2f} s, loop {self.still * 1000:3.0f} ms: {what[:42]:<42}"


async def main() -> int:
    """Print them all; 1 where one costs more than the limits, or holds up the event loop for more than 100 ms."""
    table: dict[str, list[Cost]] = {}
    async with Workers() as workers:
        for name, make in ATTACKS.items():
            for reader, change in (("any reader", str), ("feedparser", only_for_feedparser)):
                costs = [Cost(*_ordered(await cost(workers, change(make(size))))) for size in SIZES]
                table[f"{name}, {reader}"] = costs
                print(f"{name:<20}", " | ".join(map(str, costs)), flush=True)
    every = [each for costs in table.values() for each in costs]
    slowest, stillest = max(each.seconds for each in every), max(each.still for each in every)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    steep = [f"{name} ({growth(costs):.1f})" for name, costs in table.items() if growth(costs) > STEEP]
    print(f"{len(every)} bodies: at most {slowest:.1f} s, {memory} MiB, the loop still for {stillest * 1000:.0f} ms")
    print(f"Time grows faster than size to the power of {STEEP}, within the limits: {', '.join(steep) or 'nowhere'}")
    return int(slowest > LONGEST or stillest > STILL)


def _ordered(told: tuple[ParsedFeed | NotAFeed, float, float]) -> tuple[float, float, ParsedFeed | NotAFeed]:
    found, seconds, still = told
    return seconds, still, found


def growth(costs: Sequence[Cost]) -> float:
    """To which power of the size the time grows at the end; 0 where it is short, or ends at a limit."""
    before, last = costs[-2], costs[-1]
    is_stopped = isinstance(last.found, NotAFeed) and last.found.reason.startswith("It could not be read")
    if is_stopped or last.seconds < NOTHING:
        return 0.0
    return log(last.seconds / max(before.seconds, 0.001)) / log(SIZES[-1] / SIZES[-2])


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

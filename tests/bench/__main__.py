"""`make bench`: how fast Pactwire polls, beside a bare loop and beside the `reader` library, in one run on loopback.

All start with empty databases and with their libraries loaded. Medians of three rounds; `python -m tests.bench 1`
runs one. The memory of 10,000 feeds and the single moments are measured once, at the end.
A round in which anybody stores fewer entries than were served ends with an error.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bot.logs import configure
from tests.bench.contestants import HOST_PAUSE, Pactwire, TheReader, bare, pactwire
from tests.bench.feeds import ENTRIES
from tests.bench.moments import body_to_part, bot_start, digest_of_many, due_query, help_start
from tests.bench.table import Row, show

ROUNDS = 3
COLD = 200
STEADY = 2_000
MANY = 10_000
WORKERS = 2
MOMENTS = ("digest", "help", "due", "body", "start")


@contextmanager
def publisher(count: int) -> Iterator[int]:
    """The port of publishers in a process of their own."""
    command = [sys.executable, "-m", "tests.bench.publisher", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield int(process.stdout.readline())
        process.stdin.close()


def advance(port: int) -> None:
    urllib.request.urlopen(f"http://127.0.0.1:{port}/advance").read()


async def against_reader(folder: Path, number: int) -> dict[str, float]:
    """A cold cycle and an update cycle of both, each after the other."""
    with publisher(COLD) as port:
        theirs = TheReader(folder / f"reader{number}.db", COLD, port)
        async with pactwire(folder / f"pactwire{number}.db", COLD, port, WORKERS) as ours:
            times = {"cold": await ours.cycle(), "reader cold": await asyncio.to_thread(theirs.cycle)}
            stall, ours.longest_stall = ours.longest_stall, 0.0
            advance(port)
            times |= {"reader update": await asyncio.to_thread(theirs.cycle), "update": await ours.cycle()}
            served = COLD * (ENTRIES + 1)
            assert ours.entries == served, f"Pactwire lost entries: {ours.entries} of {served}"
            assert theirs.entries() == served, f"reader lost entries: {theirs.entries()} of {served}"
            return times | {"stall": stall}


async def against_bare(ours: Pactwire, port: int) -> dict[str, float]:
    """A cycle in which nothing is new, when every publisher has had his rest: in life the next one is an hour later."""
    await asyncio.sleep(HOST_PAUSE)
    return {"bare": await bare(STEADY, port, '"0"'), "steady": await ours.cycle()}


async def memory(count: int) -> tuple[float, float]:
    """The most that polling so many feeds takes, cold and steady, in MB."""
    with publisher(count) as port:
        command = (sys.executable, "-m", "tests.bench.memory", str(count), str(port))
        process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        told, _ = await process.communicate()
    assert process.returncode == 0, "the measurement of memory failed"
    cold, steady = map(float, told.split())
    print(f"memory at {count:,} feeds: {cold:.0f} MB cold, {steady:.0f} MB steady", flush=True)
    return cold, steady


async def moments(folder: Path) -> dict[str, float]:
    """The single moments, in seconds; `due` is a factor."""
    return {
        "digest": digest_of_many(),
        "help": await asyncio.to_thread(help_start),
        "due": await due_query(folder),
        "body": await body_to_part(folder / "body.db"),
        "start": await bot_start(folder),
    }


async def main(rounds: int) -> None:
    configure("error", "text")
    logging.disable(logging.CRITICAL)
    results: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(rounds):
            results.append(await against_reader(folder, number))
            print(f"round {number + 1} against reader:", _told(results[-1]), flush=True)
            gc.collect()
        with publisher(STEADY) as port:
            async with pactwire(folder / "steady.db", STEADY, port, WORKERS) as ours:
                await ours.cycle()
                for number in range(rounds):
                    results[number] |= await against_bare(ours, port)
                    print(f"round {number + 1}, nothing new:", _told(results[number]), flush=True)
        middle = {name: median(each[name] for each in results) for name in results[0]}
        middle |= await moments(folder)
        print("single moments:", ", ".join(f"{name} {middle[name]:.4f}" for name in MOMENTS), flush=True)
    few, many = await memory(STEADY), await memory(MANY)
    middle |= {"memory cold": many[0], "memory steady": many[1], "memory growth": many[1] / few[1]}
    show(_rows(middle))


def _rows(middle: dict[str, float]) -> list[Row]:
    return [
        Row(
            f"steady cycle, {STEADY:,} feeds, against bare aiohttp", middle["bare"] / middle["steady"], 0.50, 0.70, "x"
        ),
        Row(f"cold cycle, {COLD} feeds, against reader", middle["reader cold"] / middle["cold"], 5, 8, "x"),
        Row(
            "update cycle, one new entry each, against reader", middle["reader update"] / middle["update"], 10, 15, "x"
        ),
        Row(f"peak memory at {MANY:,} feeds, cold, all processes", middle["memory cold"], 400, 300, "MB"),
        Row(f"peak memory at {MANY:,} feeds, steady, all processes", middle["memory steady"], 200, 150, "MB"),
        Row(f"memory at {MANY:,} over {STEADY:,} feeds, steady", middle["memory growth"], 1.3, 1.15, "times"),
        Row("longest event-loop stall in a cold cycle", middle["stall"] * 1000, 50, 20, "ms"),
        Row("body received to digest part handed over, instant, idle", middle["body"] * 1000, 50, 25, "ms"),
        Row("digest of the top 20 from 10,000 deals", middle["digest"] * 1000, 10, 4, "ms"),
        Row("due query, 100,000 subscriptions against 1,000", middle["due"], 2, 1.3, "times"),
        Row("start of `pactwire --help`", middle["help"], 0.4, 0.25, "s"),
        Row("start with 10,000 feeds, a million seen entries", middle["start"], 10, 4, "s"),
    ]


def _told(times: dict[str, float]) -> str:
    return ", ".join(f"{name} {seconds:.2f} s" for name, seconds in times.items())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))

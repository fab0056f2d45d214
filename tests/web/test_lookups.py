"""Names that are slow to look up hold up nobody."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time

import pytest

from bot.web.lookups import Found, Lookups

LOOPBACK: Found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]


async def test_the_system_is_asked() -> None:
    (found,) = await Lookups().resolve("127.0.0.1", 80)
    assert (found["host"], found["port"], found["family"]) == ("127.0.0.1", 80, socket.AF_INET)


async def test_a_hundred_slow_names_do_not_hold_up_a_quick_one() -> None:
    release = threading.Event()

    def look_up(host: str, *_: int) -> Found:
        if host.startswith("slow"):
            release.wait(30)
        return LOOPBACK

    lookups = Lookups(look_up)
    slow = [asyncio.create_task(lookups.resolve(f"slow{number}.example")) for number in range(100)]
    await asyncio.sleep(0)
    (found,) = await asyncio.wait_for(lookups.resolve("quick.example"), 10)
    assert found["host"] == "127.0.0.1"
    assert not any(task.done() for task in slow)
    slow.pop().cancel()
    release.set()
    assert all(len(each) == 1 for each in await asyncio.gather(*slow))


@pytest.mark.parametrize("error", [socket.gaierror(socket.EAI_AGAIN, "later"), UnicodeError("label too long")])
async def test_a_name_that_cannot_be_looked_up_is_told(error: Exception) -> None:
    def look_up(*_: object) -> Found:
        raise error

    with pytest.raises(socket.gaierror):
        await Lookups(look_up).resolve("nobody.example")


def test_a_name_that_is_never_answered_does_not_keep_the_program_alive() -> None:
    program = (
        "import asyncio, time\nfrom bot.web.lookups import Lookups\n"
        "async def main():\n    lookups = Lookups(lambda *_: time.sleep(60))\n"
        "    task = asyncio.create_task(lookups.resolve('a.example'))\n    await asyncio.sleep(0.05)\n"
        "    task.cancel()\n"
        "asyncio.run(main())\n"
    )
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", program], check=True, timeout=50)
    assert time.monotonic() - began < 45

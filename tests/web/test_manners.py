"""Hosts that ask for peace, slow crowds, and what the environment says."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.feeds.answer import Fetched, FetchFailed, NotModified, Postponed, Validators
from bot.web.client import Web
from bot.web.gates import Gates
from bot.web.handover import MOST, Handover
from bot.web.limits import Limits
from bot.web.names import PinnedNames
from tests.web.wire import response, wire

LIMITS = Limits(patience=0.05)


def web(*ports: int, names: dict[str, tuple[str, int]] | None = None, concurrency: int = 16) -> Web:
    return Web(
        user_agent="Pactwire/test",
        allow_addresses=["127.0.0.1"],
        allow_ports=ports,
        host_pause=0,
        concurrency=concurrency,
        limits=LIMITS,
        resolver=PinnedNames(names) if names else None,
    )


async def test_a_429_with_a_time_closes_its_host_and_no_other() -> None:
    async with wire(response(b"", "Retry-After: 3600", status="429 x")) as busy, wire(response(b"x")) as open_:
        names = {
            "a.platform.com": ("127.0.0.1", busy.port),
            "b.platform.com": ("127.0.0.1", busy.port),
            "other.example": ("127.0.0.1", open_.port),
        }
        async with web(busy.port, open_.port, names=names) as client:
            first = await client.fetch(f"http://a.platform.com:{busy.port}/")
            assert isinstance(first, FetchFailed)
            assert first.retry_after == timedelta(hours=1)
            again = await client.fetch(f"http://b.platform.com:{busy.port}/")
            assert isinstance(again, Postponed)
            assert timedelta(minutes=59) < again.wait <= timedelta(hours=1)
            assert isinstance(await client.fetch(f"http://other.example:{open_.port}/"), Fetched)
    assert len(busy.asked) == 1


@pytest.mark.parametrize(("status", "headers"), [("429 x", ()), ("503 x", ("Retry-After: 3600",)), ("502 x", ())])
async def test_nothing_else_closes_a_host(status: str, headers: tuple[str, ...]) -> None:
    async with wire(response(b"", *headers, status=status)) as server, web(server.port) as client:
        for path in ("a", "b"):
            assert isinstance(await client.fetch(server.url + path), FetchFailed)
    assert len(server.asked) == 2


async def test_a_closed_gate_opens_again_and_is_not_forgotten_before() -> None:
    gates = Gates(0)
    gates.close("slow.example", 0.05)
    for number in range(300):
        async with gates.turn(f"h{number}.example"):
            pass
    assert 0 < gates.closed_for("slow.example") <= 0.05
    await asyncio.sleep(0.06)
    assert gates.closed_for("slow.example") == gates.closed_for("nobody.example") == 0


async def test_new_entries_alone_are_asked_for_with_an_etag_only_and_taken() -> None:
    part = response(b"news", 'ETag: "2"', "IM: feed", status="226 IM Used")
    async with wire(part) as server, web(server.port) as client:
        assert isinstance(await client.fetch(server.url), FetchFailed)
        assert isinstance(await client.fetch(server.url, Validators(None, "Monday")), Fetched)
        found = await client.fetch(server.url, Validators('"1"'))
    assert isinstance(found, Fetched)
    assert (found.body, found.is_part, found.validators) == (b"news", True, Validators('"2"'))
    assert ["a-im" in server.head(number) for number in range(3)] == [False, False, True]


async def test_retry_after_on_a_redirect_is_a_wish() -> None:
    async def speak(writer: asyncio.StreamWriter, head: bytes) -> None:
        moved = response(b"", "Location: /end", "Retry-After: 7200", status="301 x")
        writer.write(moved if b" /0 " in head else response(b"", status="304 x"))

    async with wire(speak) as server, web(server.port) as client:
        answer = await client.fetch(server.url + "0", Validators('"1"'))
    assert answer == NotModified(wish=timedelta(hours=2), moved=server.url + "end")


async def test_the_freshness_of_a_refusal_is_heeded() -> None:
    async with wire(response(b"", "Cache-Control: max-age=7200", status="404 x")) as server, web(server.port) as client:
        answer = await client.fetch(server.url)
    assert isinstance(answer, FetchFailed)
    assert answer.retry_after == timedelta(hours=2)


async def test_a_hundred_slow_servers_do_not_hold_up_a_quick_one() -> None:
    async def hang(writer: asyncio.StreamWriter, _: bytes) -> None:
        await asyncio.Event().wait()

    async with wire(hang) as slow, wire(response(b"x")) as quick:
        names = {f"s{number}.example": ("127.0.0.1", slow.port) for number in range(100)}
        async with web(slow.port, quick.port, names=names) as client:
            stuck = [asyncio.create_task(client.fetch(f"http://{name}:{slow.port}/")) for name in names]
            await asyncio.sleep(0)
            began = time.monotonic()
            answer = await client.fetch(quick.url)
            took = time.monotonic() - began
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)
    assert isinstance(answer, Fetched)
    assert took < 5


async def test_large_answers_share_a_limit_and_small_ones_do_not_need_it() -> None:
    limits = Limits(room=1024 * 1024)
    async with (
        wire(response(b"x" * 3 * 1024 * 1024)) as large,
        wire(response(b"x" * 1024 * 1024)) as small,
        Web(
            user_agent="x",
            allow_addresses=["127.0.0.1"],
            allow_ports=[large.port, small.port],
            host_pause=0,
            limits=limits,
        ) as client,
    ):
        for _ in range(2):
            crowded = await client.fetch(large.url)
            assert isinstance(crowded, Postponed)
            assert crowded.wait == timedelta(minutes=15)
            assert isinstance(await client.fetch(small.url), Fetched)


async def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wire(response(b"x")) as server, wire(response(b"proxied")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        async with web(server.port) as client:
            answer = await client.fetch(server.url)
    assert isinstance(answer, Fetched)
    assert (answer.body, proxy.asked) == (b"x", [])


def test_an_answer_is_handed_over_once_and_while_it_is_fresh() -> None:
    handover, answer = Handover(), Fetched("https://a.example/", b"x", "")
    handover.keep("a", answer, 0.0)
    assert handover.take("b", 1.0) is None
    assert (handover.take("a", 1.0), handover.take("a", 1.0)) == (answer, None)
    handover.keep("a", answer, 0.0)
    assert handover.take("a", 601.0) is None
    handover.keep("large", Fetched("u", b"x" * 2_000_000, ""), 0.0)
    assert handover.take("large", 0.0) is None
    for number in range(MOST + 1):
        handover.keep(str(number), answer, 0.0)
    assert handover.take("0", 0.0) is None


@pytest.fixture
def own_certificate(tmp_path: Path) -> ssl.SSLContext:
    """A certificate that nobody has signed but itself."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    command: list[str | Path] = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        key,
        "-out",
        cert,
        "-days",
        "1",
    ]
    subprocess.run([*command, "-subj", "/CN=localhost"], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context


@pytest.fixture
async def secret_server(own_certificate: ssl.SSLContext) -> AsyncIterator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=own_certificate) as server:
        yield server.sockets[0].getsockname()[1]


async def test_a_certificate_that_nobody_vouches_for_is_refused(secret_server: int) -> None:
    async with web(secret_server) as client:
        answer = await client.fetch(f"https://127.0.0.1:{secret_server}/")
    assert answer == FetchFailed("The site's certificate is not valid")

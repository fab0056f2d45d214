"""A publisher sees a model client, and a hostile one gets nothing but its own time."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.feeds.answer import Answer, Fetched, FetchFailed, NotModified, Validators
from bot.web.client import Web
from bot.web.limits import Limits
from tests.web.wire import Speak, response, wire

AGENT = "Pactwire/0.1 (+https://example.com/pactwire)"
SHORT = Limits(connect=0.3, total=0.6)
VALID = ('ETag: W/"a"', "Last-Modified: never")
LIMITS, NONE = Limits(), Validators()
MIB = 1024 * 1024


def web(*ports: int, limits: Limits = LIMITS, pause: float = 0.0) -> Web:
    return Web(user_agent=AGENT, allow_addresses=["127.0.0.1"], allow_ports=ports, host_pause=pause, limits=limits)


async def fetch(speak: Speak | bytes, validators: Validators = NONE, limits: Limits = LIMITS, path: str = "") -> Answer:
    async with wire(speak) as server, web(server.port, limits=limits) as client:
        return await client.fetch(server.url + path, validators)


async def fetched(speak: Speak | bytes, limits: Limits = LIMITS) -> Fetched:
    answer = await fetch(speak, limits=limits)
    assert isinstance(answer, Fetched), answer
    return answer


async def failed(speak: Speak | bytes, limits: Limits = LIMITS) -> FetchFailed:
    answer = await fetch(speak, limits=limits)
    assert isinstance(answer, FetchFailed), answer
    return answer


async def test_a_body_comes_with_its_type_validators_and_wish() -> None:
    answer = await fetched(
        response(b"<rss/>", "Content-Type: text/xml; charset=x", *VALID, "Cache-Control: max-age=7200")
    )  # fmt: skip
    assert (answer.body, answer.content_type) == (b"<rss/>", "text/xml; charset=x")
    assert answer.validators == Validators('W/"a"', "never")
    assert (answer.wish, answer.moved) == (timedelta(hours=2), None)


async def test_the_request_says_who_we_are_and_nothing_more() -> None:
    async with wire(response(b"x", "Set-Cookie: a=b; Path=/")) as server, web(server.port) as client:
        await client.fetch(server.url + "f?a=%2B1")
        await client.fetch(server.url + "f?a=%2B1")
    assert server.asked[0].startswith(b"GET /f?a=%2B1 HTTP/1.1\r\n")
    assert server.head(1).keys() <= {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert (server.head(1)["user-agent"], server.head(1)["accept-encoding"]) == (AGENT, "gzip")


@pytest.mark.parametrize("etag", ['"a"', 'W/"a"', "unquoted", '""', '"a-gzip"', '"é"', '"' + "x" * 4_096 + '"'])
@pytest.mark.parametrize("modified", ["Mon, 23 Nov 2026 08:00:00 GMT", "yesterday", "0"])
async def test_validators_are_echoed_byte_for_byte(etag: str, modified: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nETag: {etag}\r\nLast-Modified: {modified}\r\n\r\n".encode()
    async with wire(head) as server, web(server.port) as client:
        first = await client.fetch(server.url)
        assert isinstance(first, Fetched)
        await client.fetch(server.url, first.validators)
    assert f"\r\nIf-None-Match: {etag}\r\n".encode() in server.asked[1]
    assert f"\r\nIf-Modified-Since: {modified}\r\n".encode() in server.asked[1]


@pytest.mark.parametrize("etag", ["a\r\nX-Evil: 1", "a\x00b", "a\x7f"])
async def test_a_validator_that_would_break_the_request_is_left_out(etag: str) -> None:
    async with wire(response(b"x")) as server, web(server.port) as client:
        assert isinstance(await client.fetch(server.url, Validators(etag)), Fetched)
    assert b"Evil" not in server.asked[0]
    assert b"If-None-Match" not in server.asked[0]


async def test_an_etag_that_is_not_utf8_counts_as_missing() -> None:
    assert (await fetched(response(b"x", 'ETag: "\xe9"'))).validators == Validators()


async def test_not_modified_brings_new_validators_and_wish() -> None:
    answer = await fetch(
        response(b"", 'ETag: "b"', "Cache-Control: max-age=60", status="304 Not Modified"), Validators('"a"')
    )
    assert answer == NotModified(Validators('"b"'), timedelta(minutes=1))


async def test_not_modified_without_being_asked_is_a_failure() -> None:
    assert (await failed(response(status="304 Not Modified"))).status == 304


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("401 x", "HTTP 401: the site asks for a log-in"),
        ("403 x", "HTTP 403: the site refuses us"),
        ("404 x", "HTTP 404: nothing stands at this address"),
        ("410 x", "HTTP 410: the feed is gone for good"),
        ("418 x", "HTTP 418: i'm a teapot"),
        ("429 x", "HTTP 429: the site asks us to come less often"),
        ("500 x", "HTTP 500: the site has a fault of its own"),
        ("503 x", "HTTP 503: the site is out of order just now"),
        ("599 x", "HTTP 599: an answer that we do not know"),
        ("204 x", "HTTP 204: no content"),
        ("206 x", "HTTP 206: partial content"),
        ("226 x", "HTTP 226: im used"),
        ("300 x", "HTTP 300: multiple choices"),
    ],
)
async def test_a_failure_is_told_in_a_sentence_without_the_body(status: str, reason: str) -> None:
    body = b"" if status.startswith("204") else b"SECRET"
    assert await failed(response(body, status=status)) == FetchFailed(reason, int(status[:3]))


async def test_a_check_for_browsers_is_named() -> None:
    answer = await failed(response(b"", "cf-mitigated: challenge", status="403 x"))
    assert answer.reason == "HTTP 403: the site lets only browsers in"


@pytest.mark.parametrize("status", ["429 x", "503 x", "403 x"])
async def test_retry_after_is_told(status: str) -> None:
    answer = await failed(response(b"", "Retry-After: 120", "Retry-After: 3600", "Retry-After: soon", status=status))
    assert answer.retry_after == timedelta(hours=1)


# Bodies


async def test_gzip_is_unpacked() -> None:
    body = b"<rss>" + b"abc" * 1_000
    assert (await fetched(response(gzip.compress(body), "Content-Encoding: gzip"))).body == body
    assert (
        await fetched(response(gzip.compress(body[:99]) + gzip.compress(body[99:]), "Content-Encoding: x-gzip"))
    ).body == body


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "gzip, gzip", "gzip, br", "compress", "x"])
async def test_codings_that_we_did_not_ask_for_are_refused(coding: str) -> None:
    answer = await failed(response(zlib.compress(b"x"), f"Content-Encoding: {coding}"))
    assert answer.reason == "The answer is compressed in a way that we did not ask for"


GZIPPED = gzip.compress(bytes(range(256)) * 40)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"not gzip at all", "The answer is compressed, and damaged"),
        (GZIPPED[:-12], "The answer ends in the middle"),
        (GZIPPED[:-8] + b"\0" * 8, "The answer is compressed, and damaged"),
        (b"", "The answer ends in the middle"),
        (gzip.compress(b"") * 1_000, "The answer is compressed in too many pieces"),
        (gzip.compress(b"\0" * 9 * MIB, 9), "The answer unpacks to more than 100 times its size"),
        (gzip.compress(b"\0" * 60 * MIB, 9), "The answer unpacks to more than 100 times its size"),
    ],
    ids=["no gzip", "cut", "bad trailer", "empty", "members", "bomb", "large bomb"],
)
async def test_a_bad_compressed_body_is_refused(body: bytes, reason: str) -> None:
    assert (await failed(response(body, "Content-Encoding: gzip"))).reason == reason


async def test_what_unpacks_to_more_than_the_limit_is_refused() -> None:
    limits = Limits(decoded=100_000)
    body = gzip.compress(bytes(range(256)) * 400)
    answer = await failed(response(body, "Content-Encoding: gzip"), limits)
    assert answer.reason.startswith("The answer is larger than")


async def test_a_body_at_the_limit_passes_and_one_byte_more_does_not() -> None:
    limits = Limits(wire=100_000)
    assert len((await fetched(response(b"x" * 100_000), limits)).body) == 100_000
    assert (await failed(response(b"x" * 100_001), limits)).reason.startswith("The answer is larger than")


async def test_a_length_over_the_limit_is_refused_before_reading() -> None:
    answer = await failed(response(b"x", "Content-Length: 5000000000"))
    assert answer.reason == "The answer is larger than 5 MiB"


async def test_an_endless_body_stops_at_the_limit_without_filling_memory() -> None:
    sent = 0

    async def pour(writer: asyncio.StreamWriter, _: bytes) -> None:
        nonlocal sent
        writer.write(response(b""))
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()
            sent += 65_536

    tracemalloc.start()
    answer = await failed(pour)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.reason == "The answer is larger than 5 MiB"
    assert peak < 32 * MIB
    assert sent < 16 * MIB


async def test_a_million_tiny_chunks_end_at_a_limit() -> None:
    chunks = b"1\r\nx\r\n" * 1_000_000
    answer = await failed(response(chunks, "Transfer-Encoding: chunked"), Limits(wire=200_000, total=10))
    assert answer.reason.startswith("The answer is larger than")


@pytest.mark.parametrize("headers", ["Content-Length: 100", "Transfer-Encoding: chunked"])
async def test_a_body_shorter_than_announced_is_refused(headers: str) -> None:
    assert (await failed(response(b"5\r\nhello\r\n", headers))).reason == "The answer ends in the middle"


# Slow and broken servers


async def say_nothing(writer: asyncio.StreamWriter, _: bytes) -> None:
    await asyncio.Event().wait()


async def drip(writer: asyncio.StreamWriter, _: bytes) -> None:
    writer.write(response(b""))
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_headers(writer: asyncio.StreamWriter, _: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        writer.write(b"X-%d: y\r\n" % number)
        await writer.drain()
        await asyncio.sleep(0.02)


async def keep_continuing(writer: asyncio.StreamWriter, _: bytes) -> None:
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("speak", [say_nothing, drip, drip_headers, keep_continuing])
async def test_a_slow_server_is_left_when_time_is_up(speak: Speak) -> None:
    started = time.monotonic()
    answer = await failed(speak, SHORT)
    assert answer.reason == "The site did not finish its answer within 0.6 seconds"
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "The site hung up without an answer"),
        (b"SSH-2.0-OpenSSH_9\r\n", "The answer is not proper HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "The answer is not proper HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5_000 + b"\r\n", "The answer is not proper HTTP"),
        (response(b"", *(f"X-{n}: {'y' * 1_000}" for n in range(100))), "The headers are larger than 64 KiB"),
        (response(b"zz\r\nx", "Transfer-Encoding: chunked"), "The answer is not proper HTTP"),
    ],
    ids=["nothing", "other protocol", "long header", "many headers", "large headers", "bad chunk"],
)
async def test_a_broken_server_is_told_in_a_sentence(said: bytes, reason: str) -> None:
    assert (await failed(said)).reason == reason


async def test_a_closed_port_is_told_in_a_sentence() -> None:
    async with wire(b"") as server:
        port = server.port
    async with web(port) as client:
        answer = await client.fetch(f"http://127.0.0.1:{port}/")
    assert answer == FetchFailed("The site does not accept connections", is_unreached=True)


async def test_plain_http_on_a_secure_address_is_told_in_a_sentence() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(response(b"x"))
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with web(port) as client:
            answer = await client.fetch(f"https://127.0.0.1:{port}/")
    assert answer == FetchFailed("No secure connection to the site could be made")


async def test_a_cancelled_fetch_lets_the_next_one_in() -> None:
    asking = asyncio.Event()

    async def hang(writer: asyncio.StreamWriter, _: bytes) -> None:
        asking.set()
        await asyncio.Event().wait()

    async with wire(hang) as slow, wire(response(b"x")) as quick, web(slow.port, quick.port) as client:
        task = asyncio.create_task(client.fetch(slow.url))
        await asyncio.wait_for(asking.wait(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert isinstance(await client.fetch(quick.url), Fetched)


async def test_requests_to_one_host_wait_for_each_other_and_pause() -> None:
    at: list[float] = []
    open_now = 0

    async def note(writer: asyncio.StreamWriter, _: bytes) -> None:
        nonlocal open_now
        open_now += 1
        at.append(time.monotonic())
        assert open_now == 1
        await asyncio.sleep(0.01)
        open_now -= 1
        writer.write(response(b"x"))

    async with wire(note) as server, web(server.port, pause=0.1) as client:
        answers = await asyncio.gather(*(client.fetch(server.url) for _ in range(4)))
    assert all(isinstance(answer, Fetched) for answer in answers)
    assert all(later - earlier >= 0.1 for earlier, later in pairwise(at))


Redirect = Callable[[asyncio.StreamWriter, bytes], Awaitable[None]]


def hops(*targets: str, status: str = "301 x", end: bytes = b"") -> Redirect:
    """A server that redirects /0 → targets[0], /1 → targets[1] …, and answers anything else."""

    async def speak(writer: asyncio.StreamWriter, head: bytes) -> None:
        path = head.split(b" ")[1].decode().lstrip("/")
        if path.isdigit() and int(path) < len(targets):
            writer.write(response(b"SECRET", f"Location: {targets[int(path)]}", status=status))
        else:
            writer.write(end or response(b"feed"))

    return speak


@pytest.mark.parametrize("status", ["301 x", "308 x"])
async def test_a_feed_that_moved_for_good_names_its_new_address(status: str) -> None:
    async with wire(hops("/1", "/end?utm_source=x#frag", status=status)) as server, web(server.port) as client:
        answer = await client.fetch(server.url + "0")
    assert isinstance(answer, Fetched)
    assert answer.url == answer.moved == server.url + "end?utm_source=x"


@pytest.mark.parametrize("status", ["302 x", "303 x", "307 x"])
async def test_a_feed_that_stands_elsewhere_for_now_keeps_its_address(status: str) -> None:
    answer = await fetch(hops("/end", status=status), path="0")
    assert isinstance(answer, Fetched)
    assert answer.moved is None


async def test_a_chain_that_moves_partly_for_now_keeps_its_address() -> None:
    async def speak(writer: asyncio.StreamWriter, head: bytes) -> None:
        path = head.split(b" ")[1]
        steps = {
            b"/0": response(b"", "Location: /1", status="301 x"),
            b"/1": response(b"", "Location: /2", status="302 x"),
        }
        writer.write(steps.get(path, response(b"feed")))

    answer = await fetch(speak, path="0")
    assert isinstance(answer, Fetched)
    assert answer.moved is None


async def test_five_redirects_are_followed_and_six_are_not() -> None:
    assert isinstance(await fetch(hops("/1", "/2", "/3", "/4", "/5"), path="0"), Fetched)
    answer = await fetch(hops("/1", "/2", "/3", "/4", "/5", "/6"), path="0")
    assert answer == FetchFailed("The site redirects more than 5 times")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/0", "The site redirects in a circle"),
        ("file:///etc/passwd", "The site redirects to something that is not a web address"),
        ("ftp://example.com/", "The site redirects to something that is not a web address"),
        ("gopher://127.0.0.1/", "The site redirects to something that is not a web address"),
        ("http://user@example.com/", "The site redirects to something that is not a web address"),
        ("http://0x7f.1/", "The site redirects to something that is not a web address"),
        ("http://2130706433/", "The site redirects to something that is not a web address"),
        ("http://127.0.0.2/", "The address is not allowed (private network)"),
        ("http://[::1]/", "The address is not allowed (private network)"),
        ("http://[::ffff:127.0.0.1]/", "The address is not allowed (private network)"),
        ("http://169.254.169.254/latest/meta-data/", "The address is not allowed (private network)"),
        ("http://10.0.0.1/", "The address is not allowed (private network)"),
        ("http://127.0.0.1:22/", "The address uses port 22, which is not allowed"),
    ],
)
@pytest.mark.parametrize("status", ["301 x", "302 x", "303 x", "307 x", "308 x"])
async def test_no_redirect_leads_where_a_first_address_may_not(target: str, reason: str, status: str) -> None:
    answer = await fetch(hops(target, status=status), path="0")
    assert isinstance(answer, FetchFailed)
    assert answer.reason == reason


@pytest.mark.parametrize("hop", range(1, 6))
@pytest.mark.parametrize(
    "target", ["http://127.0.0.2/", "http://[::1]/", "http://169.254.169.254/", "file:///etc/hosts"]
)
async def test_no_hop_of_a_chain_leads_there_either(target: str, hop: int) -> None:
    chain = [*(f"/{number}" for number in range(1, hop)), target]
    answer = await fetch(hops(*chain), path="0")
    assert isinstance(answer, FetchFailed)
    assert answer.reason.endswith(("is not allowed (private network)", "something that is not a web address"))


async def test_a_redirect_without_a_target_is_a_failure() -> None:
    assert await failed(response(b"", status="301 x")) == FetchFailed("HTTP 301: moved permanently", 301)


async def test_validators_travel_along_a_redirect() -> None:
    answer = await fetch(hops("/end", end=response(b"", status="304 x")), Validators('"a"'), path="0")
    assert isinstance(answer, NotModified)


async def test_a_refresh_header_is_not_followed() -> None:
    answer = await fetched(response(b"x", "Refresh: 0; url=http://127.0.0.2/", "Link: <http://127.0.0.2/>; rel=self"))
    assert answer.body == b"x"

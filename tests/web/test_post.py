"""Forms are sent with the same manners and limits as anything is fetched."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.feeds.answer import Accepted, FetchFailed, Postponed
from bot.web.client import Web
from bot.web.limits import Limits
from tests.web.wire import response, wire

FORM = {"hub.mode": "subscribe", "hub.topic": "https://news.example/feed?a=1&b=ü"}


def web(port: int, limits: Limits = Limits()) -> Web:  # noqa: B008
    return Web(
        user_agent="Pactwire/test", allow_addresses=["127.0.0.1"], allow_ports=[port], host_pause=0, limits=limits
    )


async def test_a_form_is_sent_as_one_with_our_name_and_nothing_more() -> None:
    async with wire(response(b"any", "Set-Cookie: a=b", status="202 x")) as server, web(server.port) as client:
        for _ in range(2):
            assert await client.post(server.url + "hub", FORM) == Accepted()
    assert server.asked[1].startswith(b"POST /hub HTTP/1.1\r\n")
    head = server.head(1)
    assert (head["user-agent"], head["content-type"]) == ("Pactwire/test", "application/x-www-form-urlencoded")
    assert not head.keys() & {"cookie", "referer", "authorization", "origin"}


@pytest.mark.parametrize("status", ["200 x", "201 x", "202 x", "204 x"])
async def test_any_2xx_is_taken_for_taken(status: str) -> None:
    async with wire(response(b"", status=status)) as server, web(server.port) as client:
        assert await client.post(server.url, FORM) == Accepted()


@pytest.mark.parametrize("status", ["301 x", "302 x", "303 x", "400 x", "404 x", "500 x"])
async def test_anything_else_is_a_failure_that_repeats_nothing_of_the_body(status: str) -> None:
    said = response(b"secret words", "Location: /elsewhere", status=status)
    async with wire(said) as server, web(server.port) as client:
        answer = await client.post(server.url, FORM)
    assert isinstance(answer, FetchFailed)
    assert (answer.status, "secret" in answer.reason) == (int(status[:3]), False)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", ["307 x", "308 x"])
@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "http://127.0.0.2/", "file:///etc/hosts", "http://127.0.0.1:22/"]
)
async def test_a_redirect_leads_nowhere_that_a_first_address_may_not(status: str, target: str) -> None:
    said = response(b"", f"Location: {target}", status=status)
    async with wire(said) as server, web(server.port) as client:
        assert isinstance(await client.post(server.url, FORM), FetchFailed)


async def test_redirects_that_want_the_same_again_end_after_five() -> None:
    async def on(writer: asyncio.StreamWriter, head: bytes) -> None:
        number = int(head.split()[1][1:] or 0)
        writer.write(response(b"", f"Location: /{number + 1}", status="307 x"))

    async with wire(on) as server, web(server.port) as client:
        assert await client.post(server.url + "0", FORM) == FetchFailed("The site redirects more than 5 times")
    assert len(server.asked) == 6


async def test_a_429_closes_the_host_for_everything() -> None:
    said = response(b"", "Retry-After: 3600", status="429 x")
    async with wire(said) as server, web(server.port) as client:
        assert isinstance(await client.post(server.url, FORM), FetchFailed)
        answer = await client.fetch(server.url)
        assert isinstance(answer, Postponed)
        assert answer.wait > timedelta(minutes=59)


async def test_a_silent_server_is_left_when_time_is_up() -> None:
    async def silent(writer: asyncio.StreamWriter, head: bytes) -> None:
        await asyncio.Event().wait()

    async with wire(silent) as server, web(server.port, Limits(total=0.2)) as client:
        answer = await client.post(server.url, FORM)
    assert answer == FetchFailed("The site did not finish its answer within 0.2 seconds")


async def test_an_endless_answer_is_not_read() -> None:
    async def endless(writer: asyncio.StreamWriter, head: bytes) -> None:
        writer.write(response(b"", status="202 x"))
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async with wire(endless) as server, web(server.port) as client:
        assert await client.post(server.url, FORM) == Accepted()


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "ftp://hub.example/", "", "http://127.0.0.1:25/"])
async def test_only_what_may_be_fetched_may_be_sent_to(url: str) -> None:
    async with web(80) as client:
        assert isinstance(await client.post(url, FORM), FetchFailed)

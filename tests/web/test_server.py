"""The local server behaves like a good publisher."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.feeds.answer import Fetched, FetchFailed, NotModified, Validators
from bot.web.client import Web
from bot.web.server import LocalServer, Page

PAGE = Page(b"<rss/>", "application/rss+xml", datetime(2026, 11, 23, 8, tzinfo=UTC))


def web(server: LocalServer) -> Web:
    return Web(user_agent="t", allow_addresses=["127.0.0.1"], allow_ports=[server.port], host_pause=0)


async def test_a_page_is_served_once_and_then_unchanged() -> None:
    async with LocalServer({"/feed": PAGE}) as server, web(server) as client:
        first = await client.fetch(server.url("/feed"))
        assert isinstance(first, Fetched)
        assert (first.body, first.content_type) == (PAGE.body, PAGE.content_type)
        assert isinstance(await client.fetch(server.url("/feed"), first.validators), NotModified)
        assert (server.requests["/feed"], server.unchanged["/feed"]) == (2, 1)


async def test_the_date_alone_is_enough_for_unchanged() -> None:
    async with LocalServer({"/feed": PAGE}) as server, web(server) as client:
        date = "Mon, 23 Nov 2026 08:00:00 GMT"
        assert isinstance(await client.fetch(server.url("/feed"), Validators(last_modified=date)), NotModified)
        assert isinstance(await client.fetch(server.url("/feed"), Validators('"old"', date)), Fetched)


async def test_an_unknown_path_is_not_found() -> None:
    async with LocalServer({}) as server, web(server) as client:
        answer = await client.fetch(server.url("/nothing"))
    assert isinstance(answer, FetchFailed)
    assert answer.status == 404


async def test_it_listens_on_the_loopback_only() -> None:
    async with LocalServer({}) as server:
        assert server.url("/x") == f"http://127.0.0.1:{server.port}/x"
        assert server.port > 0

"""Where a feed says who would tell us of its news."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.feeds.hubs import next_try, read_hub
from bot.feeds.model import Hub, ParsedFeed
from bot.feeds.parse import parse
from tests.feedkit import NOW

BASE = "https://news.example/feed"
HUB, SELF = "https://hub.example/", "https://news.example/canonical?all=1"
ATOM = (
    f'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="{HUB}"/><link rel="self" href="{SELF}"/></feed>'
)


@pytest.mark.parametrize(
    ("text", "links", "hub"),
    [
        (ATOM, "", Hub(HUB, SELF)),
        (ATOM.replace("link ", "atom:link "), "", Hub(HUB, SELF)),
        (ATOM.replace('"', "'"), "", Hub(HUB, SELF)),
        (ATOM.replace(f'<link rel="self" href="{SELF}"/>', ""), "", Hub(HUB, BASE)),
        ("", f'<{HUB}>; rel="hub", <{SELF}>; rel="self"', Hub(HUB, SELF)),
        ("", f"<{HUB}>; rel=hub", Hub(HUB, BASE)),
        ("", f'<{HUB}>; title="a, b"; rel="hub self"', Hub(HUB, HUB)),
        ("", '<https://x.example/>; rel="next", </hub>; rel="HUB"', Hub("https://news.example/hub", BASE)),
        (ATOM, '<https://first.example/>; rel="hub"', Hub("https://first.example/", BASE)),
        (ATOM.replace("/></feed>", '/><link rel="hub" href="https://second.example/"/></feed>'), "", Hub(HUB, SELF)),
        (ATOM.replace("all=1", "all=1&amp;b=2"), "", Hub(HUB, SELF + "&b=2")),
        (ATOM.replace(HUB, "javascript:alert(1)"), "", None),
        (ATOM.replace(HUB, "ftp://hub.example/"), "", None),
        (ATOM.replace(HUB, "https://user:pass@hub.example/"), "", None),
        ("", f'<{HUB}>; rel="hubs"', None),
        ("", '<>; rel="hub"', None),
        ("", "rel=hub" * 500, None),
        ("<" * 50_000, "<" * 4_000, None),
        ("<rss><channel><item>" + ATOM, "", None),
        ("", "", None),
    ],
)
def test_a_feeds_hub_is_found(text: str, links: str, hub: Hub | None) -> None:
    assert read_hub(text, links, BASE) == hub


@pytest.mark.parametrize(
    "body",
    [
        f"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><title>N</title><a:link rel='hub' "
        f"href='{HUB}'/></channel></rss>",
        "<rss version='0.92'><channel><title>N</title></channel></rss>",
        '{"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": []}',
    ],
)
def test_every_kind_of_feed_tells_its_hub(body: str) -> None:
    found = parse(body.encode(), feed_url=BASE, content_type="", links=f'<{HUB}>; rel="hub"')
    assert isinstance(found, ParsedFeed)
    assert found.rhythm.hub == Hub(HUB, BASE)


def test_a_hub_that_keeps_silent_is_asked_less_and_less() -> None:
    waits = [next_try(tries, NOW) - NOW for tries in (0, 1, 2, 3, 4, 5, 6, 99)]
    assert waits == [timedelta(hours=hours) for hours in (1, 1, 2, 4, 8, 16, 24, 24)]

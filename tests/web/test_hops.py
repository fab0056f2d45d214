"""A redirect leads on to web addresses only, and never from a secure one to an insecure one."""

from __future__ import annotations

import pytest

from bot.feeds.answer import FetchFailed
from bot.web.hops import next_hop

HOP = "https://example.com/news/feed"
NO_ADDRESS = FetchFailed("The site redirects to something that is not a web address")
INSECURE = FetchFailed("The site redirects from a secure to an insecure address")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://other.example/", "https://other.example/"),
        ("/feed2", "https://example.com/feed2"),
        ("feed2", "https://example.com/news/feed2"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("?utm_source=rss", "https://example.com/news/feed?utm_source=rss"),
        ("/x#part", "https://example.com/x"),
        ("http://example.com/news/feed", INSECURE),
        ("http://other.example/", INSECURE),
        ("", NO_ADDRESS),
        ("file:///etc/passwd", NO_ADDRESS),
        ("javascript:x", NO_ADDRESS),
        ("https://u:p@example.com/", NO_ADDRESS),
        ("https://exa\udce9mple.com/", NO_ADDRESS),
        ("#part", FetchFailed("The site redirects in a circle")),
        (HOP, FetchFailed("The site redirects in a circle")),
    ],
)
def test_a_hop_is_checked(location: str, expected: str | FetchFailed) -> None:
    assert next_hop(HOP, location, {HOP}) == expected


def test_an_insecure_address_may_lead_to_any_web_address() -> None:
    assert next_hop("http://example.com/", "https://example.com/", set()) == "https://example.com/"
    assert next_hop("http://example.com/", "http://example.org/", set()) == "http://example.org/"

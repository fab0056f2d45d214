"""A web page tells where its feed may be."""

from __future__ import annotations

from time import perf_counter

import pytest

from bot.feeds.discover import MOST, about, candidates

PAGE = "https://www.example.com/news/today"
USUAL = tuple(
    f"https://www.example.com/{name}" for name in ("feed", "rss", "rss.xml", "atom.xml", "feed.xml", "index.xml")
)


def find(page: str) -> tuple[str, ...]:
    return candidates(page.encode(), "text/html", PAGE)


def test_a_page_without_hints_leaves_the_usual_addresses() -> None:
    assert find("<html></html>") == USUAL
    assert candidates(b"", "", PAGE) == USUAL


def test_what_the_page_declares_comes_first_then_what_it_links_to() -> None:
    page = """<a href="/about/rss">RSS</a><a href="/prices">No</a>
    <link rel="alternate" type="application/rss+xml" title="News" href="/a.xml?x=1&amp;y=2">
    <LINK HREF='//feeds.example.net/b' TYPE='application/atom+xml' REL='alternate home'>
    <link rel="stylesheet" href="/rss.css"><link rel=alternate type=application/feed+json href=c.json>"""
    assert find(page)[:4] == (
        "https://www.example.com/a.xml?x=1&y=2",
        "https://feeds.example.net/b",
        "https://www.example.com/news/c.json",
        "https://www.example.com/about/rss",
    )


def test_links_to_feeds_of_others_are_no_hint() -> None:
    page = '<a href="https://other.example/feed">x</a><a href="https://news.example.com/feed/">y</a>'
    assert find(page) == ("https://news.example.com/feed/", *USUAL)


def test_addresses_come_once_and_unusable_ones_never() -> None:
    page = '<link rel="alternate" type="application/rss+xml" href="/feed"><a href="/feed#x">x</a><a href="/rss">y</a>'
    page += "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{each}">'
        for each in ("javascript:x", "file:///rss", "https://u:p@example.com/rss", "", PAGE)
    )
    assert sorted(find(page)) == sorted(USUAL)
    assert find(page)[:2] == ("https://www.example.com/feed", "https://www.example.com/rss")


def test_other_kinds_of_alternates_are_no_feeds() -> None:
    assert (
        find('<link rel="alternate" hreflang="de" href="/de"><link rel="alternate" type="text/html" href="/m">')
        == USUAL
    )


def test_a_page_full_of_links_leaves_room_for_the_usual_addresses() -> None:
    page = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{n}.xml">' for n in range(1_000))
    assert len(find(page)) == MOST
    assert find(page)[-6:] == USUAL


def test_hostile_pages_cost_little() -> None:
    for page in ("<a " * 300_000, "<link " + "x" * 900_000, "<a href=" + "'" * 500_000, "<a href='rss' " * 50_000):
        assert find(page)[-6:] == USUAL


def test_a_tag_of_one_endless_word_costs_no_more_than_its_length() -> None:
    began = perf_counter()
    assert candidates((b"<a " + b"a" * 3900 + b">") * 130, "text/html", "https://example.com/")
    assert perf_counter() - began < 2


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ('<meta property="og:title" content="Shared"><h1>Headed</h1><title>Named</title>', "Shared"),
        ("<title>Named</title><h1>Headed &amp; shown</h1>", "Headed & shown"),
        ("<title>Named</title>", "Named"),
        ("<p>Nothing</p>", ""),
    ],
)
def test_a_pages_title_is_the_one_it_is_shared_by(page: str, title: str) -> None:
    assert about(page.encode(), "text/html", "https://example.com/").title == title

"""Lists of feeds that people bring, and those that we give."""

from __future__ import annotations

import pytest

from bot.feeds.model import Feed, NotAFeed
from bot.feeds.opml import LARGEST, MOST, FeedList, Outline, write_opml
from bot.feeds.outlines import read_opml


def opml(inner: str, *, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<opml version="2.0"><body>{inner}</body></opml>'.encode()


def listed(body: bytes) -> FeedList:
    found = read_opml(body)
    assert isinstance(found, FeedList), found
    return found


def test_feeds_are_found_however_deep_and_however_spelt() -> None:
    body = opml(
        '<outline text="Health"><outline type="rss" text="A &amp; B" title="" xmlUrl="HTTPS://A.example/feed#x"/>'
        '<outline><outline xmlurl="https://b.example/rss?utm_source=x" title="B" htmlUrl="https://b.example"/></outline>'
        '</outline><outline text="no feed"/><outline xmlUrl="https://a.example/feed" text="again"/>'
    )
    assert listed(body) == FeedList(
        (
            Outline("https://a.example/feed", "A & B", None),
            Outline("https://b.example/rss", "B", "https://b.example/"),
        )
    )


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "http://u:p@a.example/", "=cmd()", "//"])
def test_what_is_no_web_address_is_counted_and_left_out(url: str) -> None:
    assert listed(opml(f'<outline xmlUrl="{url}"/>')) == FeedList((), refused=1)


def test_two_hundred_are_taken_and_the_rest_is_counted() -> None:
    found = listed(opml("".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(MOST + 7))))
    assert (len(found.outlines), found.dropped) == (MOST, 7)


ENTITIES = '<!DOCTYPE opml [<!ENTITY a "https://a.example/"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
BOMB = "<!DOCTYPE opml [<!ENTITY a '" + "x" * 1000 + "'><!ENTITY b '" + "&a;" * 1000 + "'><!ENTITY c '&b;&b;&b;'>]>"


@pytest.mark.parametrize(
    "body",
    [
        opml('<outline xmlUrl="&x;" text="&x;"/>&x;', head=ENTITIES),
        opml('<outline text="&c;"/>&c;', head=BOMB),
        opml("<outline>" * 100_000),
        opml("<outline " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"),
        opml("<outline")[:-10],
    ],
    ids=["outside", "bomb", "deep", "wide", "cut"],
)
def test_an_attack_brings_no_feed_and_no_secret(body: bytes) -> None:
    found = read_opml(body)
    assert isinstance(found, NotAFeed) or found.outlines == ()


def test_a_list_that_is_malformed_gives_what_can_be_read() -> None:
    body = opml('<outline text="A & B" xmlUrl="https://a.example/?a=1&b=2"/><outline xmlUrl="https://b.example/">')
    assert [each.url for each in listed(body).outlines][-1] == "https://b.example/"


@pytest.mark.parametrize("body", [b"", b"<rss/>", b"<html>opml</html>", b"\x00\xff", b"{}", opml("x" * LARGEST)])
def test_what_is_no_list_is_told(body: bytes) -> None:
    assert isinstance(read_opml(body), NotAFeed)


def test_what_is_written_can_be_read_again() -> None:
    feeds = [Feed('https://a.example/?a=1&b="2"', "A <&> “B”", "https://a.example/"), Feed("https://b.example/", "B")]
    found = listed(write_opml(feeds).encode())
    assert [(each.title, each.site) for each in found.outlines] == [(each.title, each.site) for each in feeds]
    assert [each.url for each in found.outlines] == ["https://a.example/?a=1&b=%222%22", "https://b.example/"]

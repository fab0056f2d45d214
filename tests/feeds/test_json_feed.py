"""JSON Feeds, and JSON that nearly is one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.model import NotAFeed, ParsedFeed
from bot.feeds.parse import parse

VERSION = "https://jsonfeed.org/version/1"


def read(feed: object) -> ParsedFeed | NotAFeed:
    return parse(json.dumps(feed).encode(), feed_url="https://example.com/feed.json", content_type="application/json")


def items(*each: object) -> ParsedFeed:
    found = read({"version": VERSION, "title": "News & <b>more</b>", "items": list(each)})
    assert isinstance(found, ParsedFeed)
    return found


def test_plain_text_keeps_its_signs() -> None:
    (entry,) = items({"id": 1, "title": "R&D <now>", "content_text": "a < b & c > d\n\nNext."}).entries
    assert entry.text == "R&D <now>\na < b & c > d\nNext."


def test_html_is_cleaned_and_the_fullest_body_wins() -> None:
    (entry,) = items({"id": "1", "content_html": "<p>One.</p><p>Two &amp; three.</p>", "summary": "Short."}).entries
    assert entry.body == "One.\nTwo & three."


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"id": "1", "url": "/a"}, "https://example.com/a"),
        ({"id": "1", "external_url": "https://other.example/"}, "https://other.example/"),
        ({"id": "1", "url": "javascript:x"}, None),
        ({"id": "1", "url": 7}, None),
        ({"id": "1", "url": ["/a"]}, None),
    ],
)
def test_the_link_is_found(item: dict[str, object], url: str | None) -> None:
    assert items(item).entries[0].url == url


def test_the_feeds_title_is_plain() -> None:
    assert items().title == "News & more"


def test_items_of_a_wrong_kind_do_not_spoil_the_others() -> None:
    assert [entry.title for entry in items(None, 7, [], "x", {"id": "1", "title": "Kept"}).entries] == ["Kept"]


@pytest.mark.parametrize(
    "feed",
    [
        None,
        7,
        [],
        {},
        {"version": VERSION},
        {"version": VERSION, "items": {}},
        {"version": 1, "items": []},
        {"version": "2", "items": []},
        {"items": []},
    ],
)
def test_other_json_is_no_feed(feed: object) -> None:
    assert isinstance(read(feed), NotAFeed)


def test_a_huge_feed_is_cut_and_counted() -> None:
    found = items(*({"id": str(n), "title": f"News {n}"} for n in range(5_000)))
    assert len(found.entries) + found.dropped == 5_000
    assert len(found.entries) == 500


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["id", "url", "title", "content_html", "content_text", "summary", "date_published", "authors"])


@given(st.lists(st.dictionaries(NAMES, ANYTHING, max_size=6), max_size=4))
def test_no_item_breaks_the_reading(each: list[object]) -> None:
    found = items(*each)
    assert len(found.entries) <= len(each)
    for entry in found.entries:
        entry.text.encode("utf-8")

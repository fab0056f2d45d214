from __future__ import annotations

import json
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from bot.deals.texts.organisations import lookup
from bot.feeds.article import article_text
from bot.feeds.model import Entry, ParsedFeed, Register
from bot.feeds.parse import parse
from bot.tour.samples import HOST, Sample, samples

FEEDS = {sample.path: sample for sample in samples() if sample.is_feed}
BY_PATH = {sample.path: sample for sample in samples()}
MALFORMED = "/feeds/industry-briefs.xml"
TWO_LINES = "/articles/best-buy-mass-general-brigham.html"
FORMATS = {
    "/feeds/cloud-vendor.xml": ("rss20", 3),
    "/feeds/health-it-news.xml": ("rss20", 6),
    "/feeds/industry-briefs.xml": ("rss20", 3),
    "/feeds/life-sciences-wire.xml": ("rss20", 3),
    "/feeds/provider-newsroom.atom": ("atom10", 2),
    "/feeds/research-notes.rdf": ("rss10", 2),
    "/feeds/software-vendor.json": ("json", 3),
}


def test_no_two_samples_share_a_path() -> None:
    assert len(BY_PATH) == len(samples())
    assert FEEDS.keys() == FORMATS.keys()


@pytest.mark.parametrize("sample", FEEDS.values(), ids=lambda sample: sample.path)
def test_every_feed_says_that_it_is_a_sample_and_whose_words_it_speaks(sample: Sample) -> None:
    assert sample.title.startswith("Sample: ")
    assert read(sample).title.startswith(sample.title)
    if sample.owner is None:
        assert sample.sector is None
    else:
        organisation = lookup(sample.owner)
        assert organisation is not None
        assert sample.sector is organisation.sector


def test_every_register_is_heard() -> None:
    assert {sample.register for sample in FEEDS.values()} == set(Register)


@pytest.mark.parametrize("path", sorted(FORMATS.keys() - {MALFORMED, "/feeds/software-vendor.json"}))
def test_xml_feeds_are_well_formed(path: str) -> None:
    root = ElementTree.fromstring(FEEDS[path].body)

    assert root.tag.rpartition("}")[2] in {"rss", "feed", "RDF"}


def test_the_json_feed_names_its_version() -> None:
    feed = json.loads(FEEDS["/feeds/software-vendor.json"].body)

    assert feed["version"] == "https://jsonfeed.org/version/1.1"


def test_one_feed_is_malformed_and_read_all_the_same() -> None:
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(FEEDS[MALFORMED].body)

    feed = read(FEEDS[MALFORMED])

    assert feed.fault is not None
    assert feed.title.startswith("Sample: industry briefs, R&D")
    assert all(len(entry.body) > 200 for entry in feed.entries)


@pytest.mark.parametrize(("path", "expected"), FORMATS.items(), ids=FORMATS)
def test_every_entry_is_read_with_its_date_and_its_address(path: str, expected: tuple[str, int]) -> None:
    feed = read(FEEDS[path])

    assert (feed.format, len(feed.entries)) == expected
    for entry in feed.entries:
        assert entry.published is not None
        assert 2019 <= entry.published.year <= 2023
        assert entry.url is not None
        assert entry.body


def test_no_two_entries_share_an_id_or_a_key() -> None:
    keys = [key for entry in entries() for key in (entry.id, *entry.keys)]

    assert len(set(keys)) == len(keys)


def test_entries_lead_to_a_sample_page_or_to_the_publishers_own() -> None:
    for entry in entries():
        parts = urlsplit(entry.url or "")
        if parts.hostname == HOST:
            assert parts.path in BY_PATH, entry.url
        else:
            assert parts.scheme == "https"


def test_nothing_of_trackers_and_share_bars_is_left() -> None:
    body = FEEDS["/feeds/cloud-vendor.xml"].body
    assert all(mark in body for mark in (b"utm_source", b"pixel.example.com", b"Share on Facebook"))

    for entry in read(FEEDS["/feeds/cloud-vendor.xml"]).entries:
        assert not re.search(r"utm_|pixel|Share on|Tweet|LinkedIn|[<>]", f"{entry.text} {entry.url}")


def test_one_entry_has_two_lines_and_a_page_that_tells_the_rest() -> None:
    entry = next(entry for entry in entries() if entry.url == f"http://{HOST}{TWO_LINES}")
    page = BY_PATH[TWO_LINES]

    text = article_text(page.body, page.content_type)

    assert len(entry.body) < 200
    assert text is not None
    assert "five-year contract with Best Buy Health" in text
    assert len(text) > 3 * len(entry.body)


def entries() -> list[Entry]:
    return [entry for sample in FEEDS.values() for entry in read(sample).entries]


def read(sample: Sample) -> ParsedFeed:
    feed = parse(sample.body, feed_url=f"http://{HOST}{sample.path}", content_type=sample.content_type)
    assert isinstance(feed, ParsedFeed)
    return feed

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from bot.deals.texts.organisations import lookup
from bot.feeds.model import Feed, Register
from bot.feeds.pack import load_pack, packs

FEEDS = [pytest.param(feed, id=feed.title) for name in packs() for feed in load_pack(name)]


def test_the_packs_hold_at_least_sixty_feeds_and_none_is_empty() -> None:
    sizes = {name: len(load_pack(name)) for name in packs()}

    assert set(sizes) == {"cloud", "healthcare"}
    assert min(sizes.values()) >= 20
    assert sum(sizes.values()) >= 60


def test_no_address_and_no_title_stands_twice() -> None:
    feeds = [feed for name in packs() for feed in load_pack(name)]

    assert len({feed.url for feed in feeds}) == len(feeds)
    assert len({feed.title for feed in feeds}) == len(feeds)


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_has_a_plain_https_address_and_a_site(feed: Feed) -> None:
    for address in (feed.url, feed.site):
        parts = urlsplit(address or "")
        assert parts.scheme == "https"
        assert "." in (parts.hostname or "")
        assert parts.username is None
        assert parts.port is None


@pytest.mark.parametrize("feed", FEEDS)
def test_whoever_publishes_about_himself_is_known_to_the_gazetteer(feed: Feed) -> None:
    if feed.owner is None:
        assert feed.sector is None
        assert feed.register is not Register.VENDOR_BLOG, "a blog without an owner has nobody behind its we"
    else:
        organisation = lookup(feed.owner)
        assert organisation is not None
        assert feed.sector is organisation.sector


def test_every_register_is_heard() -> None:
    assert {feed.register for name in packs() for feed in load_pack(name)} == set(Register)


def test_an_unknown_pack_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(KeyError, match="'space'; there are: cloud, healthcare"):
        load_pack("space")

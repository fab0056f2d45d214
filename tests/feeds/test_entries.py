"""Which entries are the same, and by which names they are known."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.feeds.entries import Asked, Item, build_entries
from bot.feeds.model import Entry

DAY = datetime(2026, 11, 23, tzinfo=UTC)
FEED = "https://example.com/feed"


def item(
    title: str = "Acme signs", link: str = "https://example.com/a", guid: str = "", published: datetime | None = DAY
) -> Item:
    return Item(guid, link, title, ("Body.",), published)


def build(*items: Item, feed_url: str = FEED) -> tuple[Entry, ...]:
    return build_entries(items, Asked(feed_url, FEED), site="https://example.com/").entries


def test_a_linked_entry_is_known_by_link_and_title() -> None:
    (entry,) = build(item(guid="g1"))
    assert entry.keys == ("link:https://example.com/a", "title:acme signs|2026-11-23T00:00:00+00:00")


def test_an_entry_without_link_is_known_by_guid_and_title() -> None:
    (entry,) = build(item(link="", guid="g1"))
    assert entry.keys == ("guid:g1", "title:acme signs|2026-11-23T00:00:00+00:00")


def test_an_entry_with_neither_is_known_by_its_title() -> None:
    (entry,) = build(item(link="", published=None))
    assert entry.keys == ("title:acme signs|",)


def test_an_entry_without_a_title_is_named_by_its_body() -> None:
    (entry,) = build(item(title="", link="", published=None))
    assert entry.keys == ("title:body.|",)


def test_a_link_shared_by_entries_names_none_of_them() -> None:
    one, two = build(item("One", guid="g1"), item("Two", guid="g2"))
    assert (one.keys[0], two.keys[0]) == ("guid:g1", "guid:g2")
    assert one.url == two.url == "https://example.com/a"


def test_the_sites_own_address_names_no_entry() -> None:
    for link in ("https://example.com/", "https://example.com", "http://www.example.com/"):
        (entry,) = build(item(link=link, guid="g1"))
        assert entry.keys[0] == "guid:g1"


def test_a_guid_shared_by_entries_names_none_of_them() -> None:
    one, two = build(item("One", link="", guid="same"), item("Two", link="", guid="same"))
    assert one.keys[0].startswith("title:one")
    assert two.keys[0].startswith("title:two")


def test_the_same_entry_twice_in_one_body_counts_once() -> None:
    assert len(build(item(guid="g1"), item(guid="g2"))) == 1
    assert len(build(item("Edited", guid="g1"), item("Original", guid="g1"))) == 1
    assert len(build(item(link="", guid=""), item(link="", guid=""))) == 1


def test_an_id_depends_on_feed_and_first_key_alone() -> None:
    one = build(item("Title", guid="g1"))[0]
    edited = build(item("Edited title", guid="g2"))[0]
    elsewhere = build(item("Title", guid="g1"), feed_url="https://example.org/feed")[0]
    assert one.id == edited.id != elsewhere.id
    assert len(one.id) == 16
    assert int(one.id, 16) >= 0


def test_titles_are_compared_without_case_and_markup() -> None:
    assert build(item("<b>ACME</b> &amp; Co", link=""))[0].keys == build(item("Acme & co", link=""))[0].keys


def test_tracking_does_not_make_an_entry_new() -> None:
    assert build(item(link="/a?utm_source=rss"))[0].keys == build(item(link="/a"))[0].keys


def test_undated_entries_stand_last_in_their_order() -> None:
    titles = [entry.title for entry in build(*(item(name, f"/{name}", published=date) for name, date in [
        ("undated one", None), ("dated", DAY), ("undated two", None)]))]  # fmt: skip
    assert titles == ["dated", "undated one", "undated two"]

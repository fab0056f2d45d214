from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests.message import Block, Card, Heading, Link, Message, Quote, Table, Text
from bot.feeds.model import Sector
from bot.platforms.discord.parts import size, split
from bot.platforms.discord.render import Audience, Json, Layout, render
from tests.builders import PUBLISHED
from tests.platforms.discord import messages
from tests.platforms.discord.markdown_model import read
from tests.platforms.discord.messages import HOSTILE, KEY

LONG = "https://example.com/" + "a" * 2_028
texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=300), st.sampled_from(["x" * 5_000, "@" * 900, "مرحبا " * 400])
)
links = st.builds(Link, texts, st.sampled_from(["https://example.com/1", LONG, "javascript:x"]))
cards = st.builds(
    Card,
    deal=st.integers(1, 10**6),
    headline=texts,
    badge=texts,
    summary=texts,
    facts=st.lists(texts, max_size=4).map(tuple),
    sources=st.lists(links, max_size=4).map(tuple),
    published=st.sampled_from([None, PUBLISHED]),
    seen=st.just(PUBLISHED),
)
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, texts),
    st.builds(Text, texts, st.booleans()),
    st.builds(Quote, texts, texts, st.one_of(st.none(), links)),
    st.builds(Table, st.lists(st.tuples(texts, texts), max_size=6).map(tuple)),
    cards,
)
anything = st.builds(
    Message,
    title=texts,
    blocks=st.lists(blocks, max_size=12, unique_by=lambda block: getattr(block, "deal", id(block))).map(tuple),
    aside=st.one_of(st.none(), texts),
    footer=st.lists(texts, max_size=5).map(tuple),
    next_step=st.sampled_from([None, "/deals latest", "/deals feeds add <address>"]),
)


def payloads(message: Message, layout: Layout) -> list[Json]:
    parts = split(message, layout)
    return [render(part, audience, layout) for part in parts for audience in (Audience(KEY), Audience(manages=True))]


def custom_ids(components: object) -> list[str]:
    found: list[str] = []
    if isinstance(components, list):
        for each in components:
            found += custom_ids(each)
    elif isinstance(components, dict):
        found += [components["custom_id"]] if "custom_id" in components else []
        found += custom_ids(components.get("components")) + custom_ids(components.get("accessory"))
    return found


def visits(components: Sequence[Json]) -> list[Json]:
    """The buttons that open a page."""
    found: list[Json] = []
    for each in components:
        found += [each] if each.get("style") == 5 else visits(each.get("components", ()))
    return found


@pytest.mark.parametrize("layout", Layout)
@settings(max_examples=60, deadline=None)
@given(message=anything)
def test_every_message_keeps_every_limit(layout: Layout, message: Message) -> None:
    for payload in payloads(message, layout):
        assert size(payload).fits
        assert payload["allowed_mentions"] == {"parse": []}
        ids = custom_ids(payload["components"])
        assert len(ids) == len(set(ids))
        assert all(0 < len(each) <= 100 for each in ids)
        for visit in visits(payload["components"]):
            assert visit["url"].startswith(("https://", "http://"))
            assert len(visit["url"]) <= 512
            assert 0 < len(visit["label"]) <= 80
        for embed in payload.get("embeds", ()):
            assert len(embed.get("title", "")) <= 256


@pytest.mark.parametrize("layout", Layout)
def test_every_deal_is_shown_once_and_each_part_names_those_it_shows(layout: Layout) -> None:
    whole = messages.digest(*((f"Deal number {number}", list(Sector)[number % 5]) for number in range(50)))
    parts = split(whole, layout)
    assert len(parts) > 2
    shown = [block.deal for part in parts for block in part.blocks if isinstance(block, Card)]
    assert sorted(shown) == list(range(1, 51))
    for part in parts:
        assert part.deals == tuple(
            deal for deal in whole.deals if deal in {b.deal for b in part.blocks if isinstance(b, Card)}
        )


def test_a_group_that_goes_on_says_its_heading_again_and_none_stands_last() -> None:
    parts = split(messages.digest(*((f"Deal number {number}", Sector.CLOUD) for number in range(20))))
    assert all(isinstance(part.blocks[0], Heading) for part in parts)
    assert not any(isinstance(part.blocks[-1], Heading) for part in parts)


def test_the_first_part_has_the_aside_and_the_last_one_the_footer() -> None:
    first, *_, last = split(messages.digest(*((f"Deal number {number}", Sector.CLOUD) for number in range(20)), cut=3))
    assert first.aside == "39 of 40 feeds read"
    assert first.footer == ()
    assert "and 3 more: /deals latest" in last.footer
    assert last.aside is None
    assert last.title.endswith("(4 of 4)")


@pytest.mark.parametrize("layout", Layout)
def test_the_first_part_alone_calls_for_the_role_and_for_nobody_else(layout: Layout) -> None:
    whole = replace(messages.digest(*((f"Deal number {number}", Sector.CLOUD) for number in range(30))), mention="77")
    payloads = [render(part, Audience(KEY), layout) for part in split(whole, layout)]
    assert len(payloads) > 1
    assert [each["allowed_mentions"] for each in payloads[:2]] == [{"parse": [], "roles": ["77"]}, {"parse": []}]
    assert [str(each).count("<@&77>") for each in payloads] == [1, *(0 for _ in payloads[1:])]
    assert "<@&77>" not in str(render(whole, Audience(manages=True), layout))


def test_splitting_what_was_split_changes_nothing() -> None:
    for part in split(messages.digest(*((f"Deal number {number}", Sector.CLOUD) for number in range(20)))):
        assert split(part) == (part,)


def test_five_deals_with_their_buttons_are_one_message() -> None:
    assert len(split(messages.digest(*((f"Deal number {number}", Sector.CLOUD) for number in range(5))))) == 1


def test_links_give_way_to_names_where_there_is_no_room() -> None:
    crowded = messages.card(
        sources=tuple(Link(f"Publisher {number}", f"{LONG}"[:2_040] + str(number)) for number in range(4))
    )
    (part,) = split(Message("The deal", (crowded,)))
    (content,) = (each["components"][0] for each in render(part, Audience())["components"][1]["components"])
    pieces = [piece for _, line in read(content["content"]) for piece in line]
    assert sum("link" in piece.kind for piece in pieces) == 0
    assert "Publisher 3" in content["content"]


def test_a_long_text_is_split_between_words() -> None:
    parts = split(Message("Long", (Text("word " * 3_000),)))
    words = [word for part in parts for block in part.blocks if isinstance(block, Text) for word in block.text.split()]
    assert words == ["word"] * 3_000


def test_a_message_without_blocks_is_one_part() -> None:
    bare = Message("Nothing new")
    assert split(bare) == (replace(bare),)

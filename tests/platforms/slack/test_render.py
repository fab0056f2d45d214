"""What Slack is given: within its limits, valid by slack_sdk's own validators, and safe whatever a text holds."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock

from bot.digests.message import Block, Card, Heading, Link, Message, Name, Quote, Table, Text
from bot.platforms.slack.parts import split
from bot.platforms.slack.render import MOST_BLOCKS, MOST_CHARACTERS, Rendered, render
from bot.platforms.slack.text import cut, link
from tests.builders import PUBLISHED
from tests.platforms.slack.golden_cases import FOLDER, cases, written
from tests.platforms.slack.page import golden, page

HOSTILE = (
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<!subteam^S1>",
    "<@U0ADMIN>",
    "<#C1>",
    "<https://evil.example|example.com>",
    "&lt;!channel&gt;",
    "&amp;lt;",
    "*bold* _italic_ ~struck~ `code` ```block```",
    "a * b * c",
    "\n> quoted\n>>> all of it",
    "&gt; quoted",
    ":rotating_light: :smile:",
    "<!date^1392734382^{date}|spoof>",
    "\u202egnp.exe",
    "zero\u200bwidth",
    "e" + "\u0301" * 40,
    "👩‍👩‍👧‍👦" * 40,
    "😀" * 700,
    "شراكة في الرعاية الصحية",
    "| || |||",
    "\x00\x07\x1b[31m",
    "mailto:a@b.example tel:+1 https://evil.example evil.example #general @here",
)

long = st.builds(str.__mul__, st.text("<>&*_~`|!@#^:{}\n a", min_size=1, max_size=40), st.integers(1, 150))
texts = st.one_of(st.text(max_size=300), st.sampled_from(HOSTILE), long)
urls = st.one_of(
    st.sampled_from(
        (
            "https://example.com/a?b=1&c=<d>|e",
            "javascript:alert(1)",
            "//example.com",
            "https://user:pw@example.com/",
            "https://example.com/" + "x" * 2020,
            "https://bücher.example/ü",
        )
    ),
    st.text(max_size=60),
)
links = st.builds(Link, texts, urls)
blocks = st.one_of(
    st.builds(Heading, texts),
    st.builds(Text, texts, st.booleans()),
    st.builds(Quote, texts, texts, st.one_of(st.none(), links)),
    st.builds(Table, st.lists(st.tuples(texts, texts, texts), max_size=4).map(tuple)),
    st.builds(Table, st.builds(lambda row, n: (row,) * n, st.tuples(texts, texts), st.integers(1, 150))),
    st.builds(
        Card,
        st.integers(1, 10**9),
        texts,
        texts,
        texts,
        st.lists(texts, max_size=12).map(tuple),
        st.lists(links, max_size=12).map(tuple),
        st.sampled_from((None, PUBLISHED)),
        st.just(PUBLISHED),
    ),
)
messages = st.builds(
    Message,
    texts,
    st.lists(blocks, max_size=25).map(tuple),
    st.one_of(st.none(), texts),
    st.lists(texts, max_size=4).map(tuple),
    st.one_of(st.none(), texts),
)


@settings(max_examples=25, deadline=None)
@given(messages)
def test_every_part_of_any_message_is_valid_and_within_limits(message: Message) -> None:
    for part in split(message):
        rendered = render(part)
        assert rendered.text.strip()
        assert len(rendered.text) <= 4000
        assert len(rendered.blocks) <= MOST_BLOCKS
        assert rendered.characters <= MOST_CHARACTERS
        for block in rendered.blocks:
            parsed = SdkBlock.parse(dict(block))
            assert parsed is not None
            parsed.validate_json()
        for place, text in shown(rendered):
            assert len(text) <= {"header": 150, "context": 2000}.get(place, 3000)


@settings(max_examples=25, deadline=None)
@given(messages)
def test_nothing_in_a_text_can_mention_or_link(message: Message) -> None:
    allowed = re.compile(r"<https?://[^<>|\s]+\|[^<>]+>|<!date\^\d+\^\{date_short\}\|[^<>]+>")
    for part in split(message):
        rendered = render(part)
        for place, text in [*shown(rendered), ("text", rendered.text)]:
            if place not in {"header", "plain"}:
                left = allowed.sub("", text)
                assert "<" not in left
                assert ">" not in left
                assert not re.search(r"&(?!amp;|lt;|gt;)", left)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_escaped_exactly_once(text: str) -> None:
    (block,) = render(Message(text)).blocks
    escaped = block["text"]["text"]
    assert "&amp;amp;" not in escaped.replace("&amp;amp;lt;", "") or "&amp;" in text
    again = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert "<!channel>" not in escaped
    assert again.count("<") == text.count("<")


def test_escaping_is_as_slack_asks() -> None:
    (block,) = render(Message("Bob & Co <b> &lt;")).blocks
    assert block["text"] == {"type": "mrkdwn", "text": "Bob &amp; Co &lt;b&gt; &amp;lt;", "verbatim": True}


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("*bold*", "∗bold∗"),
        ("_slanted_ but snake_case", "ˍslantedˍ but snake_case"),
        ("~gone~ `code`", "∼gone∼ ˋcodeˋ"),
        ("> quoted", "› quoted"),
        (":smile: at 10:30:45", "꞉smile꞉ at 10:30:45"),
        ("one\ntwo\x00\u202ethree", "one two three"),
    ],
)
def test_formatting_in_a_text_is_shown_and_not_obeyed(text: str, shown_as: str) -> None:
    (block,) = render(Message(text)).blocks
    assert block["text"]["text"] == shown_as


def test_a_link_that_no_small_text_can_hold_is_told_without_its_address() -> None:
    address = "https://example.com/" + "x" * 2020
    assert link(Link("Trade paper", address)) == "Trade paper"


def test_people_and_channels_are_shown_by_name() -> None:
    cells = (Name("U1", "person"), Name("C2", "channel"), Name("<!channel>", "channel"))
    (_, block, *_) = render(Message("t", (Table((cells,)),))).blocks
    assert block["text"]["text"] == "*<@U1>*  <#C2> · &lt;!channel&gt;"


def test_only_canonical_addresses_become_links() -> None:
    sources = (
        Link("Good & Co", "https://example.com/?a=1&b=2"),
        Link("Bad", "javascript:alert(1)"),
        Link("Masked", "https://user:pw@evil.example/"),
    )
    card = Card(1, "Head", "new", "Sum", (), sources, None, PUBLISHED)
    text = render(Message("Title", (card,))).blocks[2]["elements"][0]["text"]
    assert "<https://example.com/?a=1&amp;b=2|Good &amp; Co>" in text
    assert "javascript" not in text
    assert "evil" not in text


def test_a_cut_breaks_no_flag_in_two() -> None:
    flags = "🇳🇴" * 8
    assert {cut(flags, most).removesuffix("…") for most in range(3, 16)} == {"🇳🇴" * each for each in range(1, 8)}


def test_of_many_sources_a_few_are_named_and_the_rest_is_counted() -> None:
    long = Link("Long", f"https://example.com/{'x' * 1600}")
    sources = (long, *(Link(f"Paper {number}", f"https://example.com/{number}") for number in range(6)))
    card = Card(1, "Head", "new", "Sum", (), sources, None, PUBLISHED)
    text = render(Message("Title", (card,))).blocks[2]["elements"][0]["text"]
    assert text.startswith("Long · <https://example.com/0|Paper 0> · ")
    assert "|Paper 2> · and 3 more · seen" in text


def test_an_address_that_no_text_of_slacks_holds_leaves_its_words() -> None:
    quote = Quote("term", "ten years", Link("Example News", f"https://example.com/{'x' * 2020}"))
    assert render(Message("Title", (quote,))).blocks[-1]["elements"][0]["text"] == "Example News"


def test_a_message_is_split_between_deals_and_each_part_names_its_own() -> None:
    cards = tuple(Card(each, f"Deal {each}", "new", "s" * 900, (), (), None, PUBLISHED) for each in range(1, 26))
    message = Message(
        "News", (Heading("PAYERS"), *cards), "3 of 3 feeds read", ("late",), "/deals latest", tuple(range(1, 26))
    )
    parts = split(message)
    assert len(parts) > 1
    assert [deal for part in parts for deal in part.deals] == list(range(1, 26))
    assert [block for part in parts for block in part.blocks] == list(message.blocks)
    assert [bool(part.footer) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert parts[1].title == f"News (2 of {len(parts)})"


def test_a_heading_never_ends_a_part() -> None:
    pieces: list[Block] = []
    for each in range(20):
        pieces += [Heading(f"H{each}"), Card(each, "h", "new", "s" * 800, (), (), None, PUBLISHED)]
    assert all(not isinstance(part.blocks[-1], Heading) for part in split(Message("News", tuple(pieces))))


@pytest.mark.parametrize("name", sorted(cases()))
def test_it_looks_as_it_did(name: str) -> None:
    assert written(cases()[name]) == (FOLDER / f"{name}.json").read_text(encoding="utf-8")


def shown(rendered: Rendered) -> Iterator[tuple[str, str]]:
    """Every text of the blocks, with the kind of place it stands in."""
    for block in rendered.blocks:
        yield from _texts(dict(block), block["type"])


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield ("plain" if value.get("type") == "plain_text" and place != "header" else place), value["text"]
        for each in value.values():
            yield from _texts(each, place)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each, place)


def test_the_golden_files_are_the_cases() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(cases())
    assert all(json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json"))


def test_a_page_can_be_looked_at(tmp_path: Path) -> None:
    target = Path(os.environ.get("PAGES", tmp_path)) / "slack.html"
    target.write_text(page(golden()), encoding="utf-8")
    text = target.read_text(encoding="utf-8")
    assert "Acme Health × Borealis Cloud" in text
    assert '<span class="mention">' not in text

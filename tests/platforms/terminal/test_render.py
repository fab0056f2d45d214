"""A message in a terminal."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests.message import Block, Card, Heading, Link, Message, Quote, Table, Text
from bot.platforms.terminal.render import NARROWEST, WIDEST, render
from bot.platforms.terminal.text import width_of

SEEN = datetime(2026, 11, 24, 8, tzinfo=UTC)
CARD = Card(
    deal=17,
    headline="Acme Health × Borealis Cloud: 10-year strategic partnership",
    badge="new",
    summary="Acme Health chose Borealis Cloud to store its data, and the two will work together on hard problems.",
    facts=("10 years", "Oslo", "value not stated", "announced by both sides"),
    sources=(Link("Acme Health News", "https://example.com/a"), Link("Borealis Blog", "https://example.com/b")),
    published=datetime(2026, 9, 10, tzinfo=UTC),
    seen=SEEN,
)
DIGEST = Message(
    title="Partnership news · Tue 24 Nov · 1 deal since Mon 08:00",
    blocks=(Heading("HEALTH SYSTEMS"), CARD),
    aside="38 of 40 feeds read",
    footer=("and 2 more: /deals latest", "not read since Mon 14:10: Example News (403)"),
)


def shown(message: Message, width: int = 92, *, colour: bool = False) -> list[str]:
    return render(message, width=width, colour=colour).split("\n")


def test_a_digest_looks_as_it_should() -> None:
    assert shown(DIGEST) == [
        "Partnership news · Tue 24 Nov · 1 deal since Mon 08:00                   38 of 40 feeds read",
        "",
        "HEALTH SYSTEMS",
        "● Acme Health × Borealis Cloud: 10-year strategic partnership                            new",
        "  Acme Health chose Borealis Cloud to store its data, and the two will work together on hard",
        "  problems.",
        "  10 years · Oslo · value not stated · announced by both sides",
        "  Acme Health News · Borealis Blog                                          10 Sep 2026  #17",
        "",
        "and 2 more: /deals latest                       not read since Mon 14:10: Example News (403)",
        "",
    ]


def test_on_a_narrow_screen_everything_is_still_there() -> None:
    assert shown(DIGEST, 44) == [
        "Partnership news · Tue 24 Nov · 1 deal since",
        "Mon 08:00",
        "38 of 40 feeds read",
        "",
        "HEALTH SYSTEMS",
        "● Acme Health × Borealis Cloud: 10-year  new",
        "  strategic partnership",
        "  Acme Health chose Borealis Cloud to store",
        "  its data, and the two will work together",
        "  on hard problems.",
        "  10 years · Oslo · value not stated ·",
        "  announced by both sides",
        "  Acme Health News · Borealis Blog",
        "                            10 Sep 2026  #17",
        "",
        "and 2 more: /deals latest",
        "not read since Mon 14:10: Example News (403)",
        "",
    ]


def test_a_reply_shows_tables_quotes_and_the_next_step() -> None:
    quote = Quote("term: 10 years", "They signed for 10 years.", Link("Example News", "https://example.com/n"))
    message = Message(
        "Deal #17",
        (Table((("1", "Alpha"), ("12", "Beta")), ("no.", "feed")), quote, quote, Text("One.\nTwo.", quiet=True)),
        next_step="/deals latest",
    )
    assert shown(message) == [
        "Deal #17",
        "",
        "no.  feed",
        "1    Alpha",
        "12   Beta",
        "",
        "term: 10 years",
        "  “They signed for 10 years.”",
        "  Example News",
        "  https://example.com/n",
        "",
        "term: 10 years",
        "  “They signed for 10 years.”",
        "  Example News",
        "",
        "One.",
        "Two.",
        "",
        "Next: /deals latest",
        "",
    ]


def test_a_card_without_a_date_says_when_it_was_seen() -> None:
    undated = Card(1, "A × B", "new", "", (), (), None, SEEN)
    assert shown(Message("Title", (undated,)), 60)[3] == f"{'seen 24 Nov 2026  #1':>60}"


def test_wide_characters_keep_the_right_edge_straight() -> None:
    card = Card(1, "日本の会社 × Acme", "new", "", (), (Link("日経", "https://example.com/"),), SEEN, SEEN)
    lines = shown(Message("Title", (card,)), 60)
    assert [width_of(line) for line in lines[2:4]] == [60, 60]


def test_a_long_cell_is_cut_and_a_long_last_cell_goes_on_below() -> None:
    table = Table((("a very long name of a feed that nobody needs", "it answered that it is not there any more"),))
    lines = shown(Message("T", (table,)), 44)[2:-1]
    assert len(lines) == 3
    assert "…" in lines[0]
    assert lines[1].startswith(" " * 20)
    assert " ".join(line[-16:].strip() for line in lines) == "it answered that it is not there any more"


def test_colours_and_links_only_where_they_are_wanted() -> None:
    plain, painted = render(DIGEST, width=92, colour=False), render(DIGEST, width=92, colour=True)
    assert "\x1b" not in plain
    assert "\x1b]8;;https://example.com/a\x1b\\Acme Health News\x1b]8;;\x1b\\" in painted
    assert re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\", "", painted) == plain


@pytest.mark.parametrize(
    "url", ["https://example.com/\x1b[2J", "javascript:alert(1)", "https://exämple.com/", "http://a b/"]
)
def test_an_address_that_could_hide_an_escape_is_no_link(url: str) -> None:
    card = Card(1, "A", "new", "", (), (Link("Name", url),), SEEN, SEEN)
    assert "\x1b]8" not in render(Message("T", (card,)), width=80, colour=True)


ANY = st.text(max_size=120)
LINKS = st.builds(Link, ANY, st.just("https://example.com/x"))
CARDS = st.builds(
    Card,
    deal=st.integers(1, 10**9),
    headline=ANY,
    badge=st.sampled_from(["new", "memorandum"]),
    summary=ANY,
    facts=st.lists(ANY, max_size=4).map(tuple),
    sources=st.lists(LINKS, max_size=4).map(tuple),
    published=st.sampled_from([None, SEEN]),
    seen=st.just(SEEN),
)
TABLES = st.integers(1, 5).flatmap(
    lambda columns: st.builds(Table, st.lists(st.tuples(*[ANY] * columns), max_size=3).map(tuple))
)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    CARDS, st.builds(Heading, ANY), st.builds(Text, ANY, st.booleans()), st.builds(Quote, ANY, ANY, LINKS), TABLES
)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Message,
        title=ANY,
        blocks=st.lists(BLOCKS, max_size=4).map(tuple),
        aside=st.none() | ANY,
        footer=st.lists(ANY, max_size=3).map(tuple),
        next_step=st.none() | ANY,
    ),
    st.integers(0, 200),
)
def test_whatever_a_message_holds_its_lines_fit_and_nothing_escapes(message: Message, width: int) -> None:
    text = render(message, width=width, colour=False)
    assert text.endswith("\n")
    controls = {each for each in text if unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert controls <= {"\n", "\u200c", "\u200d"}
    assert all(width_of(line) <= min(max(width, NARROWEST), WIDEST) for line in text.split("\n"))

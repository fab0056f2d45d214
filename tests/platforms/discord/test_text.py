from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.digests.message import Link
from bot.platforms.discord.text import cut, length, link, markdown, pieces, when
from bot.platforms.harmless import harmless
from tests.platforms.discord.markdown_model import alive, read, shown
from tests.platforms.discord.messages import HOSTILE


@pytest.mark.parametrize("text", HOSTILE)
def test_a_foreign_text_shows_as_it_is_and_nothing_in_it_is_alive(text: str) -> None:
    assert alive(markdown(text)) <= {"plain"}
    assert shown(markdown(text)) == harmless(text)


@given(st.text(alphabet=st.sampled_from("@#<>[]()*_~`|\\:/.-+! 1ab\n\u200b\u202e"), max_size=60))
def test_no_mixture_of_signs_is_alive(text: str) -> None:
    assert alive(markdown(text)) <= {"plain"}
    assert shown(markdown(text)) == harmless(text)


@given(st.text(), st.integers(1, 200))
def test_markdown_keeps_its_limit(text: str, most: int) -> None:
    assert length(markdown(text, most)) <= max(most, 2)


@given(
    st.lists(st.sampled_from(["a", "b", " ", "👩‍👧", "🇳🇴", "z\u0336", "❤️", "👍🏽"]), max_size=40), st.integers(14, 40)
)
@example(["🇳🇴"] * 4, 14)
def test_a_cut_breaks_no_character_in_two(characters: list[str], most: int) -> None:
    head = cut("".join(characters), most).removesuffix("…")
    assert length(head) <= most
    assert head.rstrip() in {harmless("".join(characters[:end])) for end in range(len(characters) + 1)}


def test_a_link_shows_the_publisher() -> None:
    assert link(Link("Example News", "https://example.com/a_b")) == "[Example News](https://example.com/a_b)"


@pytest.mark.parametrize("name", ["google.com", "https://google.com/login", "News at GOOGLE.com today"])
def test_a_name_that_looks_like_another_host_is_not_believed(name: str) -> None:
    assert shown(link(Link(name, "https://evil.example/x"))) == "evil.example"


@pytest.mark.parametrize("name", ["example.com", "www.example.com", "Example.com News"])
def test_a_name_that_is_the_links_own_host_may_stay(name: str) -> None:
    assert shown(link(Link(name, "https://www.example.com/x"))) == name


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "https://user:pw@host.example/", "file:///etc"]
)
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    assert link(Link("Example News", url)) == "Example News"


@pytest.mark.parametrize("url", ["https://e.example/a)b", "https://e.example/<a>", "https://e.example/a(b)?c=`|"])
def test_no_address_ends_its_link_early(url: str) -> None:
    ((_, (piece,)),) = read(link(Link("Example News", url)))
    assert piece.kind == "link"
    assert piece.target.startswith("https://e.example/")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_publishers_name_cannot_break_out_of_its_link(text: str) -> None:
    made = read(link(Link(text, "https://ok.example/1")))
    targets = {piece.target for _, line in made for piece in line if piece.target}
    assert targets == {"https://ok.example/1"}
    assert {piece.kind for _, line in made for piece in line} <= {"link"}


def test_a_moment_is_shown_in_the_readers_zone_and_a_bare_date_is_not() -> None:
    assert when(datetime(2026, 11, 23, 9, tzinfo=UTC)) == "<t:1795424400:D>"
    assert when(datetime(2026, 11, 23, tzinfo=UTC)) == "23 Nov 2026"


@given(st.text(max_size=400), st.integers(40, 120))
def test_pieces_lose_nothing_and_keep_their_limit(text: str, most: int) -> None:
    found = pieces(text, most)
    assert "".join("".join(found).split()) == "".join(harmless(text.replace("\n", " ")).split())

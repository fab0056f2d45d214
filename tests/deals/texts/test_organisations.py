from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deals.texts import organisations


@pytest.mark.parametrize("name", ["Google Cloud", "google cloud", "GOOGLE CLOUD", "Google Cloud Platform"])
def test_a_known_organisation_is_found_under_every_name_it_has(name: str) -> None:
    found = organisations.lookup(name)
    assert found is not None
    assert found.id == "google-cloud"


@pytest.mark.parametrize(
    ("name", "other"),
    [("Mayo Clinic", "the Mayo Clinic"), ("Globex", "Globex, Inc."), ("Acme Corp.", "ACME"), ("Müller AG", "Muller")],
)
def test_articles_suffixes_accents_and_case_make_no_other_organisation(name: str, other: str) -> None:
    assert organisations.key(name) == organisations.key(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Mercy Health", "Mercy Hospital"),
        ("Trinity Health", "Trinity Hunt"),
        ("Royal Bank", "Royal Mail"),
        ("Providence", "Providence Care"),
        ("Google", "Google Cloud"),
    ],
)
def test_look_alikes_are_never_one(name: str, other: str) -> None:
    assert organisations.key(name) != organisations.key(other)


def test_the_chain_of_owners_begins_with_the_direct_one() -> None:
    chain = organisations.owners("google-cloud")
    assert chain[0] == "google"
    assert organisations.owners("no-such-organisation") == ()


def test_a_known_name_is_seen_only_as_a_whole_word_and_with_its_capitals() -> None:
    text = "Googles and google are not it, but Google is."
    assert [text[each.start : each.end] for each in organisations.sightings(text)] == ["Google"]


def test_the_longest_name_wins() -> None:
    text = "They chose Google Cloud today"
    assert [text[each.start : each.end] for each in organisations.sightings(text)] == ["Google Cloud"]


@given(st.text())
def test_folding_any_name_twice_changes_nothing(name: str) -> None:
    assert organisations.fold(organisations.fold(name)) == organisations.fold(name)


@given(st.text(alphabet=st.sampled_from("aßİ Google.,’é"), max_size=80))
def test_sightings_stay_inside_the_text(text: str) -> None:
    assert all(0 <= each.start < each.end <= len(text) for each in organisations.sightings(text))


def test_a_legal_form_that_is_part_of_a_name_is_kept() -> None:
    assert organisations.key("Merck KGaA") == "merck-kgaa"
    assert organisations.key("Merck") == "merck-and-co"

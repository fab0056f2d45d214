"""The words beside the patterns: what they count as, and what never counts."""

from __future__ import annotations

import re

from bot.deals.facts.kind_words import word_features, word_groups
from bot.deals.facts.kinds import kind_weights
from bot.deals.model import Kind


def test_a_word_counts_by_its_stem_and_its_groups_in_the_title_and_anywhere() -> None:
    told = word_features(["⟦0⟧ resells the pumps of ⟦1⟧"])

    assert {"title resell", "any resell", "title #sell", "any #sell", "title pump", "any #device"} <= set(told)


def test_forms_of_one_word_count_as_one() -> None:
    assert set(word_features(["⟦0⟧ builds"])) == set(word_features(["⟦0⟧ building"]))


def test_words_below_the_title_count_anywhere_but_not_in_the_title() -> None:
    told = word_features(["⟦0⟧ and ⟦1⟧ partner", "⟦0⟧ will distribute the monitors of ⟦1⟧ in Japan."])

    assert "any distribut" in told
    assert "title distribut" not in told


def test_only_the_first_two_sentences_count_and_no_byline_or_scrap() -> None:
    first, second, third = (
        f"⟦0⟧ said that it would {verb} for ⟦1⟧." for verb in ("sequence genes", "pay claims", "sponsor races")
    )
    told = word_features(
        ["⟦0⟧ and ⟦1⟧ partner", "By ⟦2⟧, who licenses what she writes", "image.png)", first, second, third]
    )

    assert {"any #genes", "any #insure"} <= set(told)
    assert not {"any #sponsor", "any #licence", "any imag"} & set(told)


def test_a_joined_word_counts_as_one_and_by_its_parts() -> None:
    assert {"title #biosimilar", "title count"} <= set(word_features(["an over-the-counter drug"]))


def test_no_word_that_is_not_common_is_learnt() -> None:
    assert word_features(["qwertinox"]) == ()
    assert all(
        re.fullmatch(r"[a-z#_]+", name.partition(" ")[2]) for name in kind_weights() if name[:4] in ("any ", "titl")
    )


def test_groups_hold_plain_words_and_lean_to_every_kind() -> None:
    assert {group.kind for group in word_groups()} == {None, *Kind}
    assert all(re.fullmatch(r"[a-z0-9-]+", word) for group in word_groups() for word in group.words)


def test_every_group_that_leans_to_a_kind_is_weighed() -> None:
    leaning = [group.name for group in word_groups() if group.kind]

    assert {f"{place} #{name}" for place in ("title", "any") for name in leaning} <= set(kind_weights())


def test_nothing_is_said_where_nothing_stands() -> None:
    assert word_features([]) == ()
    assert word_features(["", ""]) == ()

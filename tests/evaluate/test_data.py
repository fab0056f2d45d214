"""The labelled data of the project: whole, consistent with the guide, and its parts apart. No row is judged here."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.deals.model import Kind, Status
from bot.feeds.model import Register

DATA = Path(__file__).parents[1] / "data"
GUIDE = Path(__file__).parents[2] / "docs/guide.md"
FILES = sorted(path for path in DATA.glob("*.jsonl") if ".aside." not in path.name)
MEASURING = ("untouched", "fresh")


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_ids_are_unique_and_labels_whole(path: Path) -> None:
    told = rows(path)

    assert len({row["id"] for row in told}) == len(told)
    for row in told:
        assert isinstance(row["label"], bool), row["id"]
        assert row["kind"], row["id"]
        if row["label"]:
            assert row["kind"] in set(Kind), row["id"]
            assert row["status"] in set(Status) - {Status.ENDED}, row["id"]
            assert len(row["parties"]) >= 2, row["id"]
        else:
            assert not row.get("parties"), row["id"]


@pytest.mark.parametrize("path", sorted(DATA.glob("posts.*.jsonl")), ids=lambda path: path.name)
def test_a_post_prints_its_parties_and_mentions(path: Path) -> None:
    for row in rows(path):
        text = f"{row['title']} {row['text']} {row.get('publisher', '')}"
        aliases = row.get("party_aliases", {})
        assert row["register"] in set(Register), row["id"]
        for party in row.get("parties", ()):
            assert any(name in text for name in (party, *aliases.get(party, ()))), (row["id"], party)
        for name in (name for deal in row.get("other_deals", ()) for name in deal):
            assert name in text, (row["id"], name)


@pytest.mark.parametrize("kind", ["posts", "releases"])
def test_what_measures_shares_nothing_with_what_is_tuned_on(kind: str) -> None:
    tuned, *measuring = (rows(DATA / f"{kind}.{part}.jsonl") for part in ("tuning", *MEASURING))

    for measured in measuring:
        for field in ("id", "cluster", "company"):
            assert not {row.get(field) for row in tuned} & {row.get(field) for row in measured} - {None}, field
        assert not deals(tuned) & deals(measured)
    drawn = [row for row in tuned if row.get("stratum") != "rest"]  # the rest is what was left when all was drawn
    share = sum(map(len, measuring)) / (len(drawn) + sum(map(len, measuring)))
    assert 0.35 < share < 0.6


def test_posts_for_kinds_share_nothing_with_what_measures() -> None:
    tuned = rows(DATA / "posts.kinds.jsonl")

    for measured in (rows(DATA / f"posts.{part}.jsonl") for part in MEASURING):
        for field in ("id", "cluster"):
            assert not {row.get(field) for row in tuned} & {row.get(field) for row in measured} - {None}, field
        assert not deals(tuned) & deals(measured)


@pytest.mark.parametrize("kind", ["posts", "releases"])
def test_no_two_files_that_measure_hold_one_deal(kind: str) -> None:
    untouched, fresh = (rows(DATA / f"{kind}.{part}.jsonl") for part in MEASURING)

    for field in ("id", "cluster"):
        assert not {row.get(field) for row in untouched} & {row.get(field) for row in fresh} - {None}, field
    assert not deals(untouched) & deals(fresh)


def deals(told: list[dict[str, Any]]) -> set[tuple[frozenset[str], str]]:
    """The parties of each deal, in every name that counts as right, and its month."""
    return {
        (frozenset(chosen), row.get("published", "")[:7])
        for row in told
        if row["label"]
        for chosen in product(*((party, *row.get("party_aliases", {}).get(party, ())) for party in row["parties"]))
    }


def test_the_guide_shows_two_true_examples_of_every_kind() -> None:
    table = [line.split("|") for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    examples = {cells[1].strip(): cells[3] for cells in table}

    assert all(examples[kind].count("·") == 1 for kind in Kind)

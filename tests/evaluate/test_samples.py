"""Labelled posts of both formats, read from files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bot.deals.model import Kind, Status
from bot.errors import UserError
from bot.evaluate.part import Part
from bot.evaluate.samples import load

DEAL = {
    "id": "a",
    "title": "Acme and Globex",
    "text": "They sign.",
    "label": True,
    "kind": "licensing",
    "status": "renewed",
    "parties": ["Acme", "Globex"],
    "party_aliases": {"Acme": ["ACME Inc."]},
    "term": "5 years",
    "other_deals": [["Hooli", "Initech"]],
    "cluster": "acme-globex",
}


def written(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_a_row_becomes_a_sample(tmp_path: Path) -> None:
    (sample,) = load([written(tmp_path / "posts.jsonl", DEAL)])

    assert (sample.group, sample.register) == ("acme-globex", "trade_news")
    assert sample.label.parties == (frozenset(("Acme", "ACME Inc.")), frozenset(("Globex",)))
    assert (sample.label.kind, sample.label.statuses) == (Kind.LICENSING, frozenset((Status.RENEWED,)))
    assert sample.label.facts == {"term": "5 years", "value": None, "region": None}
    assert sample.label.mentions == (("Hooli", "Initech"),)


def test_the_shared_format_tells_a_status_and_no_kind(tmp_path: Path) -> None:
    (sample,) = load([written(tmp_path / "posts.jsonl", DEAL | {"kind": "expansion", "status": None})])

    assert sample.label.kind is None
    assert sample.label.statuses == {Status.EXPANDED, Status.RENEWED}


def test_a_title_alone_is_a_register_of_its_own(tmp_path: Path) -> None:
    (sample,) = load([written(tmp_path / "posts.jsonl", DEAL | {"title_only": True})])

    assert (sample.register, sample.entry.body) == ("title_only", "")


def test_texts_of_releases_are_looked_up(tmp_path: Path) -> None:
    texts = tmp_path / "releases.jsonl.gz"
    with gzip.open(texts, "wt", encoding="utf-8") as out:
        out.write(json.dumps({"id": "r1", "wire": "Some Wire", "title": "Acme news", "text": "Nothing."}) + "\n")

    (sample,) = load([written(tmp_path / "labels.jsonl", {"id": "r1", "label": False, "kind": "award"})], texts)

    assert (sample.entry.title, sample.register, sample.label.family) == ("Acme news", "press_release", "award")
    assert sample.label.mentions is None


def test_rows_without_a_text_need_to_be_told_where_it_is(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--texts"):
        load([written(tmp_path / "labels.jsonl", {"id": "r1", "label": False})])


@pytest.mark.parametrize(
    ("row", "fault"), [({"id": "x", "title": "Acme"}, "label"), ({"title": "A", "label": True}, "id"), ([1], "object")]
)
def test_a_fault_names_its_file_and_line(tmp_path: Path, row: object, fault: str) -> None:
    with pytest.raises(UserError, match=f"line 2: .*{fault}"):
        load([written(tmp_path / "posts.jsonl", DEAL, row)])


def test_the_parts_share_no_group_and_miss_none(tmp_path: Path) -> None:
    path = written(tmp_path / "posts.jsonl", *(DEAL | {"id": str(n), "cluster": str(n // 2)} for n in range(60)))

    held, tuned = (load([path], part=part) for part in (Part.HELD_OUT, Part.TUNED))

    assert len(held) + len(tuned) == 60
    assert held
    assert not {each.group for each in held} & {each.group for each in tuned}

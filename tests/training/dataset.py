"""Labelled entries for training and measuring: hand-labelled posts, and labels for press releases of the same folder.

The texts of the releases stay where they are; only ids and labels are kept here.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.feeds.model import Entry, Feed, Register

NOT_TUNED_ON = tuple(
    Path(__file__).parents[1] / f"data/releases.{part}.jsonl" for part in ("untouched", "fresh", "aside")
)
TUNING = Path(__file__).parents[1] / "data/releases.tuning.jsonl"
POSTS = Path(__file__).parents[1] / "data/posts.tuning.jsonl"


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled entry. `group` holds the samples that tell of one announcement; they are never split."""

    entry: Entry
    feed: Feed
    label: bool
    group: str
    held_out: bool
    unsure: bool
    parties: tuple[frozenset[str], ...]
    """For each party every name that counts as right; empty where the parties were not labelled."""


def posts(data: Path) -> Iterator[Sample]:
    """The hand-labelled posts of `partnerships-dev.jsonl`; a third of their groups is held out by hash."""
    yield from _labelled(data / "partnerships-dev.jsonl", split=True)


def own_posts() -> Iterator[Sample]:
    """The project's own labelled posts that may be tuned on."""
    yield from _labelled(POSTS, split=False)


def _labelled(file: Path, *, split: bool) -> Iterator[Sample]:
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        group = row.get("cluster") or row["id"]
        aliases = row.get("party_aliases") or {}
        yield Sample(
            entry=Entry(row["id"], (row["id"],), row["title"], row.get("text") or ""),
            feed=_feed(row),
            label=bool(row["label"]),
            group=group,
            held_out=split and int(sha256(group.encode()).hexdigest(), 16) % 3 == 0,
            unsure=bool(row.get("unsure")),
            parties=tuple(frozenset((name, *aliases.get(name, ()))) for name in row.get("parties") or ()),
        )


def releases(data: Path, *, labelled: bool = True) -> Iterator[Sample]:
    """Press releases: those that have a label here, or all of them with the label False."""
    rows = [json.loads(line) for line in TUNING.read_text(encoding="utf-8").splitlines()]
    labels = {row["id"]: row["label"] for row in rows}
    unsure = {row["id"] for row in rows if row.get("unsure")}
    with gzip.open(data / "press-releases.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["id"] in labels or not labelled:
                yield Sample(
                    entry=Entry(row["id"], (row["id"],), row["title"], row["text"]),
                    feed=Feed("https://example.org/feed", row["wire"], register=Register.PRESS_RELEASE),
                    label=labels.get(row["id"], False),
                    group=row["title"].split("(")[0][-40:],
                    held_out=False,
                    unsure=row["id"] in unsure,
                    parties=(),
                )


def unlabelled(data: Path) -> Iterator[Sample]:
    """Press releases without a row, in whose title and opening a labeller saw nothing that could be a deal.

    Of those that measure, and of other releases of their companies, only the ids are read.
    """
    files = (TUNING, *NOT_TUNED_ON)
    labelled = {json.loads(line)["id"] for file in files for line in file.read_text(encoding="utf-8").splitlines()}
    yield from (each for each in releases(data, labelled=False) if each.entry.id not in labelled)


def _feed(row: dict[str, Any]) -> Feed:
    if "register" in row:
        return Feed("https://example.org/feed", "News", owner=row.get("publisher"), register=Register(row["register"]))
    wire = any(word in row["source"] for word in ("GlobeNewswire", "Business Wire", "PRNewswire", "Knowledgator"))
    owner = row.get("publisher")
    register = Register.VENDOR_BLOG if owner else Register.PRESS_RELEASE if wire else Register.TRADE_NEWS
    return Feed("https://example.org/feed", row["source"], owner=owner, register=register)

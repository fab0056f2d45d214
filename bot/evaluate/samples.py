"""Labelled posts from files: the posts of a data set, or labels for press releases whose texts lie elsewhere."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.deals.model import Kind, Status
from bot.errors import UserError
from bot.evaluate.part import Part
from bot.feeds.lines import NoPost, read_row
from bot.feeds.model import Entry, Feed, Register

TITLE_ONLY = "title_only"
REGISTERS = (*(register.value for register in Register), TITLE_ONLY)
FACTS = ("term", "value", "region")
_STATUSES = {
    "new-partnership": frozenset((Status.ANNOUNCED, Status.MEMORANDUM)),
    "expansion": frozenset((Status.EXPANDED, Status.RENEWED)),
}


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says of a post. None, or an empty set, where the data does not say.

    `parties` holds for each party every name that counts as right. `facts` maps term, value and region to what the post
    states, or to None where it states none; `mentions` are the parties of each other deal told.
    """

    deal: bool
    parties: tuple[frozenset[str], ...] = ()
    kind: Kind | None = None
    statuses: frozenset[Status] = frozenset()
    facts: Mapping[str, str | None] | None = None
    key_facts: tuple[str, ...] = ()
    mentions: tuple[tuple[str, ...], ...] | None = None
    unsure: bool = False
    family: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled post. `group` holds the tellings of one deal; `register` is one of REGISTERS."""

    entry: Entry
    feed: Feed
    label: Label
    group: str
    register: str

    @property
    def held_out(self) -> bool:
        return int(sha256(self.group.encode()).hexdigest(), 16) % 3 == 0


def load(paths: Sequence[Path], texts: Path | None = None, part: Part = Part.ALL) -> list[Sample]:
    """The samples of all files. Rows without a text are looked up by id in `texts` (JSON lines, may be gzipped).

    Raises UserError where a file cannot be used, naming the line.
    """
    rows = [(path, number, row) for path in paths for number, row in _rows(path)]
    wanted = {str(row.get("id")) for _, _, row in rows if "title" not in row}
    found = _texts(texts, wanted) if texts and wanted else {}
    if missing := wanted - set(found):
        where = f"are not in {texts}" if texts else "have no text: name the file that holds it with --texts"
        raise UserError(f"{len(missing)} labelled posts {where} (for example {min(missing)}).")
    samples = [_sample(path, number, row, found) for path, number, row in rows]
    return [each for each in samples if part is Part.ALL or each.held_out is (part is Part.HELD_OUT)]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise UserError(f"{path}, line {number}: this is not a JSON object.")
                    yield number, row
    except (OSError, ValueError) as fault:
        raise UserError(f"{path} cannot be read as JSON lines: {fault}.") from fault


def _texts(path: Path, wanted: set[str]) -> dict[str, dict[str, Any]]:
    kept = ("title", "text", "published")
    found = {}
    for _, row in _rows(path):
        if str(row.get("id")) in wanted:
            wire = {"source": str(row.get("wire", "")), "register": Register.PRESS_RELEASE.value}
            found[str(row["id"])] = {**{name: row.get(name) for name in kept}, **wire}
    return found


def _sample(path: Path, number: int, labels: Mapping[str, Any], texts: Mapping[str, Mapping[str, Any]]) -> Sample:
    row = {**texts.get(str(labels.get("id")), {}), **labels}
    post = read_row(row, f"{path.name}:{number}:{row.get('id')}")
    if isinstance(post, NoPost) or not isinstance(row.get("label"), bool):
        fault = post.reason if isinstance(post, NoPost) else "the field label is neither true nor false"
        raise UserError(f"{path}, line {number}: {fault}.")
    entry = replace(post.entry, body="") if row.get("title_only") else post.entry
    register = TITLE_ONLY if row.get("title_only") else post.feed.register.value
    return Sample(entry, post.feed, _label(row, whole="title" in labels), str(row.get("cluster") or post.id), register)


def _label(row: Mapping[str, Any], *, whole: bool) -> Label:
    """`whole` where the row holds the post itself: then its mentions are labelled too."""
    kind, status = str(row.get("kind") or ""), str(row.get("status") or "")
    aliases = row.get("party_aliases") or {}
    return Label(
        deal=row["label"],
        parties=tuple(frozenset((name, *aliases.get(name, ()))) for name in row.get("parties") or ()),
        kind=Kind(kind) if row["label"] and kind in set(Kind) else None,
        statuses=frozenset((Status(status),)) if status in set(Status) else _STATUSES.get(kind, frozenset()),
        facts={name: row.get(name) for name in FACTS} if row["label"] and "parties" in row else None,
        key_facts=tuple(row.get("key_facts") or ()) if row["label"] else (),
        mentions=tuple(tuple(deal) for deal in row.get("other_deals") or ()) if whole else None,
        unsure=bool(row.get("unsure")),
        family=kind,
    )

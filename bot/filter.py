"""A filter for pipes: posts as JSON lines in, one JSON line each out, saying whether it announces a deal, and what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.deals.model import Announcement, Fact, Judged, Rejected, Verdict
from bot.deals.recognise import recognise
from bot.deals.triage import triage
from bot.feeds.lines import NoPost, Post, read_line


@dataclass(frozen=True, slots=True)
class _Told:
    """The post of one line, and what we make of it."""

    post: Post
    verdict: Verdict

    @property
    def judged(self) -> Judged:
        return Judged(self.post.entry, self.verdict)


@dataclass(frozen=True, slots=True)
class _Bad:
    """A line, by its number, that holds no post."""

    number: int
    fault: NoPost


def answer_lines(lines: Iterable[bytes], *, merge: bool = False) -> Iterator[str]:
    """One JSON object for each line that is not blank, in their order.

    A bad line is answered with `line`, `error` and its `id`, if it has one. Without `merge` every answer is given
    before the next line is read. With it all are read first, and each post bears `merged`: the id of the first that
    tells the same deal, or null where it tells none.
    """
    answers = (_answer(number, line) for number, line in enumerate(lines, 1) if line.strip())
    if not merge:
        yield from (_written(_row(each)) for each in answers)
        return
    kept = list(answers)
    merged = _merged([each for each in kept if isinstance(each, _Told)])
    for each in kept:
        told = {"merged": merged.get(each.post.entry.id)} if isinstance(each, _Told) else {}
        yield _written({**_row(each), **told})


def _answer(number: int, line: bytes) -> _Told | _Bad:
    post = read_line(line, f"{number:09}")
    return _Bad(number, post) if isinstance(post, NoPost) else _Told(post, recognise(post.entry, post.feed))


def _merged(told: Sequence[_Told]) -> dict[str, str | int]:
    """For each entry that announces a deal the id of the first post of that deal."""
    ids = {each.post.entry.id: each.post.id for each in told}
    merged: dict[str, str | int] = {}
    for deal in triage([each.judged for each in told], ()).new:
        entries = sorted(each.entry for each in deal.announcements)
        merged |= dict.fromkeys(entries, ids[entries[0]])
    return merged


def _row(answer: _Told | _Bad) -> dict[str, object]:
    if isinstance(answer, _Bad):
        return {"id": answer.fault.id, "line": answer.number, "error": answer.fault.reason}
    verdict = answer.verdict
    return {"id": answer.post.id, **(_deal(verdict) if isinstance(verdict, Announcement) else _no_deal(verdict))}


def _deal(told: Announcement) -> dict[str, object]:
    return {
        "deal": True,
        "score": round(told.score, 3),
        "headline": told.headline,
        "parties": [party.name for party in told.parties],
        "roles": [party.role.value for party in told.parties],
        "kind": told.kind.value,
        "status": told.status.value,
        "facts": [_fact(told, fact) for fact in told.facts],
        "mentions": [list(mention.parties) for mention in told.mentions],
        "summary": " ".join(sentence.text for sentence in told.summary),
        "reasons": [reason.text for reason in told.reasons],
    }


def _no_deal(rejected: Rejected) -> dict[str, object]:
    return {
        "deal": False,
        "score": round(rejected.score, 3),
        "headline": None,
        "parties": [],
        "roles": [],
        "kind": None,
        "status": None,
        "facts": [],
        "mentions": [list(mention.parties) for mention in rejected.mentions],
        "summary": None,
        "reasons": [reason.text for reason in rejected.reasons],
    }


def _fact(told: Announcement, fact: Fact) -> dict[str, str]:
    return {"name": fact.name.value, "value": fact.value, "evidence": told.quote(fact.evidence)}


def _written(row: Mapping[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False)

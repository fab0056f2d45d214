"""The filter for pipes: one JSON object a line in, one a line out."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from bot.filter import answer_lines

NEWS = {
    "id": "a",
    "title": "Acme Health partners with Globex Cloud to build AI for clinics",
    "text": "Acme Health and Globex Cloud signed a five-year partnership to build AI for clinics in Ohio.",
    "published": "2024-05-02",
}
AGAIN = {
    "id": 7,
    "title": "Globex Cloud, Acme Health sign five-year AI partnership",
    "html": "<p>Acme Health and <b>Globex Cloud</b> have entered into a partnership for five years.</p>",
    "published": "2024-05-03",
}
NO_NEWS = {"id": "c", "title": "Acme Health names a new chief financial officer", "text": "She starts in May."}


def answers(*rows: object, merge: bool = False) -> list[dict[str, Any]]:
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    return [json.loads(answer) for answer in answer_lines(lines, merge=merge)]


def test_a_deal_is_answered_with_all_its_fields() -> None:
    (deal,) = answers(NEWS)

    assert (deal["id"], deal["deal"]) == ("a", True)
    assert sorted(deal["parties"]) == ["Acme Health", "Globex Cloud"]
    assert len(deal["roles"]) == len(deal["parties"])
    assert {"name": "term", "value": "5 years", "evidence": "five-year"} in deal["facts"]
    assert 0.5 < deal["score"] <= 1
    assert deal["headline"]
    assert deal["summary"] in f"{NEWS['title']}\n{NEWS['text']}"


def test_a_post_without_a_deal_has_the_same_fields_and_says_why() -> None:
    deal, other = answers(NEWS, NO_NEWS)

    assert list(other) == list(deal)
    assert (other["deal"], other["kind"], other["parties"]) == (False, None, [])
    assert other["reasons"]


@pytest.mark.parametrize(
    ("line", "id", "error"),
    [
        (b"{", None, "not JSON"),
        (b"\xff\xfe", None, "not JSON"),
        (b"[" * 100_000, None, "not JSON"),
        (b"[1, 2]", None, "not a JSON object"),
        (b'{"title": "Acme"}', None, "id is missing"),
        (b'{"id": true, "title": "Acme"}', None, "id is missing"),
        (b'{"id": "x"}', "x", "neither a title nor a text"),
        (b'{"id": 4, "title": ["Acme"], "url": 5}', 4, "not text: title, url"),
    ],
)
def test_a_bad_line_is_answered_on_its_own_line(line: bytes, id: object, error: str) -> None:
    before, bad, after = answers(NO_NEWS, line, NEWS)

    assert (bad["id"], bad["line"]) == (id, 2)
    assert error in bad["error"]
    assert (before["id"], after["id"]) == ("c", "a")


def test_blank_lines_are_passed_over() -> None:
    assert [each["id"] for each in answers(b"\n", NEWS, b"  \n")] == ["a"]


def test_posts_of_one_deal_share_merged() -> None:
    merged = [each.get("merged") for each in answers(NEWS, NO_NEWS, b"nonsense", AGAIN, merge=True)]

    assert merged == ["a", None, None, "a"]


def test_two_posts_with_one_id_stay_two() -> None:
    first, second = answers(NEWS, NEWS, merge=True)

    assert first == second


def test_each_answer_is_given_before_the_next_line_is_read() -> None:
    read = []

    def lines() -> Any:
        for row in (NEWS, AGAIN):
            read.append(row["id"])
            yield json.dumps(row).encode()

    next(answer_lines(lines()))

    assert read == ["a"]


def test_the_command_reads_a_pipe() -> None:
    lines = b"\n".join((json.dumps(NEWS).encode(), b"nonsense", b'{"id": "\\ud800", "title": "Acme Health"}'))

    run = subprocess.run([sys.executable, "-m", "bot", "recognise", "-"], input=lines, capture_output=True, check=False)

    assert (run.returncode, run.stderr) == (0, b"")
    deal, bad, odd = map(json.loads, run.stdout.decode().splitlines())
    assert (deal["deal"], "error" in bad, odd["id"]) == (True, True, "\ud800")

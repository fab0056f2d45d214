"""Looking for a mark in Slack's history, where its limits end one look and the next one goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from bot.platforms.base import Found, Unreadable
from bot.platforms.slack.calls import Answered, Calls, Outcome, Refused
from bot.platforms.slack.history import History
from bot.platforms.slack.teams import Team
from tests.builders import PUBLISHED


class Pages:
    """Answers each call with the next of these, and remembers with which cursor it was asked."""

    def __init__(self, *answers: Outcome) -> None:
        self.answers = list(answers)
        self.cursors: list[object] = []

    async def read(self, token: str, method: str, **arguments: object) -> Outcome:
        self.cursors.append(arguments.get("cursor"))
        return self.answers.pop(0)


def page(*marks: str, cursor: str = "") -> Answered:
    messages = [{"ts": mark, "metadata": {"event_payload": {"id": mark}}} for mark in marks]
    return Answered({"messages": messages, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}})


TEAM = cast("Team", type("OneTeam", (), {"id": "T1", "token": "x"})())
BUSY = Refused("ratelimited", timedelta(microseconds=1))


async def test_a_look_goes_on_where_the_limits_ended_the_one_before() -> None:
    pages = Pages(page("other", cursor="older"), BUSY, page("mine"))
    history = History(cast("Calls", cast("Any", pages)))
    assert isinstance(await history.find(TEAM, "C1", "mine", PUBLISHED), Unreadable)
    assert await history.find(TEAM, "C1", "mine", PUBLISHED) == Found("mine")
    assert pages.cursors == [None, "older", "older"]


async def test_a_look_for_a_later_attempt_begins_at_the_newest_message_again() -> None:
    pages = Pages(page("other", cursor="older"), BUSY, page("mine"))
    history = History(cast("Calls", cast("Any", pages)))
    assert isinstance(await history.find(TEAM, "C1", "mine", PUBLISHED), Unreadable)
    assert await history.find(TEAM, "C1", "mine", PUBLISHED + timedelta(hours=9)) == Found("mine")
    assert pages.cursors == [None, "older", None]

"""Commands typed on one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.message import Message
from bot.errors import UserError
from bot.platforms.base import Command, Option, Request, Value
from bot.platforms.spoken import parse, usage


async def nothing(request: Request) -> Message:
    return Message("nothing")


HELP = Command("help", "Help", nothing, (Option("command", "which", rest=True),))
DEAL = Command("deal", "A deal", nothing, (Option("id", "its number", int, required=True, minimum=1),))
LATEST = Command("latest", "Latest", nothing, (Option("n", "how many", int, minimum=1, maximum=25),))
SEARCH = Command("search", "S", nothing, (Option("words", "what", required=True, rest=True), Option("since", "when")))
WHY = Command("why", "Why", nothing, (Option("url", "address", required=True),))
ADD = Command("feeds add", "Add", nothing, (Option("address", "where", required=True), Option("title", "name")))
LIST = Command("feeds list", "List", nothing)
SET = Command(
    "settings",
    "Settings",
    nothing,
    (
        Option("days", "days"),
        Option("zone", "zone"),
        Option("empty", "form", choices=("line", "silence")),
        Option("score", "score", float, minimum=0, maximum=1),
    ),
)
ALL = (HELP, DEAL, LATEST, SEARCH, WHY, ADD, LIST, SET)


@pytest.mark.parametrize(
    ("line", "command", "values"),
    [
        ("latest", LATEST, {}),
        ("/deals latest 5", LATEST, {"n": 5}),
        ("deals latest 5", LATEST, {"n": 5}),
        ("DEALS Latest n:5", LATEST, {"n": 5}),
        ("latest n=5", LATEST, {"n": 5}),
        ("latest n: 5", LATEST, {"n": 5}),
        ("deal #17", DEAL, {"id": 17}),
        ("", HELP, {}),
        ("/deals", HELP, {}),
        ("help feeds add", HELP, {"command": "feeds add"}),
        ("search data platform", SEARCH, {"words": "data platform"}),
        ('search "data platform" since:30d', SEARCH, {"words": "data platform", "since": "30d"}),
        ("search since:30d Becker's data", SEARCH, {"words": "Becker's data", "since": "30d"}),
        ("search 10:30 meeting", SEARCH, {"words": "10:30 meeting"}),
        ("why https://example.com/a?b=c:d", WHY, {"url": "https://example.com/a?b=c:d"}),
        ("why url:https://example.com/a", WHY, {"url": "https://example.com/a"}),
        ("feeds list", LIST, {}),
        ('feeds add example.com "Acme News"', ADD, {"address": "example.com", "title": "Acme News"}),
        ("feeds add example.com title:“Acme News”", ADD, {"address": "example.com", "title": "Acme News"}),
        ('feeds add title:"Acme News" example.com', ADD, {"address": "example.com", "title": "Acme News"}),
        ("settings weekdays Europe/London", SET, {"days": "weekdays", "zone": "Europe/London"}),
        ("settings zone:UTC mon,wed", SET, {"zone": "UTC", "days": "mon,wed"}),
        ("settings EMPTY:Silence score:0,7", SET, {"empty": "silence", "score": 0.7}),
    ],
)
def test_a_line_is_understood(line: str, command: Command, values: dict[str, Value]) -> None:
    spoken = parse(line, ALL, "deals")
    assert (spoken.command, spoken.values) == (command, values)


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("serch data", "There is no command “serch”. Did you mean /deals search? /deals help lists them all."),
        ("feed list", "Did you mean /deals feeds list?"),
        ("xyzzy", "There is no command “xyzzy”. /deals help lists them all."),
        ("feeds", "there are /deals feeds add, /deals feeds list."),
        ("feeds lst", "“feeds lst” is not a command of its own"),
        ("deal", "/deals deal needs the id, its number: /deals deal <id>"),
        ("deal abc", "“abc” is no whole number"),
        ("deal 0", "id has to be at least 1, not 0."),
        ("latest 99", "n has to be from 1 to 25, not 99."),
        ("latest 1.5", "“1.5” is no whole number"),
        ("latest 5 6", "“6” is more than /deals latest can take: /deals latest [n]"),
        ("settings score:nan", "score has to be from 0 to 1, not nan."),
        ("settings zne:UTC", "/deals settings has no option “zne”. Did you mean zone?"),
        ("settings empty:lin", "Did you mean line?"),
        ("search", "/deals search needs the words"),
        ('search ""', "/deals search needs the words"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_would_be_right(line: str, reply: str) -> None:
    with pytest.raises(UserError) as refusal:
        parse(line, ALL, "deals")
    assert reply in str(refusal.value)


def test_the_root_word_is_a_setting() -> None:
    assert parse("/pact latest", ALL, "pact").command is LATEST
    with pytest.raises(UserError, match="There is no command “/deals”"):
        parse("/deals latest", ALL, "pact")


def test_usage_shows_what_is_needed_and_what_may_be_left_out() -> None:
    assert usage(SEARCH, "deals") == "/deals search <words> [since]"


@given(st.text(max_size=80))
def test_any_line_is_a_command_or_a_refusal(line: str) -> None:
    try:
        understood = parse(line, ALL, "deals").command in ALL
    except UserError as refusal:
        understood = bool(str(refusal))
    assert understood

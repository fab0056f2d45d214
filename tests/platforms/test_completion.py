"""How a line that is being typed may go on."""

from __future__ import annotations

import pytest

from bot.digests.message import Message
from bot.platforms.base import Command, Option, Request
from bot.platforms.completion import offer


async def nothing(request: Request) -> Message:
    return Message("nothing")


ZONE = Option("zone", "zone")
EMPTY = Option("empty", "form", choices=("line", "silence"))
WORDS = Option("words", "what", required=True, rest=True)
COMMANDS = (
    Command("search", "S", nothing, (WORDS, Option("since", "when"))),
    Command("settings", "S", nothing, (ZONE, EMPTY)),
    Command("feeds list", "L", nothing),
    Command("feeds add", "A", nothing, (Option("address", "where", required=True),)),
)


@pytest.mark.parametrize(
    ("line", "typed", "words", "option"),
    [
        ("", "", ("search", "settings", "feeds"), None),
        ("/deals ", "", ("search", "settings", "feeds"), None),
        ("se", "se", ("search", "settings"), None),
        ("/deals SE", "SE", ("search", "settings"), None),
        ("feeds ", "", ("list", "add"), None),
        ("feeds a", "a", ("add",), None),
        ("xyz ", "", (), None),
        ("settings ", "", ("zone:", "empty:"), "zone"),
        ("settings zo", "zo", ("zone:",), "zone"),
        ("settings zone:Eu", "Eu", (), "zone"),
        ("settings zone:UTC ", "", ("line", "silence", "empty:"), "empty"),
        ("settings UTC s", "s", ("silence",), "empty"),
        ("settings empty:", "", ("line", "silence"), "empty"),
        ("settings empty:s", "s", ("silence",), "empty"),
        ("settings zone:UTC empty:line ", "", (), None),
        ("search data pl", "pl", (), "words"),
        ("search data s", "s", ("since:",), "words"),
        ("feeds add ", "", (), "address"),
    ],
)
def test_names_options_and_choices_are_offered(
    line: str, typed: str, words: tuple[str, ...], option: str | None
) -> None:
    found = offer(line, COMMANDS, "deals")
    assert (found.typed, found.words) == (typed, words)
    assert (found.option.name if found.option else None) == option

"""The one table: help, status, and what becomes of a command that fails."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands.rights import guarded
from bot.digests.message import Message
from bot.errors import StorageFullError, UserError
from bot.feeds.model import Feed
from bot.platforms.base import Command, Request
from bot.platforms.spoken import parse
from tests.builders import announced
from tests.desk import HERE, Desk, shown


async def test_help_lists_every_command_with_one_line(desk: Desk) -> None:
    said = shown(await desk.ask("help"))
    for command in desk.commands:
        assert f"/deals {command.name}" in said
        assert command.summary in said


async def test_help_explains_every_command_with_its_options_and_examples(desk: Desk) -> None:
    for command in desk.commands:
        reply = await desk.ask(f"help {command.name}")
        said = shown(reply)
        assert reply.title == f"/deals {command.usage}"
        assert all(f"{option.name}: | {option.description}" in said for option in command.options)
        assert all(f"/deals {example}" in said for example in command.examples)


async def test_help_for_a_first_word_lists_what_begins_with_it(desk: Desk) -> None:
    reply = await desk.ask("help feeds")
    assert reply.title == "/deals feeds"
    assert "/deals feeds add <address> […]" in shown(reply)


@pytest.mark.parametrize("said", ["/deals deal", "deals deal", " DEAL "])
async def test_help_takes_a_command_as_it_is_typed(desk: Desk, said: str) -> None:
    assert (await desk.ask(f"help {said}")).title == "/deals deal <id>"


async def test_help_for_what_is_not_there_suggests_what_is(desk: Desk) -> None:
    with pytest.raises(UserError, match=r"no command “serch”. Did you mean /deals help search\?"):
        await desk.ask("help serch")


async def test_every_example_is_understood_as_its_own_command(desk: Desk) -> None:
    for command in desk.commands:
        assert command.examples
        for example in command.examples:
            assert parse(example, desk.commands, "deals").command.name == command.name


async def test_names_are_short_and_of_letters_so_that_every_platform_takes_them(desk: Desk) -> None:
    for command in desk.commands:
        assert all(word.isalpha() and word.islower() and len(word) <= 32 for word in command.name.split())
        assert len(command.summary) <= 100
        for option in command.options:
            assert option.name.replace("_", "").isalpha()
            assert len(option.name) <= 32


async def test_status_says_that_all_is_well(desk: Desk) -> None:
    await desk.tell(announced())
    await desk.ask("subscribe")
    reply = await desk.ask("status")
    said = shown(reply)
    assert reply.title == "All is well"
    assert "Feeds | 1 of 1 feeds read, last just now" in said
    assert "Entries | 1 seen, 1 announce deals" in said
    assert "Digests | weekdays at 08:00, UTC; next Tue 08:00" in said
    assert reply.next_step is None


async def test_status_names_what_is_not_read_and_what_may_not_have_arrived(desk: Desk) -> None:
    for number in range(7):
        await desk.fail(f"feed{number}", "HTTP 403", since=timedelta(hours=60 - number))
    reply = await desk.ask("status")
    said = shown(reply)
    assert reply.title == "To be looked at: 7 feeds that cannot be read"
    assert "Feed0 | 2 days ago | HTTP 403" in said
    assert "and 2 more" in said
    assert "Feed5" not in said
    assert reply.next_step == "/deals feeds check"


async def test_status_does_not_call_it_well_before_anything_was_read(desk: Desk) -> None:
    assert (await desk.ask("status")).title == "No feeds yet"
    await desk.storage.feeds.add(HERE, Feed("https://alpha.example/feed", "Alpha"), desk.now)
    assert (await desk.ask("status")).title.startswith("Nothing was read yet")


async def test_status_tells_that_nobody_asks_the_feeds(desk: Desk) -> None:
    await desk.tell(announced())
    desk.now += timedelta(hours=5)
    reply = await desk.ask("status")
    assert reply.title == "To be looked at: 1 feed that nobody asks"
    assert "Not asked | 1, the first was due 5 h ago: does the bot run" in shown(reply)


async def test_status_of_a_new_workspace_shows_the_first_step(desk: Desk) -> None:
    assert (await desk.ask("status")).next_step == "/deals feeds add <address>"


@pytest.mark.parametrize(
    ("fault", "reply"),
    [
        (UserError("Not that way."), "Not that way."),
        (StorageFullError(), "The disk is full or read-only"),
        (RuntimeError("secret detail"), "Something went wrong here, not with you"),
    ],
)
async def test_a_command_that_fails_still_answers_and_gives_nothing_away(fault: Exception, reply: str) -> None:
    async def fail(request: Request) -> Message:
        raise fault

    with pytest.raises(UserError) as refusal:
        await guarded(Command("x", "X", fail)).run(Request(HERE, "u1", may_manage=True))
    assert str(refusal.value).startswith(reply)
    assert "secret" not in str(refusal.value)

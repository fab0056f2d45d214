"""How a line that is being typed may go on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.platforms.base import Command, Option
from bot.platforms.spoken import named, option_given, words_of


@dataclass(frozen=True, slots=True)
class Offer:
    """`words` may stand in place of `typed`; so may the values that `option` completes, if it does."""

    typed: str
    words: tuple[str, ...] = ()
    option: Option | None = None


def offer(line: str, commands: Sequence[Command], root: str) -> Offer:
    """What fits at the end of the line: names of commands, or of options, or the choices of one option."""
    words = words_of(line, root)
    typed = words[-1] if words and not line[-1].isspace() else ""
    before = words[:-1] if typed else words
    command = named(before, commands)
    if command is None:
        return Offer(typed, _fitting(typed, _next_words(before, commands)))
    return _of_command(command, before[len(command.name.split()) :], typed)


def _next_words(before: Sequence[str], commands: Sequence[Command]) -> Iterable[str]:
    said = [word.casefold() for word in before]
    for name in (command.name.split() for command in commands):
        if len(name) > len(said) and name[: len(said)] == said:
            yield name[len(said)]


def _of_command(command: Command, given: Sequence[str], typed: str) -> Offer:
    if pair := option_given(typed, command):
        option, text = pair
        value = text.lstrip('"“”')
        return Offer(value, _fitting(value, option.choices), option)
    used = {pair[0].name for word in given if (pair := option_given(word, command))}
    still_open = [option for option in command.options if option.name not in used]
    loose = sum(option_given(word, command) is None for word in given)
    following = _at_place(still_open, loose)
    choices = following.choices if following else ()
    names = (f"{option.name}:" for option in still_open[loose:] if not option.required)
    return Offer(typed, _fitting(typed, (*choices, *names)), following)


def _at_place(options: Sequence[Option], place: int) -> Option | None:
    """The option that the next word without a name belongs to; one that takes the rest takes all that follow it."""
    for number, option in enumerate(options):
        if option.rest or number == place:
            return option
    return None


def _fitting(typed: str, words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word.casefold().startswith(typed.casefold())))

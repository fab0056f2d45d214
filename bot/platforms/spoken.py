"""Commands as people type them on one line, for platforms without forms of their own. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.digests.model import Channel
from bot.errors import UserError
from bot.platforms.base import Command, Option, Value
from bot.suggest import did_you_mean, suggest

HUGE = 10**15
"""Whole numbers from here on fit into no column, and nothing that is counted comes near."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command with what it was told, checked against its options."""

    command: Command
    values: Mapping[str, Value]


def parse(line: str, commands: Sequence[Command], root: str) -> Spoken:
    """The command of a line such as `/deals search data platform since:30d`; the root word may be left out.

    Options are given as `name:value`, `name=value`, or in their order; double quotes hold words together. UserError
    says what was not understood, and how the command is used. A line that says nothing asks for help.
    """
    words = words_of(line, root) or ["help"]
    command = named(words, commands)
    if command is None:
        raise UserError(_no_such_command(words, commands, root))
    return Spoken(command, _values(command, words[len(command.name.split()) :], root))


def usage(command: Command, root: str) -> str:
    """The command with its options, as typed: "/deals deal <id>"; what stands in brackets may be left out."""
    return f"/{root} {command.usage}"


def words_of(line: str, root: str) -> list[str]:
    """The words after the root word; a quoted piece is one word and keeps its quotes."""
    words = _WORD.findall(line)
    return words[1:] if words and words[0].lstrip("/").casefold() == root.casefold() else words


def named(words: Sequence[str], commands: Sequence[Command]) -> Command | None:
    """The command whose name begins the words; the longer name wins."""
    said = [word.casefold() for word in words]
    fitting = [each for each in commands if said[: len(each.name.split())] == each.name.split()]
    return max(fitting, key=lambda each: len(each.name.split()), default=None)


def option_given(word: str, command: Command) -> tuple[Option, str] | None:
    """The option that a word such as `zone:UTC` names, and what follows the sign; None where it names none."""
    found = _GIVEN.fullmatch(word)
    options = {option.name: option for option in command.options}
    return (options[found[1].casefold()], found[2]) if found and found[1].casefold() in options else None


_WORD = re.compile(r'(?:\w+[:=])?["“”][^"“”]*["“”]?|\S+')
_GIVEN = re.compile(r"(\w+)[:=](?!//)(.*)", re.DOTALL)


def _no_such_command(words: Sequence[str], commands: Sequence[Command], root: str) -> str:
    names = [each.name for each in commands]
    within = [f"/{root} {name}" for name in names if name.split()[0] == words[0].casefold()]
    if within:
        return f"“{' '.join(words[:2])}” is not a command of its own; there are {', '.join(within)}."
    meant = suggest(" ".join(words[:2]), names) or suggest(words[0], names)
    hint = f" Did you mean /{root} {meant}?" if meant else ""
    return f"There is no command “{words[0]}”.{hint} /{root} help lists them all."


def _values(command: Command, words: Sequence[str], root: str) -> dict[str, Value]:
    texts = _texts(command, words, root)
    for option in command.options:
        if option.required and not texts.get(option.name):
            missing = f"the {option.name}, {option.description}"
            raise UserError(f"/{root} {command.name} needs {missing}: {usage(command, root)}")
    options = {option.name: option for option in command.options}
    return {name: _value(options[name], text) for name, text in texts.items() if text}


def _texts(command: Command, words: Sequence[str], root: str) -> dict[str, str]:
    """The words given for each option: first those under its name, then the others in order."""
    texts: dict[str, str] = {}
    loose: list[str] = []
    given = iter(words)
    for word in given:
        if pair := option_given(word, command):
            texts[pair[0].name] = _unquoted(pair[1] or next(given, ""))
        else:
            loose.append(_unquoted(_no_misspelt_option(word, command, root)))
    for option in (option for option in command.options if loose and option.name not in texts):
        taken = len(loose) if option.rest else 1
        texts[option.name] = " ".join(loose[:taken])
        loose = loose[taken:]
    if loose:
        raise UserError(f"“{loose[0]}” is more than /{root} {command.name} can take: {usage(command, root)}")
    return texts


def _no_misspelt_option(word: str, command: Command, root: str) -> str:
    """The word, unless it looks like an option that the command does not have."""
    found = _GIVEN.fullmatch(word)
    hint = did_you_mean(found[1], (option.name for option in command.options)) if found else ""
    if found and hint:
        raise UserError(f"/{root} {command.name} has no option “{found[1]}”.{hint} {usage(command, root)}")
    return word


def _value(option: Option, text: str) -> Value:
    if option.kind is Channel:
        raise UserError(f"“{text}” cannot be reached from here: give the command in that channel itself.")
    if not issubclass(option.kind, str):
        return _number(option, text)
    if not option.choices:
        return text
    choice = next((choice for choice in option.choices if choice.casefold() == text.casefold()), None)
    if choice is None:
        hint = did_you_mean(text, option.choices)
        raise UserError(f"“{text}” is none of the choices for {option.name}: {', '.join(option.choices)}.{hint}")
    return choice


def _number(option: Option, text: str) -> int | float:
    try:
        number = int(text.removeprefix("#")) if option.kind is int else float(text.replace(",", "."))
    except ValueError:
        kind = "whole number" if option.kind is int else "number"
        raise UserError(f"“{text}” is no {kind}, and {option.name} has to be one.") from None
    if abs(number) >= HUGE:
        raise UserError(f"{option.name} cannot be as large as that.")
    low, high = option.minimum, option.maximum
    # Written so that "nan", which is neither below nor above anything, is refused as well.
    if not (low is None or number >= low) or not (high is None or number <= high):
        raise UserError(f"{option.name} has to be {_bounds(low, high)}, not {text}.")
    return number


def _bounds(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"from {low:g} to {high:g}"
    return f"at least {low:g}" if low is not None else f"at most {high:g}"


def _unquoted(word: str) -> str:
    return word[1:].rstrip('"“”') if word[:1] in {'"', "“", "”"} else word

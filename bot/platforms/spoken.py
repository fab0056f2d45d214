"""Commands as people type them on one line, for platforms without forms of their own. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.errors import UserError
from bot.platforms.base import Command, Option, Value
from bot.suggest import did_you_mean, suggest


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command with what it was told, checked against its options."""

    command: Command
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Offer:
    """How a line may go on: words that may stand in place of `typed`, and the option whose values may."""

    typed: str
    words: tuple[str, ...]
    command: Command | None = None
    option: Option | None = None


def parse(line: str, commands: Sequence[Command], root: str) -> Spoken:
    """The command of a line such as `/deals search data platform since:30d`; the root word may be left out.

    Options are given as `name:value`, `name=value`, or in their order; quotes hold words together. UserError says what
    was not understood, and how the command is used.
    """
    words = _after_root(_words(line), root)
    command, given = _command(words, commands, root)
    return Spoken(command, _values(command, given, root))


def usage(command: Command, root: str) -> str:
    """The command with its options: "/deals deal <id>"; `[…]` may be left out."""
    return f"{root} {command.usage}"


def offer(line: str, commands: Sequence[Command], root: str) -> Offer:
    """What can be offered at the end of a line that is being typed: names of commands, options and their choices."""
    words = _after_root(_words(line), root)
    typed = "" if not line or line[-1].isspace() else (words or [""])[-1]
    before = words[: len(words) - 1] if typed else words
    command = _named(before, commands)
    if command is None:
        return Offer(typed, _next_words(before, typed, commands))
    return _option_offer(command, before[len(command.name.split()) :], typed)


_WORD = re.compile(r'(?:\w+[:=])?["“”][^"“”]*["“”]?|\S+')
_GIVEN = re.compile(r"(\w+)[:=](?!//)(.*)", re.DOTALL)


def _words(line: str) -> list[str]:
    return _WORD.findall(line)


def _after_root(words: list[str], root: str) -> list[str]:
    return words[1:] if words and words[0].lstrip("/").casefold() == root.lstrip("/").casefold() else words


def _command(words: list[str], commands: Sequence[Command], root: str) -> tuple[Command, list[str]]:
    command = _named(words, commands)
    if command is not None:
        return command, words[len(command.name.split()) :]
    said = " ".join(words[:2])
    within = [each.name for each in commands if words and each.name.split()[0] == words[0].casefold()]
    if within:
        raise UserError(f"“{said}” needs one word more or another: {', '.join(f'{root} {name}' for name in within)}.")
    meant = suggest(said, (each.name for each in commands)) or (
        suggest(words[0], (each.name for each in commands)) if words else None
    )
    hint = f" Did you mean {root} {meant}?" if meant else ""
    raise UserError(f"There is no command “{said}”.{hint} {root} help lists them all.")


def _named(words: Sequence[str], commands: Sequence[Command]) -> Command | None:
    """The command whose name begins the words; the longer name wins."""
    said = [word.casefold() for word in words]
    fitting = [each for each in commands if said[: len(each.name.split())] == each.name.casefold().split()]
    return max(fitting, key=lambda each: len(each.name.split()), default=None)


def _values(command: Command, words: Sequence[str], root: str) -> dict[str, Value]:
    texts = _texts(command, words, root)
    missing = next((option for option in command.options if option.required and not texts.get(option.name)), None)
    if missing is not None:
        raise UserError(f"{root} {command.name} needs to know the {missing.name}: {usage(command, root)}")
    return {name: _value(_option(command, name), text, root) for name, text in texts.items() if text}


def _texts(command: Command, words: Sequence[str], root: str) -> dict[str, str]:
    """The words given for each option: first those under its name, then the others in order."""
    texts: dict[str, str] = {}
    loose: list[str] = []
    given = iter(words)
    for word in given:
        name, text = _by_name(command, word, root)
        if name is None:
            loose.append(_unquoted(word))
        else:
            texts[name] = _unquoted(text or next(given, ""))
    for option in (option for option in command.options if option.name not in texts):
        taken = len(loose) if option.rest else 1
        if loose:
            texts[option.name] = " ".join(loose[:taken])
            loose = loose[taken:]
    if loose:
        raise UserError(f"“{loose[0]}” is more than {root} {command.name} can take: {usage(command, root)}")
    return texts


def _by_name(command: Command, word: str, root: str) -> tuple[str | None, str]:
    """The option that a word such as `zone:UTC` names, and what follows the sign; None where it names none."""
    found = _GIVEN.fullmatch(word)
    if found is None:
        return None, word
    names = [option.name for option in command.options]
    name = next((name for name in names if name.casefold() == found[1].casefold()), None)
    if name is None and suggest(found[1], names):
        hint = did_you_mean(found[1], names)
        raise UserError(f"{root} {command.name} has no option “{found[1]}”.{hint} {usage(command, root)}")
    return name, found[2]


def _value(option: Option, text: str, root: str) -> Value:
    if option.kind is not str:
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
        kind = "a whole number" if option.kind is int else "a number"
        raise UserError(f"“{text}” is not {kind}; {option.name} is {option.description}.") from None
    low, high = option.minimum, option.maximum
    if not (low is None or number >= low) or not (high is None or number <= high):
        bounds = f"from {low:g} to {high:g}" if low is not None and high is not None else _one_bound(low, high)
        raise UserError(f"{option.name} must be {bounds}, not {text}.")
    return number


def _one_bound(low: float | None, high: float | None) -> str:
    return f"at least {low:g}" if low is not None else f"at most {high:g}"


def _option(command: Command, name: str) -> Option:
    return next(option for option in command.options if option.name == name)


def _unquoted(word: str) -> str:
    return word[1:].rstrip('"“”') if word[:1] in {'"', "“", "”"} else word


def _next_words(before: Sequence[str], typed: str, commands: Sequence[Command]) -> tuple[str, ...]:
    said = [word.casefold() for word in before]
    names = (each.name.split() for each in commands)
    following = (name[len(said)] for name in names if len(name) > len(said) and name[: len(said)] == said)
    return _beginning(typed, following)


def _option_offer(command: Command, given: Sequence[str], typed: str) -> Offer:
    found = _GIVEN.fullmatch(typed)
    named = {name.casefold() for name, _ in map(_split_name, given) if name}
    if found and (option := next((each for each in command.options if each.name == found[1].casefold()), None)):
        text = found[2].lstrip('"“')
        return Offer(text, _beginning(text, option.choices), command, option)
    open_options = [option for option in command.options if option.name not in named]
    names = tuple(f"{option.name}:" for option in open_options if not option.required)
    loose = sum(1 for word in given if not _GIVEN.fullmatch(word))
    following = open_options[loose:] if loose < len(open_options) else open_options[-1:]
    option = following[0] if following and (loose < len(open_options) or following[0].rest) else None
    choices = option.choices if option else ()
    return Offer(typed, _beginning(typed, (*choices, *names)), command, option)


def _split_name(word: str) -> tuple[str | None, str]:
    found = _GIVEN.fullmatch(word)
    return (found[1], found[2]) if found else (None, word)


def _beginning(typed: str, words: Sequence[str] | Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word.casefold().startswith(typed.casefold())))

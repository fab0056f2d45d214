"""Words that tell the name of an organisation from other words with a capital letter."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists, all in lower case but for `acronyms`. `places` holds phrases, the others single words."""

    common: frozenset[str]
    organisations: frozenset[str]
    continued: frozenset[str]
    titles: frozenset[str]
    acronyms: frozenset[str]
    never: frozenset[str]
    places: frozenset[str]
    first_names: frozenset[str]
    things: frozenset[str]
    openers: frozenset[str]
    english: frozenset[str]
    foreign: frozenset[str]

    def is_common(self, word: str) -> bool:
        """Whether the word, or what it is an inflection of, is mostly written in small letters inside sentences."""
        return _is_among(self.common, word)


@cache
def lexicon() -> Lexicon:
    """The lists as packaged."""
    data = files("bot.deals").joinpath("data")
    lists = tomllib.loads(data.joinpath("words.toml").read_text(encoding="utf-8"))
    phrases = (line.split("|") for line in lists.pop("places").splitlines())
    return Lexicon(
        common=frozenset(
            (data.joinpath("common_words.txt").read_text(encoding="utf-8") + "\n" + lists.pop("headlines")).split()
        ),
        places=frozenset(phrase.strip() for line in phrases for phrase in line if phrase.strip()),
        **{name: frozenset(words.split()) for name, words in lists.items()},
    )


@lru_cache(maxsize=20_000)
def _is_among(common: frozenset[str], word: str) -> bool:
    plain = word.lower().replace("’", "'").removesuffix("'s")
    return (
        plain in common
        or any(
            plain.endswith(ending) and {plain[: -len(ending)], plain[: -len(ending)] + "e"} & common
            for ending in ("s", "es", "ed", "ing", "ies")
            if len(plain) - len(ending) > 2
        )
        or ("-" in plain and all(part in common or not part.isalpha() for part in plain.split("-")))
    )

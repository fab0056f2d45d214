"""Did you mean …? For commands, options, zones and keys of the configuration."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

CLOSE = 0.6
"""How alike two words must be (difflib's ratio, 0 to 1) before we dare to suggest one for the other."""


def suggest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` most likely was meant to be, ignoring case; None where nothing is close."""
    spelled = {choice.casefold(): choice for choice in choices}
    close = get_close_matches(word.casefold(), spelled, n=1, cutoff=CLOSE)
    return spelled[close[0]] if close else None


def did_you_mean(word: str, choices: Iterable[str], form: str = "{}") -> str:
    """The question "Did you mean search?" after a blank, or nothing; `form` dresses the suggestion up."""
    found = suggest(word, choices)
    return "" if found is None else f" Did you mean {form.replace('{}', found)}?"

"""Other deals that an entry names in passing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.deals.grammar import Strength
from bot.deals.model import Evidence, Mention, Party
from bot.deals.pairing import is_party, own_key
from bot.deals.parties import same_names
from bot.deals.signals import Signals
from bot.deals.texts.reading import Name, Reading

_MOST = 10  # a text that names more is a list


def find_mentions(reading: Reading, signals: Signals, parties: Sequence[Party]) -> tuple[Mention, ...]:
    """Deals that the text names and that are not the one between `parties`."""
    one = same_names(reading, signals) if signals.found else {}
    main = {one.get(own_key(party), own_key(party)) for party in parties}
    seen: set[frozenset[str]] = {frozenset(main)}
    mentions = []
    for line, names in _told(reading, signals, main, one):
        printed = {one.get(name.key, name.key): name.name for name in reversed(names)}
        keys = frozenset(printed)
        if keys in seen or len(keys) < 2 or keys <= main or len(keys & main) > 1 or _is_theirs(names, parties):
            continue
        seen.add(keys)
        ordered = dict.fromkeys(one.get(name.key, name.key) for name in names)
        span = reading.lines[line]
        mentions.append(
            Mention(tuple(printed[key] for key in ordered), Evidence(reading.entry.id, span.start, span.end))
        )
    return tuple(mentions[:_MOST])


def _is_theirs(names: Sequence[Name], parties: Sequence[Party]) -> bool:
    """Whether all of them are parties, their owners or their units: the deal itself, told once more."""
    return all(is_party(name, parties) for name in names)


def _told(
    reading: Reading, signals: Signals, main: set[str], one: dict[str, str]
) -> Iterator[tuple[int, Sequence[Name]]]:
    """The names that a pattern, or a sentence about somebody already named, joins in a deal.

    Who is named beside the parties where their deal is announced is a helper of theirs, and no deal of its own.
    """
    told_by_pronoun = list(_with_it(reading, signals))
    by_pronoun = dict(told_by_pronoun)
    own = {each.line for each in signals.found if len({one[name.key] for name in each.names} & main) > 1}
    for each in signals.found:
        faint = each.pattern.strength in (Strength.WEAK, Strength.FAINT)
        bought = "acquisition" in signals.cues[each.line]
        if not faint and not bought and each.line not in by_pronoun and each.line not in own:
            yield each.line, each.names
    yield from told_by_pronoun
    yield from _in_passing(reading, signals)


def _with_it(reading: Reading, signals: Signals) -> Iterator[tuple[int, Sequence[Name]]]:
    for number, words in enumerate(signals.masked):
        names = reading.lines[number].names
        for match in _WITH_IT.finditer(words):
            subject = _FIRST_NAME.search(words)
            if subject and subject[1] != match[1]:
                yield number, (names[int(match[1])], names[int(subject[1])])


def _in_passing(reading: Reading, signals: Signals) -> Iterator[tuple[int, Sequence[Name]]]:
    """Deals told by a noun alone: "its partnership with Acme", "the venture of Acme and Globex"."""
    for number, words in enumerate(signals.masked):
        names = reading.lines[number].names
        for pattern in _NOUNS if len(names) > 1 else ():
            for match in pattern.finditer(words):
                several = [int(each) for each in match["A"].split(",")]
                several += [int(match["B"])] if "B" in match.groupdict() else []
                if len({names[each].key for each in several}) > 1:
                    yield number, [names[each] for each in several]


_DEAL = (
    r"(?:partnership|collaboration|alliance|joint venture|venture|contract|deal|agreement|pact|project|initiative"
    r"|tie-up|work)"
)
_SOME = r"(?:[^\s⟦⟧;:.]+ ){0,9}?"
_FEW = r"(?:[^\s⟦⟧;:.]+ ){0,5}?"
_NOUNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"⟦(?P<A>\d+)⟧(?:'s)? {_SOME}(?:its|a|an|the|their) {_FEW}{_DEAL} (?:that (?:it|they) {_FEW})?"
        r"with ⟦(?P<B>\d+)⟧",
        rf"⟦(?P<A>\d+)⟧'s {_FEW}{_DEAL} with ⟦(?P<B>\d+)⟧",
        rf"\b(?:{_DEAL}|project) (?:of|between) ⟦(?P<A>\d+(?:,\d+)+)⟧",
        rf"⟦(?P<A>\d+(?:,\d+)+)⟧ {_FEW}(?:what )?their (?:[^\s⟦⟧;:.]+ ){{0,2}}?{_DEAL}\b",
        r"⟦(?P<A>\d+)⟧ (?:(?:backs|pulls) out of|ends|cancels|drops|shelves|terminates) "
        rf"{_FEW}⟦(?P<B>\d+)⟧ {_FEW}{_DEAL}",
        r"⟦(?P<A>\d+)⟧ cuts (?:the cord|ties) with ⟦(?P<B>\d+)⟧",
        rf"⟦(?P<A>\d+)⟧ sues ⟦(?P<B>\d+)⟧ over {_FEW}{_DEAL}",
        r"⟦(?P<A>\d+)⟧(?:, [^⟦;:.]{0,60},)? has been a partner of ⟦(?P<B>\d+)⟧",
    )
)

_FIRST_NAME = re.compile(r"⟦(\d+)")
# "Acme has been busy: Globex struck a deal with it in May": "it" is whoever the sentence is about.
_WITH_IT = re.compile(
    r"⟦(\d+)⟧ (?:has |had |also )*(?:struck|signed|agreed|entered|formed|announced|made|partnered|teamed up|allied"
    r"|joined forces|set up|began|launched)\b[^⟦;.]{0,90}?"
    r" with (?:it|them|the (?:company|firm|group|vendor|clinic|system|giant))\b"
)

"""Other deals that an entry names in passing: between whom, and in which line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.deals.facts.places import places
from bot.deals.grammar import Strength
from bot.deals.mentions.cast import find_cast, find_it, find_subject, with_cast
from bot.deals.mentions.earlier import cooperates, find_again, find_partners, is_bought, is_over
from bot.deals.mentions.ways import Way, is_one_deal, lists, sides, sieve
from bot.deals.model import Evidence, Mention, Party
from bot.deals.pairing import is_party, own_key
from bot.deals.parties import same_names
from bot.deals.signals import Signals
from bot.deals.texts.masking import mask
from bot.deals.texts.reading import Line, Name, Reading

_MOST = 10  # a text that names more is a list
_LEAD = 3  # lines in which an entry tells its own news
_SPEAKS = re.compile(
    r"(?i)\b(?:partner|deal|agree|collab|allianc|contract|ventur|pact|project|tie|sign|work|team|licen|end|drop|cancel"
    r"|suppl|customer|together)"
)
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_BEFORE = re.compile(
    r"(?i)\b(?:already|also|as well|before|since|ago|once|earlier|previously|previous|former(?:ly)?|similar|until|began"
    rf"|last (?:year|month|week|spring|summer|autumn|fall|winter|{_MONTH})|in (?:(?:early |late )?{_MONTH}|(?:19"
    rf"|20)\d\d)"
    r"|started|(?:is|are) among|remains?|existing|originally)\b"
)
_UNSURE = re.compile(
    r"(?i)\b(?:in talks|talks (?:with|to|about)|sounded out|said to (?:have|be|consider|weigh|plan|seek|want|mull)"
    r"|reportedly|considering|considers|denied"
    r"|denies|no deal|rumou?r\w*|hopes to|wants to|would like to|might|should)\b"
)


@dataclass(frozen=True, slots=True)
class _Told:
    """Those who share a deal as line `line` tells it; `again` where it is an earlier one of those in the news."""

    line: int
    names: tuple[Name, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Text:
    """What is known of a text: `main` are the keys of its parties, `one` tells which names are one organisation."""

    reading: Reading
    signals: Signals
    main: frozenset[str]
    one: dict[str, str]
    cast: tuple[Name, ...]

    def key(self, name: Name) -> str:
        return self.one.get(name.key, name.key)

    @property
    def may_announce(self) -> bool:
        """Whether the entry, though rejected, may itself announce what it tells first: its title tells nothing else."""
        return not self.main and not self.signals.cues[0] & lists().other_news


def find_mentions(reading: Reading, signals: Signals, parties: Sequence[Party]) -> tuple[Mention, ...]:
    """Deals that the text names and that are not the one between `parties`; ten at most."""
    if not any(line.names for line in reading.lines[: len(signals.masked)]):
        return ()
    one = same_names(reading, signals)
    main = {one.get(own_key(party), own_key(party)) for party in parties}
    text = _Text(reading, signals, frozenset(main), one, find_cast(reading, main, one))
    seen: list[frozenset[str]] = []
    mentions = []
    for told in _all_told(text):
        names = {text.key(name): name.name for name in reversed(told.names) if not _is_no_party(name)}
        keys = frozenset(names)
        if len(keys) < 2 or any(_is_as_much(other, keys) for other in seen):
            continue
        if not told.again and (len(keys & main) > 1 or all(_is_theirs(name, parties) for name in told.names)):
            continue
        seen.append(keys)
        span = reading.lines[told.line]
        printed = tuple(names[key] for key in dict.fromkeys(map(text.key, told.names)) if key in names)
        mentions.append(Mention(printed, Evidence(reading.entry.id, span.start, span.end)))
    return tuple(mentions[:_MOST])


def _is_as_much(told: frozenset[str], keys: frozenset[str]) -> bool:
    """Whether what was told before is a part of the same deal, or the same but for longer or shorter names."""
    return all(any(one.startswith(other) or other.startswith(one) for other in keys) for one in told)


def _is_theirs(name: Name, parties: Sequence[Party]) -> bool:
    """Whether it names a party, its owner or a unit of it, be it in short."""
    return is_party(name, parties) or any(party.name.startswith(f"{name.name} ") for party in parties)


def _is_no_party(name: Name) -> bool:
    known = places()
    return not name.organisation and (
        name.name in lists().no_party or any(each.fullmatch(name.name) for each in (known.named, known.of_people))
    )


def _all_told(text: _Text) -> Iterator[_Told]:
    if not text.main and len(text.cast) == 2 and is_over(text.reading, text.signals):
        yield _Told(0, text.cast)
    told = [
        each
        for number, line in enumerate(text.reading.lines[: len(text.signals.masked)])
        if line.names and (number or not text.main)
        for each in _in_line(text, number, line)
    ]
    yield from told
    for number, subject, partner in find_partners(text.reading, text.cast):
        if not (_is_own(text, number) or (text.main and number == 0)):
            yield _Told(number, (subject, partner))
    yield from _by_patterns(text, {(each.line, text.key(name)) for each in told for name in each.names})
    if len(text.cast) == 2 and (again := find_again(text.reading, text.cast, text.one)):
        yield _Told(again, text.cast, again=True)


def _in_line(text: _Text, number: int, line: Line) -> Iterator[_Told]:
    """What the ways find in one line that is not in doubt, as long as it is not the entry's own news."""
    named = {text.key(name) for name in line.names}
    if named <= text.main or len(named | {text.key(name) for name in text.cast}) < 2:
        return
    words = text.signals.masked[number]
    if not words and _SPEAKS.search(text.reading.words(line)):
        words = mask(text.reading.words(line), line)
    is_old = text.signals.doubtful[number] or _BEFORE.search(words) is not None
    bought = number == 0 and is_bought(words)
    if not words or bought or _UNSURE.search(words) or (_is_own(text, number) and not is_old):
        return
    names, first = (*line.names, *text.cast), len(line.names)
    member = find_it(text.reading, number, text.cast, text.one, sure=bool(text.main))
    it = None if member is None else first + member
    spoken = with_cast(words, first, text.cast, it)
    for way in sieve().possible(spoken):
        if way.late and number < (2 if text.reading.lines[0].names or text.main else 1):
            continue
        for found in way.regex.finditer(spoken):
            if is_bought(words if way.over else found.group()) and " from ⟦" not in found.group():
                continue
            for numbers in sides(way, found, find_subject(spoken, found.start(), it)):
                told = _Told(number, tuple(names[each] for each in numbers))
                if is_old or not _may_be_news(text, way, told):
                    yield told


def _may_be_news(text: _Text, way: Way, told: _Told) -> bool:
    """Whether it may be what an entry that was rejected announces itself, or what its title is about."""
    if text.main or way.over:
        return False
    theirs = {text.key(name) for name in told.names} == {text.key(name) for name in text.cast}
    bought = "acquisition" in text.signals.cues[0]
    return told.line == 0 or (theirs and bought) or (text.may_announce and (theirs or told.line < _LEAD))


def _by_patterns(text: _Text, told: set[tuple[int, str]]) -> Iterator[_Told]:
    """What the patterns of announcements join beside the deal itself, of whom the same line `told` nothing more surely.

    Who is named beside the parties where their deal is announced is a helper of theirs, and no deal of its own. What
    an entry tells first, in plain words, is what it may itself announce.
    """
    signals = text.signals
    for each in signals.found:
        number, words = each.line, signals.masked[each.line]
        faint = each.pattern.strength in (Strength.WEAK, Strength.FAINT)
        first = number < _LEAD and not signals.doubtful[number]
        other = "acquisition" in signals.cues[number] or not cooperates(words) or _UNSURE.search(words) is not None
        surer = any((number, text.key(name)) in told for name in each.names)
        if faint or first or other or surer or _is_own(text, number):
            continue
        if len(each.doer) == 1 and len(each.other) > 1 and not is_one_deal(words):
            yield from (_Told(number, (each.doer[0], name)) for name in each.other)
        else:
            yield _Told(number, each.names)


def _is_own(text: _Text, line: int) -> bool:
    """Whether the line announces the deal itself: it joins two of the parties."""
    return any(
        each.line == line and len({text.key(name) for name in each.names} & text.main) > 1
        for each in text.signals.found
    )

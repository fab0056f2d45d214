"""What is measured about an entry: few things, each of which a person understands."""

from __future__ import annotations

from dataclasses import dataclass

from bot.deals.cues import cues
from bot.deals.grammar import Strength
from bot.deals.reading import Reading
from bot.deals.signals import TITLE, Signals

_FULL = 1_000  # characters; a longer body is the whole story, and the title of a whole story tells its news
_ELSE = ("award", "appointment", "results", "event", "lawsuit", "regulator")


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that holds of an entry, and how to say it."""

    name: str
    says: str


def measure(reading: Reading, signals: Signals) -> tuple[Feature, ...]:
    """The features that hold; every other feature of the weights does not."""
    return (*_patterns(reading, signals), *_subjects(signals))


def _patterns(reading: Reading, signals: Signals) -> list[Feature]:
    found: list[Feature] = []
    rest = range(signals.lead.stop, len(signals.masked))
    for where, lines in (("title", TITLE), ("lead", signals.lead), ("rest", rest)):
        best = signals.strongest(lines)
        if best is not None and (where != "rest" or best.pattern.strength is Strength.STRONG):
            told = {"title": "the title", "lead": "the opening", "rest": "a later sentence"}[where]
            found.append(Feature(f"{where}_{best.pattern.strength}", f"{told} has {best.pattern.says}"))
    if signals.strongest(range(len(signals.masked))) is None:
        found.append(Feature("no_pattern", "no sentence joins two organisations in a new deal"))
        if signals.found:
            found.append(Feature("only_doubtful", "the deals it names are old, ended or only talked of"))
    if len(reading.entry.body) > _FULL and signals.strongest(TITLE) is None:
        found.append(Feature("full_text_untitled", "a full text whose title tells of no deal"))
    if _same_pair(signals):
        found.append(Feature("title_and_lead", "the title and the opening name the same two sides"))
    if _speaks_itself(reading, signals):
        found.append(Feature("first_party", "the publisher speaks of its own deal"))
    best = signals.strongest(range(signals.lead.stop))
    if best and all(name.organisation for name in best.names):
        found.append(Feature("known_pair", "both sides are organisations we know"))
    return found


def _same_pair(signals: Signals) -> bool:
    pairs = [
        {frozenset(name.key for name in each.names) for each in signals.found if each.line in lines}
        for lines in (TITLE, signals.lead)
    ]
    return any(len(one & other) > 1 for one in pairs[0] for other in pairs[1])


def _speaks_itself(reading: Reading, signals: Signals) -> bool:
    opening = [each for each in signals.found if each.line < signals.lead.stop]
    return reading.feed.owner is not None and any(
        each.pattern.owner or any(name.name == reading.feed.owner for name in each.names) for each in opening
    )


_TITLE_CUES = (
    "acquisition",
    "funding",
    "launch",
    "guide",
    "ended",
    "hedge",
    "roundup",
    "past",
    "programme",
    "deal_word",
)
_LEAD_CUES = (
    "acquisition",
    "funding",
    "launch",
    "hedge",
    "past",
    "programme",
    "deal_word",
    "announces",
    "both_sides",
    "term",
)


def _subjects(signals: Signals) -> list[Feature]:
    found = []
    for where, lines, subjects in (("title", TITLE, _TITLE_CUES), ("lead", signals.lead, _LEAD_CUES)):
        told = "the title" if where == "title" else "the opening"
        for name in subjects:
            if signals.about(name, lines):
                found.append(Feature(f"{where}_{name}", f"{told}: {cues()[name].says}"))
        other = next((name for name in _ELSE if signals.about(name, lines)), None)
        if other:
            found.append(Feature(f"{where}_else", f"{told}: {cues()[other].says}"))
    return found

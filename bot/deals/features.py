"""What is measured about an entry: few things, each of which a person understands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.deals import phrases
from bot.deals.cues import cues
from bot.deals.grammar import Strength
from bot.deals.signals import TITLE, Signals
from bot.deals.texts.reading import Reading
from bot.feeds.model import Register

WORDING, NO_PATTERN = "wording", "no_pattern"
_FULL = 1_000  # characters; a longer body is the whole story, and the title of a whole story tells its news
_BRIEF = 500  # characters; news in brief says a thing once, and leaves out what releases repeat
_REGISTERS: dict[Register, str] = {
    Register.VENDOR_BLOG: "an organisation's own feed",
    Register.TRADE_NEWS: "the news",
}
_TOLD = (Strength.STRONG, Strength.MEDIUM, Strength.WEAK)
_WILL = re.compile(r"⟧ (?:is |are |agrees? |plans? |unite |partner |team up )?(?:to|will) [a-z]")
_UNDERTAKINGS = ("deal_word", "undertaking", "shared", "bargain")
_ELSE = ("award", "appointment", "results", "event", "lawsuit", "lease", "office", "regulator")


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that holds of an entry, and how to say it. `value` is what its weight is multiplied with."""

    name: str
    says: str
    value: float = 1.0


def measure(reading: Reading, signals: Signals) -> tuple[Feature, ...]:
    """The features that hold; every other feature of the weights does not."""
    return (wording(signals), *_patterns(reading, signals), *_subjects(signals))


def wording(signals: Signals) -> Feature:
    """How much the words themselves sound like an announcement, as log-odds, and which of them weighed most."""
    found = phrases.weighed(signals)
    odds = phrases.odds(found)
    told = ", ".join(f"“{phrase}”" for phrase in phrases.most_telling(found, speak_for=odds > 0))
    side = "those of" if odds > 0 else "not those of"
    return Feature(WORDING, f"its words are {side} an announcement{f': {told}' if told else ''}", odds)


def _patterns(reading: Reading, signals: Signals) -> list[Feature]:
    found: list[Feature] = []
    for where, lines in (("title", TITLE), ("lead", signals.lead)):
        best = signals.strongest(lines)
        if best is not None and best.pattern.strength in _TOLD:
            told = {"title": "the title", "lead": "the opening"}[where]
            found.append(Feature(f"{where}_{best.pattern.strength}", f"{told} has {best.pattern.says}"))
    surest = signals.strongest(range(len(signals.masked)))
    if surest is None or surest.pattern.strength is Strength.FAINT:
        found.append(Feature(NO_PATTERN, "no sentence joins two organisations in a new deal"))
        if not any(signals.about(name, range(signals.lead.stop)) for name in _UNDERTAKINGS):
            found.append(Feature("no_undertaking", "it says of nothing that they undertake together"))
    if len(reading.entry.body) > _FULL and signals.strongest(TITLE) is None:
        found.append(Feature("full_text_untitled", "a full text whose title tells of no deal"))
    if origin := _REGISTERS.get(reading.feed.register):
        found.append(Feature(f"register_{reading.feed.register}", f"it comes from {origin}"))
    if len(reading.entry.body) < _BRIEF:
        found.append(Feature("brief", "it is brief"))
    title = signals.strongest(TITLE)
    if title and title.pattern.strength is not Strength.FAINT and _WILL.search(signals.masked[0]):
        found.append(Feature("title_will", "the title says what they are going to do"))
    if any(signals.doubtful[line] for line in signals.lead):
        found.append(Feature("lead_doubtful", "a deal that the opening names is old, ended or only talked of"))
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
    "price",
    "purchase",
    "funding",
    "launch",
    "guide",
    "ended",
    "hedge",
    "roundup",
    "past",
    "integration",
    "undertaking",
    "shared",
    "bargain",
    "deal_word",
)
_LEAD_CUES = (
    "acquisition",
    "purchase",
    "funding",
    "hedge",
    "past",
    "integration",
    "deal_word",
    "announces",
    "undertaking",
    "shared",
    "bargain",
    "term",
    "paper",
    "future",
)


def _subjects(signals: Signals) -> list[Feature]:
    found = []
    lead = frozenset[str]().union(*(signals.cues[line] for line in signals.lead))
    for where, shown, subjects in (("title", signals.cues[0], _TITLE_CUES), ("lead", lead, _LEAD_CUES)):
        told = "the title" if where == "title" else "the opening"
        for name in subjects:
            if name in shown:
                found.append(Feature(f"{where}_{name}", f"{told}: {cues()[name].says}"))
        other = next((name for name in _ELSE if name in shown), None)
        if other:
            found.append(Feature(f"{where}_else", f"{told}: {cues()[other].says}"))
    return found

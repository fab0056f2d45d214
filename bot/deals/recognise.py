"""An entry announces a partnership, or it does not, and why."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.deals.cues import Place, cues
from bot.deals.facts.find import find_facts
from bot.deals.facts.kinds import find_kind, find_status
from bot.deals.features import NO_PATTERN, Feature, measure
from bot.deals.grammar import Strength
from bot.deals.mentions.find import find_mentions
from bot.deals.model import Announcement, Party, Reason, Rejected, Status
from bot.deals.pairing import is_party, speaks_for
from bot.deals.parties import find_parties
from bot.deals.signals import RANK, TITLE, Signals, look
from bot.deals.telling.headline import headline
from bot.deals.telling.summarise import summarise
from bot.deals.texts.language import count_letters, is_english
from bot.deals.texts.read import read
from bot.deals.texts.reading import Reading
from bot.feeds.model import Entry, Feed

_REASONS = 8
_SHORT = 400  # characters; below this the publisher's page says more than its feed
_CERTAIN = -6.0  # the weight of a reason that decides alone
_AGAINST = ("acquisition", "ended", "hedge", "lawsuit", "lookback", "past", "rivalry", "roundup")


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature adds to the log-odds, and from which probability on an entry announces a partnership.

    Where no sentence pattern joins two organisations, that probability is `threshold_without_pattern`.
    """

    bias: float
    threshold: float
    threshold_without_pattern: float
    features: Mapping[str, float]


def recognise(entry: Entry, feed: Feed) -> Announcement | Rejected:
    """Judge one entry. Works on any text, and says in words what moved the decision."""
    if fault := _gate(entry):
        return Rejected(0.0, (Reason(fault, _CERTAIN),))
    reading = read(entry, feed)
    signals = look(reading)
    features = measure(reading, signals)
    score = score_of({feature.name: feature.value for feature in features})
    parties = find_parties(reading, signals)
    reasons = _reasons(features)
    ended = veto(signals, parties)
    if ended is None and score >= _threshold(features):
        announcement = _announcement(reading, signals, parties, score, reasons)
        if announcement.status is not Status.ENDED:
            return announcement
        ended = Reason("the partnership that it names has ended", _CERTAIN)
    return Rejected(
        score=min(score, 0.01) if ended else score,
        reasons=((ended,) if ended else ())
        + tuple(each for each in reasons if not ended or each.text != ended.text)[: _REASONS - 1],
        promising=_is_promising(entry, signals, score),
        mentions=find_mentions(reading, signals, ()),
    )


def score_of(features: Mapping[str, float]) -> float:
    """The probability that an entry with features of these values announces a partnership."""
    odds = weights().bias + sum(weights().features.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-odds))


@cache
def weights() -> Weights:
    """The weights as packaged."""
    learnt = json.loads(files("bot.deals").joinpath("data/weights.json").read_text(encoding="utf-8"))
    return Weights(learnt["bias"], learnt["threshold"], learnt["threshold_without_pattern"], learnt["features"])


def _threshold(features: Sequence[Feature]) -> float:
    told = all(feature.name != NO_PATTERN for feature in features)
    return weights().threshold if told else weights().threshold_without_pattern


def _gate(entry: Entry) -> str | None:
    sample = entry.text[:4_000]
    letters = count_letters(sample)
    if letters < 12:
        return "there is no text to speak of"
    if letters < 0.5 * len(sample.strip()):
        return "it is a table or code, not prose"
    return None if is_english(entry.text) else "it is not in English"


def veto(signals: Signals, parties: Sequence[Party]) -> Reason | None:
    """What speaks against a partnership whatever the score; None where nothing does."""
    best = signals.strongest(range(len(signals.masked)))
    if best is None and _shows(signals, _AGAINST):
        return Reason("no sentence joins two organisations, and it tells of something old, open or over", _CERTAIN)
    if len(parties) < 2:
        return Reason("fewer than two organisations are named in a deal", _CERTAIN)
    places = {Place.TITLE: TITLE, Place.LEAD: signals.lead, Place.OPENING: range(signals.lead.stop)}
    for cue in cues().values():
        if cue.veto and cue.name in signals.cues[0]:
            against = signals.strongest(places[cue.yields])
            if against is None or against.pattern.strength is not Strength.STRONG:
                return Reason(f"the title: {cue.says}", _CERTAIN)
    return None


def _shows(signals: Signals, subjects: Sequence[str]) -> bool:
    """Whether the title or the opening shows one of these cues."""
    return any(signals.about(name, range(signals.lead.stop)) for name in subjects)


def _announcement(
    reading: Reading, signals: Signals, parties: tuple[Party, ...], score: float, reasons: tuple[Reason, ...]
) -> Announcement:
    entry, feed = reading.entry, reading.feed
    lines = _deal_lines(signals, parties)
    kind, status = find_kind(reading, lines, parties, signals.masked), find_status(reading, lines)
    facts = find_facts(reading, lines, parties)
    return Announcement(
        entry=entry.id,
        text=entry.text,
        title=entry.title,
        url=entry.url,
        publisher=feed.title,
        register=feed.register,
        published=entry.published,
        headline=headline(parties, kind, status, facts),
        parties=parties,
        kind=kind,
        status=status,
        score=score,
        reasons=reasons[:_REASONS],
        first_party=feed.owner is not None and any(speaks_for(feed.owner, party) for party in parties),
        owner=feed.owner,
        facts=facts,
        mentions=find_mentions(reading, signals, parties),
        summary=summarise(reading, _announcing(reading, signals), parties, facts),
    )


def _deal_lines(signals: Signals, parties: Sequence[Party]) -> list[int]:
    """The lines that tell of this deal: those where a pattern joins two of its parties."""
    return sorted(
        {
            each.line
            for each in signals.found
            if not signals.doubtful[each.line]
            and (each.pattern.owner or any(is_party(name, parties) for name in each.names))
        }
    )


def _announcing(reading: Reading, signals: Signals) -> list[float]:
    """How strongly each line announces the deal; below 0 where it is hedged, or speaks of earlier days."""
    strongest = [0.0] * len(reading.lines)
    for each in signals.found:
        doubtful = signals.doubtful[each.line]
        strongest[each.line] = -1.0 if doubtful else max(strongest[each.line], float(RANK[each.pattern.strength]))
    return strongest


def _reasons(features: Sequence[Feature]) -> tuple[Reason, ...]:
    """What moved the score, the most telling first."""
    reasons = [Reason(each.says, round(weights().features.get(each.name, 0.0) * each.value, 3)) for each in features]
    return tuple(sorted((each for each in reasons if each.weight), key=lambda each: -abs(each.weight)))


def _is_promising(entry: Entry, signals: Signals, score: float) -> bool:
    """Whether the feed gave too little to judge by, and what it gave speaks of a partnership."""
    short = len(entry.body.strip()) < _SHORT
    speaks = signals.about("deal_word", TITLE) or signals.about("deal_word", signals.lead)
    return (
        short
        and speaks
        and score > 0.02
        and not any(cue.veto and cue.name in signals.cues[0] for cue in cues().values())
    )

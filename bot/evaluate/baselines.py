"""What a simple program would say: the figures of the recogniser mean little without these beside them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from bot.deals.texts.sentences import split
from bot.evaluate.samples import Sample
from bot.evaluate.wordings import words

_KEYWORDS = re.compile(
    r"\b(?:partner\w*|collaborat\w+|alliances?|joint ventures?|teams? up|teaming|joins? forces|agreements?|deals?"
    r"|pacts?|selects?|taps|inks?|signs?|memorandum|licens\w+)\b",
    re.I,
)
_ALIKE = 0.5


def keywords(samples: Sequence[Sample]) -> list[bool]:
    """A deal is what has a word such as partner, agreement or selects in its title."""
    return [_KEYWORDS.search(each.entry.title) is not None for each in samples]


def opening(sample: Sample) -> str:
    """The first two sentences of a post, the title where there is no more."""
    text = sample.entry.text
    spans = split(text, len(sample.entry.title))
    return " ".join(text[span.start : span.end] for span in spans[1:3]) or sample.entry.title


def merged_by_title(samples: Sequence[Sample]) -> dict[str, str]:
    """For each labelled deal its group, where titles whose word counts have a cosine of 0.5 or more are one deal."""
    deals = [each for each in samples if each.label.deal]
    groups: dict[str, str] = {}
    counts = [Counter(words(each.entry.title)) for each in deals]
    for index, deal in enumerate(deals):
        groups[deal.entry.id] = deal.entry.id
        for other, count in zip(deals[:index], counts[:index], strict=True):
            if _cosine(counts[index], count) >= _ALIKE:
                old, new = groups[deal.entry.id], groups[other.entry.id]
                groups = {entry: new if group == old else group for entry, group in groups.items()}
    return groups


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    product = sum(count * other[word] for word, count in one.items())
    norms = (math.sqrt(sum(count * count for count in each.values())) for each in (one, other))
    return product / (math.prod(norms) or 1.0)

"""What the parties undertake, and where the deal stands: told by the words of its own sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.deals.model import Kind, Party, Role, Status
from bot.deals.reading import Reading
from bot.deals.wording import DEAL_NOUN, masked

_NEAR = r"(?:[\w&’'-]+\s+){0,4}"

# The order decides ties: what is said rarely is said on purpose.
_KINDS: tuple[tuple[Kind, float, re.Pattern[str]], ...] = tuple(
    (kind, weight, re.compile(pattern, re.I))
    for kind, weight, pattern in (
        (Kind.JOINT_VENTURE, 4.0, r"\bjoint venture\b|\bjointly[- ]owned (?:company|business)|\bform(?:s|ed|ing)? a (?:new )?(?:joint )?(?:venture|company)\b"),
        (Kind.LICENSING, 3.0, rf"\b(?:cross-|sub)?licens(?:e|es|ed|ing)\b {_NEAR}{DEAL_NOUN}|\b{DEAL_NOUN} to licen[cs]e\b|\b(?:in|out)-licens\w+|\bexclusive(?:ly)? licen[cs]e\w*|\blicen[cs]e (?:rights|from|to)\b|\blicen[cs]es?d? (?:its|the|their)\b"),
        (Kind.MANUFACTURING_SUPPLY, 3.0, rf"\b(?:supply|manufacturing|production|purchase|offtake|components?)\b {_NEAR}{DEAL_NOUN}|\b{DEAL_NOUN} (?:to|for) (?:supply|manufactur\w+|produc\w+)|\bwill (?:supply|manufacture|produce)\b|\bto manufacture\b|\bcontract manufactur\w+"),
        (Kind.DISTRIBUTION_RESELLER, 3.0, rf"\b(?:distribution|reseller|resale|channel(?: partner)?)\b {_NEAR}{DEAL_NOUN}|\bresell(?:s|er|ing)?\b|\b{DEAL_NOUN} to (?:distribute|sell)\b|\bwill (?:distribute|sell)\b|\bdistribut(?:or|ors) (?:of|for)\b|\bexclusive distribut\w+"),
        (Kind.CO_MARKETING, 3.0, r"\bco-?(?:market|promot|brand)\w*|\bjoint(?:ly)? (?:market|promot)\w*|\bofficial [\w\s-]{0,40}(?:partner|sponsor|provider)\b|\bsponsorship\b|\bgo-to-market\b"),
        (Kind.CONSORTIUM_MEMBERSHIP, 3.0, r"\bconsortium\b|\bcoalition\b|\bfounding members?\b|\bindustry alliance\b"),
        (Kind.PROGRAMME_MEMBERSHIP, 3.0, r"\b(?:join(?:s|ed|ing)?|named|becom(?:e|es|ing)|became|chosen)\b[^.;]{0,60}\b(?:partner(?:s|ner)? program(?:me)?|alliance program(?:me)?|(?:premier|charter|development|certified|preferred|gold|elite) partner|accelerator)\b|\bstrategic-alliance program"),
        (Kind.CO_DEVELOPMENT, 3.0, r"\bco-?(?:develop|creat)\w*|\bjoint(?:ly)? (?:develop|creat|build)\w*|\bdevelop\w* together\b|\bjoin(?:s|ed|ing)? forces to (?:develop|build|create)|\bteam(?:s|ed|ing)? up to (?:develop|build)|\btogether (?:to )?(?:develop|build)\b"),
        (Kind.RESEARCH_COLLABORATION, 3.0, rf"\bresearch(?: and development)? {_NEAR}{DEAL_NOUN}|\b{DEAL_NOUN} (?:on|in|for) [\w\s-]{{0,30}}research\b|\binnovation lab\b|\bjoint (?:research|lab)\w*|\bresearch cent(?:er|re)\b|\b(?:discover|clinical) (?:trials?|{DEAL_NOUN})|\bdrug discovery\b"),
        (Kind.TECHNOLOGY_INTEGRATION, 2.5, r"\bintegrat(?:e|es|ed|ing|ion|ions)\b (?:[\w’'-]+\s+){0,6}?(?:with|into|for|of|agreement|partnership)\b|\bintegrat(?:es|e|ed)\b|\binteroperab\w+|\bconnector\b|\bembed(?:s|ded|ding)?\b|\bto link\b"),
        (Kind.CUSTOMER_SELECTION, 2.5, r"\b(?:selects?|selected|chooses?|chose|chosen|picks|picked|taps|tapped|adopts|adopted|deploys|signs on with|goes live|go live|standardi[sz]es? on|migrat(?:e|es|ing)|moves? to|moving to|roll(?:s|ing)? out)\b"),
        (Kind.STRATEGIC_PARTNERSHIP, 1.5, rf"\bstrategic {_NEAR}{DEAL_NOUN}"),
    )
)  # fmt: skip

_OURS = r"(?:(?:its|their|the|our|an?|this|long-?standing|existing|ongoing|strategic|global|Xx*x?,?|and|with|in|of)\s+|[\w&’'-]+\s+){0,5}?"
_STATUSES: tuple[tuple[Status, re.Pattern[str]], ...] = tuple(
    (status, re.compile(pattern, re.I))
    for status, pattern in (
        (Status.MEMORANDUM, r"\bmemorandum of (?:understanding|intent|co-?operation)\b|\bMo[Uu]s?\b|\bletter of intent\b|\bnon-binding\b|\bagree(?:d|ment)? in principle\b"),
        (Status.ENDED, rf"\b(?:terminat(?:e|es|ed|ing)|end(?:s|ed|ing)?|dissolv(?:e|es|ed)|scrap(?:s|ped)?|wind(?:s|ing)? down|cancel(?:s|led|ed)?)\s+(?:its|their|the|our|a)\s+(?:[\w&’'-]+\s+){{0,4}}?{DEAL_NOUN}|\bpart(?:ed|ing|s)? ways\b|\b{DEAL_NOUN} (?:has|have|will) (?:ended|end)\b"),
        (Status.RENEWED, rf"\brenew(?:s|ed|ing|al)?\b|\bre-?sign(?:s|ed)?\b|\brecommit\w*|\bextend(?:s|ed|ing)?\s+{_OURS}{DEAL_NOUN}\b[^.;]{{0,60}}\b(?:through|until|by|for)\s+(?:[\w-]+\s+){{0,3}}(?:20\d\d|years?|decade)|\b\w+-year extension\b"),
        (Status.EXPANDED, rf"\b(?:expand(?:s|ed|ing)?|extend(?:s|ed|ing)?|deepen(?:s|ed|ing)?|broaden(?:s|ed|ing)?|widen(?:s|ed|ing)?|strengthen(?:s|ed|ing)?|enhance(?:s|d)?|grow(?:s|ing)?|build(?:s|ing)? on)\s+{_OURS}{DEAL_NOUN}\b|\bexpansion of (?:its|their|the|our|an?)\s+(?:[\w&’'-]+\s+){{0,4}}?{DEAL_NOUN}|\bexpand(?:s|ed|ing)? (?:its|our|their) use of\b"),
    )
)  # fmt: skip


def find_kind(reading: Reading, deal_lines: Sequence[int], parties: Sequence[Party]) -> Kind:
    """The kind that the deal's sentences speak of most, the title counting double; a general partnership else."""
    votes: Counter[Kind] = Counter()
    for index in deal_lines:
        words = masked(reading, reading.lines[index])
        for kind, weight, pattern in _KINDS:
            if pattern.search(words):
                votes[kind] += weight * (2 if index == 0 else 1)  # type: ignore[assignment]
    if {Role.CUSTOMER, Role.SUPPLIER} <= {party.role for party in parties}:
        votes[Kind.CUSTOMER_SELECTION] += 2
    ranked = [kind for kind, _, _ in _KINDS]
    return max(votes, key=lambda kind: (votes[kind], -ranked.index(kind)), default=Kind.STRATEGIC_PARTNERSHIP)


def find_status(reading: Reading, deal_lines: Sequence[int]) -> Status:
    """Where the deal stands by its own sentences: announced, unless they say more."""
    told = [masked(reading, reading.lines[index]) for index in deal_lines]
    for status, pattern in _STATUSES:
        if any(pattern.search(words) for words in told):
            return status
    return Status.ANNOUNCED

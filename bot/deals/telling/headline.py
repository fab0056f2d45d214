"""One line for a deal, in our own form and made only of what was extracted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.deals.model import UNDISCLOSED, Fact, FactName, Kind, Party, Role, Status

LONGEST = 120
"""A headline has at most so many characters."""

_NOUNS = {
    Kind.STRATEGIC_PARTNERSHIP: "strategic partnership",
    Kind.JOINT_VENTURE: "joint venture",
    Kind.DISTRIBUTION_RESELLER: "distribution agreement",
    Kind.TECHNOLOGY_INTEGRATION: "technology integration",
    Kind.RESEARCH_COLLABORATION: "research collaboration",
    Kind.CO_DEVELOPMENT: "joint development",
    Kind.LICENSING: "licensing agreement",
    Kind.MANUFACTURING_SUPPLY: "supply agreement",
    Kind.CUSTOMER_SELECTION: "agreement",
    Kind.CO_MARKETING: "marketing partnership",
    Kind.CONSORTIUM_MEMBERSHIP: "consortium",
    Kind.PROGRAMME_MEMBERSHIP: "partner programme",
}
_STATUSES = {
    Status.ANNOUNCED: "{}",
    Status.EXPANDED: "expanded {}",
    Status.RENEWED: "renewed {}",
    Status.MEMORANDUM: "memorandum on {}",
    Status.ENDED: "end of {}",
}


def headline(parties: Sequence[Party], kind: Kind, status: Status, facts: Sequence[Fact]) -> str:
    """Who, how long and what, e.g. "Google × Mayo Clinic: 10-year strategic partnership"; at most `LONGEST` long.

    "B chooses A" is said only where the roles give that direction.
    """
    choice = _choice(parties) if kind is Kind.CUSTOMER_SELECTION else None
    who = choice or _names(parties)
    what = _what(kind, status, facts)
    if choice and what == _NOUNS[kind] and len(choice) <= LONGEST:
        return choice
    for names in (who, _few(parties, 2), _few(parties, 1)):
        for phrase in (what, _plain(kind, status)):
            line = f"{names}: {phrase}"
            if len(line) <= LONGEST:
                return line
    return f"{who[: LONGEST - 1].rstrip()}…"


def _choice(parties: Sequence[Party]) -> str | None:
    customers = [party.name for party in parties if party.role is Role.CUSTOMER]
    suppliers = [party.name for party in parties if party.role is Role.SUPPLIER]
    if len(customers) != 1 or not suppliers or len(customers) + len(suppliers) != len(parties) or len(suppliers) > 2:
        return None
    return f"{customers[0]} chooses {' and '.join(suppliers)}"


def _names(parties: Sequence[Party]) -> str:
    return " × ".join(party.name for party in parties) if len(parties) <= 3 else _few(parties, 2)


def _few(parties: Sequence[Party], shown: int) -> str:
    names = [party.name for party in parties]
    rest = len(names) - shown
    if rest <= 0:
        return " × ".join(names)
    return f"{', '.join(names[:shown])} and {rest} other{'s' if rest > 1 else ''}"


def _what(kind: Kind, status: Status, facts: Sequence[Fact]) -> str:
    term, value = _only(facts, FactName.TERM), _only(facts, FactName.VALUE)
    length = re.fullmatch(r"(\d+) (year|month|week)s?", term)
    before = f"{length[1]}-{length[2]}" if length else "multi-year" if term == "multi-year" else ""
    money = value if re.fullmatch(r"\D{0,4}\s?[\d.,]+(?: (?:thousand|million|billion|trillion))?", value) else ""
    noun = _NOUNS[kind]
    phrase = _STATUSES[status].format(" ".join(each for each in (_joined(before, money), noun) if each))
    return f"{phrase} {term}" if term.startswith(("through", "until")) else phrase


def _joined(before: str, money: str) -> str:
    return f"{before}, {money}" if before and money else before or money


def _plain(kind: Kind, status: Status) -> str:
    return _STATUSES[status].format(_NOUNS[kind])


def _only(facts: Sequence[Fact], name: FactName) -> str:
    """The value of a fact that nobody disputes, else nothing."""
    values = {fact.value for fact in facts if fact.name is name} - {UNDISCLOSED}
    return values.pop() if len(values) == 1 else ""

"""Who is in the deal: the names in the surest patterns, each once, with its role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.deals.grammar import Found, Strength
from bot.deals.model import Evidence, Party, Role
from bot.deals.signals import RANK, Signals
from bot.deals.texts import organisations
from bot.deals.texts.reading import Name, Reading

_FEW_NAMED = 4  # more names in a row without a word that joins them are a list of examples
_MOST = 8  # a longer list of "parties" is an enumeration


def find_parties(reading: Reading, signals: Signals) -> tuple[Party, ...]:
    """The parties of the main deal, in order of the announcing sentence; fewer than two where none are named.

    Where no sentence pattern tells them, they are the organisations that the title or the opening names.
    """
    ranked = sorted(_main(signals), key=lambda each: (-_weight(each), each.line))
    one = same_names(reading, signals)
    if not ranked:
        return tuple(_party(reading, name, Role.PARTNER) for name in _named(reading, signals, one))
    members = _members(ranked, one)
    lines = [0, *signals.lead]
    parties = []
    for key in members:
        occurrence = _printed(reading, key, one, [ranked[0].line, *lines])
        evidence = occurrence or _whole_title(reading)
        parties.append(_party(reading, evidence, _role(key, ranked, one)))
    owner = _unsaid_owner(reading, ranked[0], members, one)
    return tuple([*owner, *parties][:_MOST])


def _named(reading: Reading, signals: Signals, one: dict[str, str]) -> list[Name]:
    """Who is named where the news is told: in the title, and, as long as that makes only one, in the lines below it.

    The owner of a feed counts from any line of the opening. Of more than two, those stay that we know or that are
    named again: what stands once, and nobody knows, is a place or a thing.
    """
    opening = [[(one[name.key], name) for name in reading.lines[line].names] for line in (0, *signals.lead)]
    times = Counter(key for line in opening for key in dict.fromkeys(key for key, _ in line))
    owner = organisations.key(reading.feed.owner) if reading.feed.owner else None
    named = {key: name for line in opening for key, name in line if key == owner}
    for line in opening:
        if len(named) < 2 or line is opening[0]:
            for key, name in line:
                named.setdefault(key, name)
    if len(named) > 2:
        sure = {key: name for key, name in named.items() if name.organisation or times[key] > 1}
        named = sure if len(sure) > 1 else dict(list(named.items())[:2])
    if len(named) > _FEW_NAMED:
        return []
    return [_printed(reading, key, one, [0, *signals.lead]) or name for key, name in named.items()]


def same_names(reading: Reading, signals: Signals) -> dict[str, str]:
    """Which key stands for which in this text: short forms for the one longer name they can mean, units for owners.

    Two names that one pattern sets against each other are two organisations, and the feed's owner is no short form.
    """
    apart = {(one.key, other.key) for each in signals.found for one in each.names for other in each.names}
    owner = organisations.key(reading.feed.owner) if reading.feed.owner else ""
    names = {name.key: name for line in reading.lines for name in line.names}
    folded = {key: organisations.fold(name.name) for key, name in names.items()}
    initials = {key: _initials(words) for key, words in folded.items()}
    same = {alias.key: whole.key for alias, whole in _in_brackets(reading)}
    for key, name in names.items():
        short, opening = folded[key], folded[key] + " "
        longer = [
            other
            for other in names
            if (folded[other].startswith(opening) or initials[other] == short != "") and (key, other) not in apart
        ]
        known = [
            other for other in organisations.owners(key) if other in names and organisations.is_unit_of(key, other)
        ]
        if known:
            same.setdefault(key, known[-1])
        elif len(longer) == 1 and key != owner and not (name.organisation and names[longer[0]].organisation):
            same.setdefault(key, longer[0])
    return {key: _last(key, same) for key in names}


def _last(key: str, same: dict[str, str]) -> str:
    seen = {key}
    while (following := same.get(key)) and following not in seen:
        seen.add(following)
        key = following
    return key


def _initials(folded: str) -> str:
    words = [word for word in folded.split() if word not in ("of", "the", "and", "for")]
    return "".join(word[0] for word in words) if len(words) > 2 else ""


def _in_brackets(reading: Reading) -> Iterator[tuple[Name, Name]]:
    """Names that stand in brackets right behind another: "Ohio Life Sciences Association (OLS)"."""
    text = reading.entry.text
    for line in reading.lines:
        for whole, alias in zip(line.names, line.names[1:], strict=False):
            between = text[whole.end : alias.start].strip(" .,\"“”'")
            if between == "(" and text[alias.end : alias.end + 3].lstrip("\"”'.").startswith(")"):
                yield alias, whole


def _main(signals: Signals) -> Iterable[Found]:
    return [each for each in signals.found if not signals.doubtful[each.line]] or signals.found


def _weight(found: Found) -> float:
    place = 0.4 if found.line == 0 else 0.5 if found.line == 1 else 0.2 if found.line < 5 else -1.0
    # Names we know make a faint pattern surer: what only looks like a name is often a product.
    sure = 0.4 * min(sum(name.organisation is not None for name in found.names), 2)
    known = sure if found.pattern.strength in (Strength.WEAK, Strength.FAINT) else 0
    return RANK[found.pattern.strength] + place + known + (0.6 if found.line == 0 and found.pattern.owner else 0)


def _members(ranked: Sequence[Found], one: dict[str, str]) -> list[str]:
    """The keys of the surest pattern, and of other sure ones near the top that share a party with it."""
    first = ranked[0]
    keys = dict.fromkeys(one[name.key] for name in first.names)
    for each in ranked[1:]:
        others = [one[name.key] for name in each.names]
        if (
            each.line <= 1
            and each.pattern.strength is Strength.STRONG
            and set(others) & set(keys)
            and len(set(others)) > 1
        ):
            keys |= dict.fromkeys(others)
    return list(keys)


def _printed(reading: Reading, key: str, one: dict[str, str], lines: Sequence[int]) -> Name | None:
    """The occurrence to print: the fullest form of the same organisation in the announcing sentence or the opening.

    A form that names another organisation, such as its owner, is none of them.
    """
    found = [name for at in lines for name in reading.lines[at].names if one[name.key] == key]
    if not found:
        return None
    spoken = [name for name in found if not _is_first_person(reading, name)]
    first = (spoken or found)[0]
    fuller = [name for name in spoken if first.organisation is None or name.organisation in (None, first.organisation)]
    return max(fuller or [first], key=lambda name: (len(organisations.fold(name.name)), -len(name.name), -name.start))


def _is_first_person(reading: Reading, name: Name) -> bool:
    return reading.entry.text[name.start : name.end] != name.name


def _whole_title(reading: Reading) -> Name:
    owner = reading.feed.owner or ""
    known = organisations.lookup(owner)
    return Name(
        owner, 0, len(reading.entry.title), organisations.key(owner), known.id if known else None,
        known.sector if known else None,
    )  # fmt: skip


def _unsaid_owner(reading: Reading, found: Found, members: list[str], one: dict[str, str]) -> list[Party]:
    if not found.pattern.owner or reading.feed.owner is None:
        return []
    key = organisations.key(reading.feed.owner)
    key = one.get(key, key)
    if key in members:
        return []
    name = _printed(reading, key, one, range(min(len(reading.lines), 6))) or _whole_title(reading)
    return [_party(reading, name, Role.PARTNER)]


def _role(key: str, ranked: Sequence[Found], one: dict[str, str]) -> Role:
    """The role in the surest sentence that gives both sides a direction."""
    for found in ranked:
        if found.line <= 2 and found.pattern.roles:
            for slot, names in (("A", found.doer), ("B", found.other)):
                if key in {one[name.key] for name in names}:
                    return found.pattern.roles[slot]
    return Role.PARTNER


def _party(reading: Reading, name: Name, role: Role) -> Party:
    return Party(name.name, role, Evidence(reading.entry.id, name.start, name.end), name.organisation, name.sector)

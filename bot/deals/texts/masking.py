"""A line with a symbol for every name, and without what only stands between a name and its verb."""

from __future__ import annotations

import re

from bot.deals.texts import organisations
from bot.deals.texts.reading import Line, Name
from bot.deals.texts.sieve import folded


def mask(words: str, line: Line) -> str:
    """The words of `line` as patterns see them: `⟦0⟧` for its first name, `⟦0,1⟧` for a list of names.

    Brackets, tickers, days and descriptions ("Acme, a maker of scanners, and ...") are left out. The symbols count
    `line.names`; the offsets of the original are lost.
    """
    return simplified(_with_symbols(words.replace("⟦", " ").replace("⟧", " "), line))


def simplified(masked: str) -> str:
    """The same, for words that hold symbols already."""
    small = folded(masked)
    for pattern, instead, needs in STEPS:
        if not needs or any(map(small.__contains__, needs)):
            before, masked = masked, pattern.sub(instead, masked)
            small = small if masked is before else folded(masked)
    for _ in range(2):
        masked = _LIST.sub(_joined, masked)
    return masked.strip()


def _with_symbols(words: str, line: Line) -> str:
    pieces: list[str] = []
    at = 0
    for number, name in enumerate(line.names):
        start, end = name.start - line.start, name.end - line.start
        if start < at:
            continue
        possessive = "'s" if words[start:end].lower() == "our" else ""
        pieces += [words[at:start], "" if _is_owner_before(words, line, number) else f"⟦{number}⟧{possessive}"]
        at = end
    return "".join([*pieces, words[at:]]).replace("’", "'")


def _is_owner_before(words: str, line: Line, number: int) -> bool:
    """Whether the name only tells who owns the next one ("Alphabet's Google")."""
    if number + 1 >= len(line.names):
        return False
    name, following = line.names[number], line.names[number + 1]
    between = words[name.end - line.start : following.start - line.start]
    return re.fullmatch(r"\.?['’]s (?:[a-z-]+ ){0,2}", between) is not None and _owns(name, following)


def _owns(name: Name, other: Name) -> bool:
    return other.organisation is not None and name.organisation in organisations.owners(other.organisation)


_VERB = (
    r"(?:\w+ly )?(?:and ⟦|announc|has\b|have\b|is\b|are\b|today|said|says|will\b|joined|signed|select|chose|"
    r"partner|team|launch|unveil|enter|expand|yesterday|recently|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|to\b|"
    r"integrat|was\b|agreed|plans)"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
STEPS: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), instead, needs)
    for pattern, instead, needs in (
        (r" ?[(\[][^()\[\]]{0,100}[)\]]", "", ("(", "[")),
        (r"[®™*\"“”]", "", ()),
        (r"⟧['’](?:re|ve|ll)\b", "⟧ will", ("⟧'", "⟧’")),
        (r"\s{2,}|[^\S ]", " ", ()),
        (r"⟧[.,]? ?,? (?:Inc|LLC|Ltd|Corp|PLC|Co|Corporation|Limited|Company|PA|LLP)\b\.?", "⟧", ("⟧",)),
        (r"⟧\.(?= [a-z⟦]|'s)", "⟧", ("⟧.",)),
        (rf"⟧, (?:an?|the|one|which|whose|who|part|owner|formerly|known|based|headquartered|parent|makers?|"
         rf"providers?|developers?|creators?|publishers?|operators?|[a-z-]+'s|[a-z-]+ing|home|also|leading|"
         rf"[a-z]+ (?:company|provider|leader))\b(?:(?!\bannounc|ship with|ed with)[^;:]){{0,320}}?,(?= {_VERB})", "⟧",
         ("⟧, ",)),
        (rf",? (?:today|yesterday|tomorrow|(?:on |late |early |this )*{_DAY}|this (?:morning|week|month|year)"
         r"|earlier this \w+|recently|last (?:week|month|year))(?: morning| afternoon)?(?=[ ,.]),?", "",
         ("day", "tomorrow", " this ", " recently", " last ")),
        (r"⟧,(?= (?:announc|has |have |is |are |said|will |signed|selects?|partners?)\w*)", "⟧", ("⟧, ",)),
        (r"^⟦\d+⟧'s (?=⟦\d+⟧ [a-z])", "", ("⟧'s ⟦",)),
        (r"\b(?:the|both) (?=⟦)", "", ("the ⟦", "both ⟦")),
        (r"⟧['’]s? (?=⟦)", "⟧'s ", ("⟧'", "⟧’")),
    )
)  # fmt: skip
"""What is replaced, by what, and in small letters what has to stand there for it to be worth a search."""

_DESCRIBED = (
    r"(?:(?:the |its |fellow )?(?:[\w.'&-]+ ){0,5}(?:company|giant|maker|drugmaker|provider|group|firm|startup|"
    r"start-up|leader|insurer|carmaker|chipmaker|vendor|developer|specialist|subsidiary|unit|partner|rival|agency|nonprofit|"
    r"retailer|bank|platform|supplier|manufacturer|operator|system|network|charity|university|hospital) |"
    r"(?:the |an? )?[\w.'-]+-(?:based|old|owned|backed) )?"
)
_LIST = re.compile(
    rf"⟦([\d,]+)⟧(?:'s)?(?:, | and |, and | & |/|-| \+ | x | × | with its partner ){_DESCRIBED}"
    rf"⟦([\d,]+)⟧(?!'s (?!⟦|$|{_VERB}))",
    re.IGNORECASE,
)


def _joined(found: re.Match[str]) -> str:
    return f"⟦{found.group(1)},{found.group(2)}⟧"

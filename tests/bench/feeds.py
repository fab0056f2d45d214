"""Feeds like those of newsrooms: about 45 KB, RSS and Atom, HTML bodies. The same number always gives the same feed."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from random import Random

ENTRIES = 20
_WORDS = [
    "the", "of", "and", "to", "in", "for", "with", "is", "on", "at", "by", "from", "that", "this", "it", "will",
    "has", "have", "are", "was", "their", "its", "an", "as", "or", "be", "can", "all", "the", "clinic", "opened",
    "new", "beds", "nurses", "data", "platform", "cloud", "region", "patients", "care", "system", "software", "team",
    "announced", "year", "hospital", "service", "records", "imaging", "pharmacy", "research", "network", "model",
    "results", "study", "access", "support", "secure", "local",
]  # fmt: skip


def feed(number: int, version: int, now: datetime) -> bytes:
    """Feed `number` with 20 entries, of which the newest `version` came after the first 20."""
    write = _atom if number % 2 else _rss
    entries = [_entry(number, each, now) for each in range(version, version + ENTRIES)]
    return write(number, entries[::-1]).encode()


def _entry(number: int, each: int, now: datetime) -> tuple[str, str, str, datetime]:
    random = Random(number * 100_003 + each)
    title = _sentence(random, 9)
    paragraphs = "".join(
        f'<p>{_sentence(random, 40)} <a href="https://news{number}.example/{random.random()}?utm_source=feed">'
        f"{_sentence(random, 4)}</a> &amp; {_sentence(random, 30)}</p>\n"
        for _ in range(3)
    )
    body = f'<div class="entry"><h2>{title}</h2>{paragraphs}<ul><li>{_sentence(random, 6)}</li></ul></div>'
    return title, f"https://news{number}.example/{each}", body, now - timedelta(hours=12 * (ENTRIES - each))


def _sentence(random: Random, words: int) -> str:
    return " ".join(random.choices(_WORDS, k=words)).capitalize() + "."


def _rss(number: int, entries: list[tuple[str, str, str, datetime]]) -> str:
    items = "".join(
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{format_datetime(at)}</pubDate>"
        f"<description><![CDATA[{body[:300]}]]></description><content:encoded><![CDATA[{body}]]></content:encoded></item>"
        for title, link, body, at in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>News {number}</title><link>https://news{number}.example/</link>{items}</channel></rss>"
    )


def _atom(number: int, entries: list[tuple[str, str, str, datetime]]) -> str:
    items = "".join(
        f'<entry><id>{link}</id><title>{title}</title><link href="{link}"/><published>{at.isoformat()}</published>'
        f'<updated>{at.isoformat()}</updated><content type="html">{escape(body)}</content></entry>'
        for title, link, body, at in entries
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>urn:{number}</id>'
        f"<title>News {number}</title><updated>{entries[0][3].isoformat()}</updated>{items}</feed>"
    )

"""What the tour serves: seven feeds of real events in our own words, and the pages that their entries link to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.feeds.model import Register, Sector

HOST = "samples.example"
"""The name the samples go by; `.example` can never be anybody's (RFC 2606)."""

_HTML = "text/html; charset=utf-8"
_TYPES = {
    "xml": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One served file. `path` starts with a slash; a feed has the fields of a Feed, a page has no register."""

    path: str
    body: bytes
    content_type: str
    title: str
    owner: str | None = None
    sector: Sector | None = None
    register: Register | None = None

    @property
    def is_feed(self) -> bool:
        """Whether it is to be polled; else it is a page that an entry links to."""
        return self.register is not None


@cache
def samples() -> tuple[Sample, ...]:
    """Every sample, feeds first."""
    return (*_feeds(), *_pages())


def _feeds() -> tuple[Sample, ...]:
    news, release, blog = Register.TRADE_NEWS, Register.PRESS_RELEASE, Register.VENDOR_BLOG
    return (
        _feed("cloud-vendor.xml", "cloud vendor blog", blog, "Google Cloud", Sector.CLOUD),
        _feed("health-it-news.xml", "health IT news desk", news),
        _feed("industry-briefs.xml", "industry briefs", news),
        _feed("life-sciences-wire.xml", "life sciences wire", release),
        _feed("provider-newsroom.atom", "provider newsroom", release, "Mayo Clinic", Sector.HEALTH_SYSTEM),
        _feed("research-notes.rdf", "computing and research notes", news),
        _feed("software-vendor.json", "software vendor news", blog, "Microsoft", Sector.CLOUD),
    )


def _feed(name: str, title: str, register: Register, owner: str | None = None, sector: Sector | None = None) -> Sample:
    body = files("bot.tour").joinpath(f"files/feeds/{name}").read_bytes()
    content_type = _TYPES[name.rpartition(".")[2]]
    return Sample(f"/feeds/{name}", body, content_type, f"Sample: {title}", owner, sector, register)


def _pages() -> tuple[Sample, ...]:
    root = files("bot.tour").joinpath("files")
    articles = sorted(root.joinpath("articles").iterdir(), key=lambda page: page.name)
    return (
        Sample("/", root.joinpath("index.html").read_bytes(), _HTML, "Pactwire samples"),
        *(Sample(f"/articles/{page.name}", page.read_bytes(), _HTML, page.name) for page in articles),
    )

"""No fetch reaches a machine that is not public, however its address is written or found."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.feeds.answer import Fetched, FetchFailed
from bot.web.client import Web
from bot.web.guard import AddressNotAllowedError, is_allowed, networks, socket_factory
from tests.web.wire import response, wire

HERE = Path(__file__).parent
REFUSED = (HERE / "refused.txt").read_text().split()
ALLOWED = (HERE / "allowed.txt").read_text().split()


@pytest.mark.parametrize("address", REFUSED)
def test_special_addresses_are_refused(address: str) -> None:
    assert not is_allowed(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ALLOWED)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(ipaddress.ip_address(address))


def test_a_zone_is_refused_even_on_a_public_address() -> None:
    assert not is_allowed(ipaddress.ip_address("2606:4700:4700::1111%eth0"))


def test_the_operator_may_allow_more() -> None:
    allowed = networks(["192.168.7.0/24", "10.0.0.1", "fd00::/8"])
    assert is_allowed(ipaddress.ip_address("192.168.7.9"), allowed)
    assert is_allowed(ipaddress.ip_address("10.0.0.1"), allowed)
    assert is_allowed(ipaddress.ip_address("fd00::7"), allowed)
    assert not is_allowed(ipaddress.ip_address("10.0.0.2"), allowed)
    assert not is_allowed(ipaddress.ip_address("::ffff:10.0.0.1"), allowed)


def test_no_socket_is_made_for_an_address_that_is_not_allowed() -> None:
    make = socket_factory()
    for family, where in [
        (socket.AF_INET, ("127.0.0.1", 80)),
        (socket.AF_INET6, ("::1", 80, 0, 0)),
        (socket.AF_INET6, ("2606:4700:4700::1111", 80, 0, 3)),
        (socket.AF_INET, ("localhost", 80)),
    ]:
        with pytest.raises(AddressNotAllowedError):
            make((family, socket.SOCK_STREAM, 0, "", where))
    make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 80))).close()


class Names(AbstractResolver):
    """Answers every name with the addresses it was given, one set a question."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=each,
                port=port,
                family=socket.AF_INET6 if ":" in each else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for each in addresses
        ]

    async def close(self) -> None:
        """Nothing to let go of."""


NOT_ALLOWED = FetchFailed("The address is not allowed (private network)")


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["::1"], ["8.8.8.8", "127.0.0.1"], ["2600::", "::ffff:127.0.0.1"], ["9.9.9.9"] * 99 + ["10.0.0.1"]],
    ids=["loopback", "loopback 6", "mixed", "mixed 6", "one of a hundred"],
)  # fmt: skip
async def test_a_name_that_leads_to_a_private_address_is_refused_whole(addresses: list[str]) -> None:
    async with wire(response(b"x")) as server:
        async with Web(user_agent="t", allow_ports=[server.port], resolver=Names(addresses)) as client:
            assert await client.fetch(f"http://public.example:{server.port}/") == NOT_ALLOWED
        assert server.asked == []


async def test_open_and_closed_ports_of_private_hosts_look_the_same() -> None:
    async with (
        wire(response(b"x")) as server,
        Web(user_agent="t", allow_ports=[server.port, 9], host_pause=0) as client,
    ):
        for url in (server.url, "http://127.0.0.1:9/", "http://[::1]:9/", "http://10.0.0.1/", "http://localhost:9/"):
            assert await client.fetch(url) == NOT_ALLOWED
        assert server.asked == []


@pytest.mark.parametrize(
    "host",
    [
        "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.1", "１２７.０.０.１", "127。0。0。1",
        "127.0.0.1.", "user@127.0.0.1", "a:b@127.0.0.1", "[::1%25lo]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]",
        "127.0.0.1%00", "127.0.0.1%2e", "localhost", "LOCALHOST.", "x\\@127.0.0.1", "127.0.0.1\t",
        "127\n.0.0.1", "%31%32%37.0.0.1", "[::127.0.0.1]", "0",
        "017700000001", "0x7F000001", "0X7f.1", "127.1.", "127.000.000.001", "①②⑦.⓪.⓪.①", "127%2e0%2e0%2e1",
        "127｡0｡0｡1",
        "[::ffff:127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[::]",
        "0.0.0.0",
        "127.255.255.254", "127.0.0.1#", "127.0.0.1?", " 127.0.0.1", "127.0.0.1 ", "127.0.0.1\r\n", "\u202e1.0.0.721",
        "a@b@127.0.0.1", "127.0.0.1\u00ad", "127.0.0.1;", "[127.0.0.1]", "[::1", "lOcAlHoSt", "ip6-localhost",
        "",
    ],
)  # fmt: skip
async def test_no_spelling_of_the_loopback_reaches_it(host: str) -> None:
    async with wire(response(b"x")) as server, Web(user_agent="t", allow_ports=[server.port], host_pause=0) as client:
        answer = await client.fetch(f"http://{host}:{server.port}/")
        assert isinstance(answer, FetchFailed)
        assert host == "" or host not in answer.reason or host == "0"
        assert server.asked == []


@pytest.mark.parametrize(
    "url", ["ftp://example.com/", "file:///etc/passwd", "example.com", "", "\x00", "http://", "x" * 5_000]
)
async def test_only_web_addresses_are_asked(url: str) -> None:
    async with Web(user_agent="t") as client:
        assert await client.fetch(url) == FetchFailed("This is not a web address")


@pytest.mark.parametrize("port", [1, 21, 22, 25, 6379, 8080, 65535])
async def test_only_web_ports_are_asked(port: int) -> None:
    async with Web(user_agent="t") as client:
        answer = await client.fetch(f"http://8.8.8.8:{port}/")
    assert answer == FetchFailed(f"The address uses port {port}, which is not allowed")


async def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wire(response(b"proxy")) as proxy, wire(response(b"direct")) as server:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        async with Web(user_agent="t", allow_addresses=["127.0.0.1"], allow_ports=[server.port]) as client:
            answer = await client.fetch(server.url)
    assert isinstance(answer, Fetched)
    assert answer.body == b"direct"
    assert proxy.asked == []


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        networks(["example.com"])

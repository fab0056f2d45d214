"""The gazetteer file keeps its own promises; what the names mean in a text is tested with the loader."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from importlib import resources
from typing import Any

import pytest

from bot.feeds.model import Sector

Entry = dict[str, Any]
ALLOWED = {"id", "name", "sector", "aliases", "owner", "former", "products", "ambiguous"}


@pytest.fixture(scope="module")
def organisations() -> list[Entry]:
    text = resources.files("bot.deals").joinpath("data/organisations.toml").read_text("utf-8")
    entries: list[Entry] = tomllib.loads(text)["organisation"]
    return entries


def test_it_knows_at_least_six_hundred_organisations_and_some_of_every_sector(organisations: list[Entry]) -> None:
    assert len(organisations) >= 600
    assert {entry["sector"] for entry in organisations} == set(Sector)


def test_every_entry_has_the_agreed_fields_and_no_others(organisations: list[Entry]) -> None:
    for entry in organisations:
        assert {"id", "name", "sector"} <= entry.keys() <= ALLOWED, entry
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["id"]), entry["id"]
        assert all(year["until"] > 1990 for year in entry.get("former", ())), entry
        assert entry.get("ambiguous", True) is True, entry
        assert all(name == name.strip() != "" for name in (*names(entry), *entry.get("products", ()))), entry


def test_ids_are_unique_and_sorted_by_sector(organisations: list[Entry]) -> None:
    keys = [(entry["sector"], entry["id"]) for entry in organisations]

    assert keys == sorted(keys)
    assert len({entry["id"] for entry in organisations}) == len(organisations)


def test_a_name_belongs_to_one_organisation_unless_it_is_marked_as_shared(organisations: list[Entry]) -> None:
    holders: dict[str, set[str]] = defaultdict(set)
    for entry in organisations:
        if not entry.get("ambiguous"):
            for name in names(entry):
                holders[fold(name)].add(entry["id"])

    assert {name: ids for name, ids in holders.items() if len(ids) > 1} == {}


def test_an_organisation_says_each_of_its_names_once(organisations: list[Entry]) -> None:
    for entry in organisations:
        folded = [fold(name) for name in names(entry)]
        assert len(set(folded)) == len(folded), entry["id"]


def test_a_product_is_no_organisation_and_belongs_to_one(organisations: list[Entry]) -> None:
    products = [fold(product) for entry in organisations for product in entry.get("products", ())]
    parties = {fold(name) for entry in organisations for name in names(entry)}

    assert len(set(products)) == len(products)
    assert set(products).isdisjoint(parties)


def test_owners_stand_in_the_file_and_nobody_owns_himself(organisations: list[Entry]) -> None:
    owners = {entry["id"]: entry.get("owner") for entry in organisations}

    for start in owners:
        chain = [start]
        while (owner := owners[chain[-1]]) is not None:
            assert owner in owners, f"{chain[-1]} is owned by {owner}, which is not in the file"
            assert owner not in chain, f"{start} owns itself: {chain}"
            chain.append(owner)


def names(entry: Entry) -> list[str]:
    return [entry["name"], *entry.get("aliases", ()), *(each["name"] for each in entry.get("former", ()))]


def fold(name: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w&+]", " ", plain.casefold()).split())

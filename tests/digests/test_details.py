"""Everything about one deal, each statement with its proof."""

from __future__ import annotations

from bot.deals.model import Evidence, FactName, Mention, Role
from bot.digests.details import LONGEST_QUOTE, deal_details, sentence_around
from bot.digests.message import Card, Heading, Link, Quote
from tests.builders import TEXT, announcement, evidence, fact, known, party

SOURCE = Link("Example News", "https://example.com/example-news")


def test_each_fact_stands_beside_the_sentence_that_states_it() -> None:
    found = deal_details(known(facts=(fact(FactName.TERM, "10 years", "for 10 years"),)), root="deals")
    proof = "Acme Health chose Borealis Cloud to store its data for 10 years."
    assert Quote("term: 10 years", proof, SOURCE) in found.blocks


def test_roles_are_named_where_the_text_gives_a_direction() -> None:
    found = deal_details(known(parties=(party(role=Role.CUSTOMER), party("Borealis Cloud"))), root="deals")
    labels = [block.label for block in found.blocks if isinstance(block, Quote)]
    assert labels[0] == "Acme Health (customer) · Borealis Cloud"


def test_details_hold_the_card_the_mentions_the_sources_and_what_the_deal_follows() -> None:
    mention = Mention(("Acme Health", "Fjord Labs"), evidence("They will work together in Oslo"))
    found = deal_details(known(18, follows=17, mentions=(mention,)), root="pact")
    assert isinstance(found.blocks[0], Card)
    headings = [block.text for block in found.blocks if isinstance(block, Heading)]
    assert headings == ["WHO", "EARLIER DEALS IT NAMES", "TOLD BY"]
    assert Quote("Acme Health × Fjord Labs", "They will work together in Oslo.", SOURCE) in found.blocks
    assert Quote("23 Nov 2026", TEXT.split("\n")[0], SOURCE) in found.blocks
    assert found.footer == ("follows deal #17: /pact deal 17",)


def test_a_quote_ends_at_the_borders_of_its_sentence() -> None:
    assert sentence_around(announcement(), evidence("Oslo")) == "They will work together in Oslo."


def test_a_very_long_sentence_is_cut_around_its_evidence() -> None:
    text = f"Title\n{'word ' * 80}for 10 years {'more ' * 80}end."
    told = announcement(text=text, title="Title")
    quote = sentence_around(told, evidence("10 years", text=text))
    assert "10 years" in quote
    assert len(quote) <= LONGEST_QUOTE + 2
    assert (quote[0], quote[-1]) == ("…", "…")


def test_evidence_whose_text_is_gone_is_said_to_be_gone() -> None:
    lost = party(evidence=Evidence("another entry", 0, 4))
    found = deal_details(known(parties=(lost,)), root="deals")
    assert Quote("Acme Health", "the text that said so is no longer kept") in found.blocks

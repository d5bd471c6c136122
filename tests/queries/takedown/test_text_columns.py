"""Which columns of a row contain people's words, and what they contain when words or all of it is redacted."""

from __future__ import annotations

from uuid import uuid4

from stories.domain.text.mask import WITHHELD_ADDRESS, Mask
from stories.models import Article, Discard, EmbedBlock, PublicationCard, TextBlock
from stories.queries.takedown.text_columns import redact_all, redact_words, text_fields

JO = Mask(("Jo Doe",), "[erased]")


def names(model: type[Article | Discard | EmbedBlock | PublicationCard]) -> set[str]:
    return {field.name for field in text_fields(model)}


def test_names_of_things_choices_and_what_a_payload_has_are_no_text() -> None:
    assert {"headline", "dek"} <= names(Article)
    assert names(Article).isdisjoint({"slug", "section", "language", "kind"})
    assert names(Discard) == {"reason"}
    assert "bylines" in names(PublicationCard)


def test_only_the_columns_with_the_words_change() -> None:
    article = Article(headline="Jo Doe speaks", dek="A dek", slug="jo-doe-speaks")
    assert redact_words(article, JO) == {"headline": "[erased] speaks"}
    assert redact_words(Article(headline="Jo Doering speaks"), JO) == {}


def test_running_text_stays_html_and_an_address_goes_as_a_whole() -> None:
    block = TextBlock(key=uuid4(), text="<p>Said <em>Jo</em> Doe.</p>")
    assert redact_words(block, JO)["text"] == "<p>Said <em>[erased]</em>.</p>"
    assert redact_all(block, "[erased]") == {"text": "<p>[erased]</p>"}
    card = EmbedBlock(key=uuid4(), address="https://example.org/jo-doe", title="A transcript")
    assert redact_words(card, JO) == {"address": WITHHELD_ADDRESS}
    assert redact_all(card, "[erased]") == {"address": WITHHELD_ADDRESS, "title": "[erased]"}


def test_of_a_pair_in_a_list_the_second_is_text() -> None:
    card = PublicationCard(headline="Council", bylines=[["jo-doe", "Jo Doe"], ["ann", "Ann"]])
    assert redact_words(card, JO) == {"bylines": [["jo-doe", "[erased]"], ["ann", "Ann"]]}
    assert redact_all(card, "[erased]")["bylines"] == [["jo-doe", "[erased]"], ["ann", "[erased]"]]


def test_a_replacement_that_is_too_long_is_cut_and_what_is_erased_already_stays() -> None:
    article = Article(headline="Jo Doe " * 42)
    (length,) = (field.max_length for field in text_fields(Article) if field.name == "headline")
    assert length is not None
    masked = redact_words(article, Mask(("Jo Doe",), "[words erased]"))["headline"]
    assert len(masked) == length
    assert redact_all(Article(headline="[erased]"), "[erased]") == {}

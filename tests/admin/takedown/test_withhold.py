"""The pages on which a managing editor hides words or a version, and on which another decides."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from stories.actions.takedown.withholdings import withhold_words
from stories.models import Article, ErasureOrder, Publication, User, Withholding
from stories.models.roles import AUDITOR, MANAGING_EDITOR
from tests import erasing
from tests.factories import begin, change, go_live, make_user, minutes, text, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya() -> User:
    return make_user(MANAGING_EDITOR)


@pytest.fixture
def article(maya: User) -> Article:
    """Return a story whose words, address and note name somebody, as does another story."""
    article = begin(
        wanted("A visit", text("<p>Jo Doe met the council.</p>"), slug="jo-doe-visits"), user=maya
    )
    go_live(article, user=maya, at=minutes(1))
    change(article, user=maya, at=minutes(2), dek="Jo Doe waits")
    other = begin(wanted("Elsewhere", text("<p>The singer Jo Doe sang.</p>"), slug="elsewhere"), user=maya)
    go_live(other, user=maya, at=minutes(3))
    return article


@pytest.fixture
def client(client: Client, maya: User) -> Client:
    client.force_login(maya)
    return client


def address(name: str, article: Article, *more: int) -> str:
    return reverse(f"admin:stories_article_{name}", args=[article.pk, *more])


def hidden(article: Article, user: User) -> Withholding:
    return withhold_words(
        article=article, words="Jo Doe", ground="safety", reason="Threats to her.", user=user, at=minutes(9)
    )


def test_the_page_shows_every_place_the_addresses_and_other_stories(client: Client, article: Article) -> None:
    page = client.get(address("withhold", article), {"words": "jo doe"})
    found = page.context["found"]
    assert (found.versions, found.addresses) == ([1], ["jo-doe-visits"])
    assert any(place.in_draft for place in found.places)
    assert [place.name for place in page.context["places"]] == ["Text 1", "The dek"]
    html = page.content.decode()
    assert "<del>Jo Doe</del> <ins>[words withheld]</ins>" in html
    assert "These addresses hold the words, and stay:" in html
    assert "Elsewhere" in html


def test_the_page_shows_what_only_looks_like_the_name_and_stays(client: Client, maya: User) -> None:
    body = (
        "<p>अनिल ने कहा। अनिला चुप रही।</p>"
        '<p>Of <a href="https://example.org/%E0%A4%85%E0%A4%A8%E0%A4%BF%E0%A4%B2">him</a>.</p>'
    )
    article = begin(wanted("A witness", text(body), slug="a-witness"), user=maya)
    page = client.get(address("withhold", article), {"words": "अनिल"})
    assert [place.occurrence.span.found for place in page.context["places"]] == ["अनिल"]
    assert [place.occurrence.span.found for place in page.context["near"]] == ["अनिला"]
    html = page.content.decode()
    assert "It stands in 1 place" in html
    assert "1 address in the text holds the words and goes too:" in html
    assert "<mark>अनिला</mark>" in html
    assert (
        "fewer than two letters" in client.get(address("withhold", article), {"words": "अ"}).content.decode()
    )


def test_what_was_typed_stays_when_it_is_refused(client: Client, article: Article) -> None:
    typed = {"words": "Jo Doe", "ground": "", "notice": "By request.", "reason": "Threats at 9."}
    page = client.post(address("withhold", article), typed)
    assert page.status_code == 200
    for words in ("Choose the category.", "By request.", "Threats at 9.", 'value="Jo Doe"'):
        assert words in page.content.decode()
    assert not Withholding.objects.exists()


def test_a_version_is_hidden_by_its_number(client: Client, article: Article) -> None:
    values = {"version": "1", "ground": "legal", "notice": "Under review.", "reason": "Counsel asks."}
    client.post(address("withhold", article), values)
    withholding = Withholding.objects.get()
    assert withholding.publication == Publication.objects.get(article=article)
    assert "Under review." in client.get("/stories/jo-doe-visits/").content.decode()
    assert "version 1" in client.get(address("withheld", article, withholding.pk)).content.decode()


def test_previews_hide_the_words_and_the_history_shows_them(
    client: Client, article: Article, maya: User
) -> None:
    hidden(article, maya)
    aldo = Client()
    aldo.force_login(make_user(AUDITOR))
    for each in (client, aldo):
        preview = each.get(address("preview", article)).content.decode()
        assert "Jo Doe" not in preview
        assert preview.count("[words withheld]") >= 2
        assert "Jo Doe met the council" in each.get(address("revision", article, 1)).content.decode()


def test_review_says_that_the_version_holds_words_that_are_withheld(
    client: Client, article: Article, maya: User
) -> None:
    warning = "This version holds words that are withheld."
    assert warning not in client.get(address("publish", article)).content.decode()
    hidden(article, maya)
    assert warning in client.get(address("publish", article)).content.decode()


def test_marked_words_lead_from_the_history_to_the_page_that_hides_them(
    client: Client, article: Article
) -> None:
    page = client.get(address("blame", article, 1), {"words": "Doe met"}).content.decode()
    assert address("withhold", article) in page
    assert 'name="words" value="Doe met"' in page


def test_an_order_counts_what_goes_and_is_written_once(client: Client, article: Article) -> None:
    what = {"scope": "words", "words": "Jo Doe"}
    page = client.get(address("erase", article), what)
    assert dict(page.context["counts"])["history of stories"] == 1
    values = {**what, "ground": "safety", "authority": "Her own request", "reason": "Threats to her."}
    answer = client.post(address("erase", article), values)
    order = ErasureOrder.objects.get()
    assert answer["Location"] == address("erasure", article, order.pk)
    assert "already" in client.post(address("erase", article), values).content.decode()
    assert "another managing editor approves or refuses" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("scope", ["words", "version", "picture", "story", "nonsense", ""])
def test_each_kind_of_order_has_its_page(client: Client, maya: User, scope: str) -> None:
    article = erasing.make_phrase(maya)
    picture = Publication.objects.filter(article=article)[0].pictures.get().picture_id
    asked = {"scope": scope, "words": erasing.PHRASE, "version": "2", "picture": picture}
    page = client.get(address("erase", article), asked)
    assert page.status_code == 200
    assert ("What goes, for good" in page.content.decode()) == (scope not in ("nonsense", ""))

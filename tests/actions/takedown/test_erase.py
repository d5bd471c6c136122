"""Erasures: who orders and approves them, what is erased, what remains, and that the ledger verifies."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from stories.actions.editing.pictures import PictureRefused, store_picture
from stories.actions.takedown.withholdings import withhold_words
from stories.models import (
    ErasureOrder,
    Picture,
    PublicationCard,
    QuoteBlock,
    Revision,
    StoryMask,
    User,
)
from stories.models.integrity.registry import history_model
from stories.models.roles import EDITOR
from stories.queries.publishing.withholdings import current_mask
from stories.queries.takedown.erasable import changes_of_order
from tests import erasing
from tests.erasure_orders import WHY, assert_cards_follow, erased, person, text_of
from tests.factories import begin, byline, change, go_live, make_author, make_user, minutes, png, text, wanted
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db


def test_words_go_from_all_that_is_beside_the_story_and_from_no_other_story() -> None:
    emil = make_user(EDITOR)
    article = erasing.make_phrase(emil)
    other = begin(wanted("Elsewhere", text(f"<p>{erasing.PHRASE} sang.</p>")), user=emil)
    erased(article, words=erasing.PHRASE)
    assert erasing.PHRASE in text_of(other, 1)
    assert list(changes_of_order(ErasureOrder(article=article, scope="words", words=erasing.PHRASE))) == []
    assert erasing.unexplained() == []
    assert_cards_follow(article)


@pytest.mark.parametrize(
    ("name", "body", "left"),
    [
        ("王伟", "王伟说话了，王\u200b伟走了", "[words erased]说话了，[words erased]走了"),
        ("이준", "이준은 말했다. 이준호도 말했다", "[words erased]은 말했다. 이준호도 말했다"),
        ("राम", "राम ने कहा। रामू चुप रहा", "[words erased] ने कहा। रामू चुप रहा"),
        ("محمد علي", "قال مُحَمَّد عَلِي ومحمـــد علي", "قال [words erased] و[words erased]"),
        ("Jo Doe", "Jo Doe, jo.doe@example.org, @JoDoe", "[words erased], [words erased], [words erased]"),
    ],
)
def test_a_name_of_two_letters_or_of_any_script_is_erased_in_all_its_spellings(
    name: str, body: str, left: str
) -> None:
    author = make_author("jo-doe", name)
    story = wanted("Who spoke", text(f"<p>{body}</p>"), dek=name, bylines=(byline(author),))
    article = begin(story, user=make_user(EDITOR))
    go_live(article, user=person("mia"), at=minutes(50))
    erased(article, words=name)
    assert f"<p>{left}</p>" in text_of(article, 1)
    assert list(changes_of_order(ErasureOrder(article=article, scope="words", words=name))) == []
    assert erasing.unexplained() == []
    assert_cards_follow(article)
    # The byline names an author: the author's own address stays.
    assert PublicationCard.objects.get(publication__article=article).bylines == [["jo-doe", "[words erased]"]]


def test_the_salts_beside_erased_words_are_renewed_and_no_others() -> None:
    article = make_answer(make_user(EDITOR))
    quotes = history_model(QuoteBlock).objects.order_by("history_id")

    def salts() -> dict[str, bytes]:
        rows = {f"{row.text} {row.revision}": bytes(row.salt) for row in quotes.all()}
        cards = PublicationCard.objects.select_related("publication__revision").order_by("pk")
        return rows | {f"card {card.publication.revision.number}": bytes(card.salt) for card in cards}

    change(article, user=person("maya"), at=minutes(50), dek="Miriam Okafor replies")
    before = list(salts().values())
    erased(article, words="beleive (sic)")
    changed = [old != new for old, new in zip(before, salts().values(), strict=True)]
    # Only in the first of three rows of quotes: none of the cards says it.
    assert changed == [True, *[False] * (len(before) - 1)]
    erased_row = quotes.all()[0]
    assert erased_row.text == "<p>We [words erased] in the the service.</p>"


def test_a_wider_passage_stays_withheld_when_words_of_it_are_erased() -> None:
    article = make_answer(make_user(EDITOR))
    withhold_words(
        article=article, words="be a suspect", user=person("mia"), ground="court", reason="An order."
    )
    erased(article, words="a suspect")
    assert current_mask(article.pk).words == ["be [words erased]"]
    assert StoryMask.objects.get(pk=article.pk).words == ["be [words erased]"]


def test_a_whole_story_goes_and_its_tombstone_stays(client: Client) -> None:
    article = make_answer(make_user(EDITOR))
    erased(article, scope="story")
    for number in range(1, 5):
        assert "Corvid Systems" not in text_of(article, number)
        assert "[words erased]" in text_of(article, number)
    assert set(Revision.objects.filter(article=article).values_list("reason", flat=True)) <= {
        "",
        "[words erased]",
    }
    order = ErasureOrder.objects.get()
    assert (order.authority, order.reason) == (WHY["authority"], WHY["reason"])
    assert client.get("/stories/corvid-answers/").status_code == 410
    assert "corvid-answers" not in client.get("/").content.decode()
    assert erasing.unexplained() == []
    assert_cards_follow(article)


def test_a_picture_goes_at_all_its_sizes_and_the_page_says_so(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    article = erasing.make_phrase(make_user(EDITOR))
    picture = Picture.objects.get()
    before = client.get(f"/pictures/{picture.pk}/40")
    assert before.status_code == 200
    assert b"".join(before.streaming_content)  # type: ignore[attr-defined]
    with django_capture_on_commit_callbacks(execute=True):
        erased(article, scope="picture", picture=picture)
    assert not default_storage.exists(picture.file_name())
    assert Picture.objects.filter(pk=picture.pk).exists()
    assert client.get(f"/pictures/{picture.pk}/40").status_code == 404
    page = client.get(f"/stories/{erasing.SLUG}/").content.decode()
    assert "[picture erased]" in page
    assert picture.pk not in page
    with pytest.raises(PictureRefused, match="erased"):
        store_picture(content=png(), user=person("maya"))
    assert erasing.unexplained() == []
    assert_cards_follow(article)


def test_a_credit_whose_name_was_erased_leads_to_no_author(client: Client, editor: User) -> None:
    author = make_author("jo-doe", "Jo Doe")
    article = begin(wanted("The dam", bylines=(byline(author),)), user=editor)
    go_live(article, user=editor)
    assert "jo-doe" in client.get("/stories/the-dam/").content.decode()
    erased(article, words="Jo Doe")
    for address in (
        "/",
        "/stories/the-dam/",
        "/stories/the-dam/versions/1/",
        "/stories/the-dam/data.json",
        "/feed/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "jo-doe" not in answer.content.decode(), address
    assert "The dam" not in client.get("/author/jo-doe/").content.decode()

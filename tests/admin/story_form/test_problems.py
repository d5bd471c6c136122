from __future__ import annotations

import pytest
from django.test import Client

from stories.models import Article, User
from tests.admin.typing import add_row, opened, sent
from tests.factories import begin, text, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(editor: User) -> Article:
    return begin(wanted("Council", text(), text()), user=editor)


def problems(desk: Client, article: Article | None, form: dict[str, str]) -> dict[str, str]:
    """Return what the page lists, by the ids of the fields that it leads to."""
    response = sent(desk, article, form)
    return {each.field: f"{each.place}: {each.message}" for each in response.context["problems"]}


def test_each_error_names_its_place_and_leads_to_its_field(desk: Client, article: Article) -> None:
    form = opened(desk, article) | {"slug": "not a slug"}
    row = add_row(form, "quoteblock_set", text="<p>Said.</p>", anonymous="on")
    found = problems(desk, article, form)
    assert found["id_slug"].startswith("Slug: “not a slug” can’t be an address.")
    assert found[f"id_{row}-description"].startswith("Quote 1, Who it is, as readers may know: Say who it is")
    assert len(found) == 3
    page = sent(desk, article, form).content.decode()
    assert f'<a href="#id_{row}-description"' in page
    assert "<title>Error:" in page


def test_an_empty_headline_is_one_error(desk: Client, article: Article) -> None:
    assert list(problems(desk, article, opened(desk, article) | {"headline": ""})) == ["id_headline"]
    response = sent(desk, article, opened(desk, article) | {"headline": ""})
    assert len(response.context["problems"]) == 1


def test_one_round_tells_all(desk: Client, article: Article) -> None:
    """What the form itself refuses, and what saving would refuse."""
    form = opened(desk, article) | {"slug": "not a slug"}
    row = add_row(form, "quoteblock_set", text="<p>Said.</p>", said_on="0001-01-01")
    assert set(problems(desk, article, form)) == {"id_slug", f"id_{row}-said_on"}


def test_what_is_put_back_half_typed_is_no_error(desk: Client, article: Article) -> None:
    form = opened(desk, article) | {"headline": "", "_put_back": "0"}
    assert sent(desk, article, form).context["problems"] == []

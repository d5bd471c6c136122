"""Whatever stands in an address, the answer is a page: never a crash, on either database."""

from __future__ import annotations

import pytest
from django.test import Client

from stories.models import User
from tests.factories import begin, make_author, make_section, make_user, signed_in

pytestmark = pytest.mark.django_db

LONG = "9" * 30
KEY = "6f1b6a52-52a5-4f2f-9a35-2f6a3fdc2f6a"


@pytest.fixture
def root(db: None) -> Client:
    return signed_in(make_user(name="root", is_superuser=True, is_staff=True))


@pytest.mark.parametrize(
    "query",
    [
        "language=%00",
        "kind__exact=%00",
        "section__slug__exact=%00",
        "standing=%00",
        "q=%00",
        "headline__startswith=%00",
        f"id__in={LONG}",
        f"id__exact={LONG}",
        f"p={LONG}",
    ],
)
def test_a_list_takes_no_harm_from_its_filters(root: Client, editor: User, query: str) -> None:
    begin(user=editor)
    answer = root.get(f"/admin/stories/article/?{query}", follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "model", ["stories/section", "stories/author", "stories/deskrecord", "stories/article", "stories/user"]
)
@pytest.mark.parametrize("page", ["change", "history", "delete"])
@pytest.mark.parametrize("key", ["%00", LONG])
def test_nothing_has_such_a_key(root: Client, model: str, page: str, key: str) -> None:
    answer = root.get(f"/admin/{model}/{key}/{page}/", follow=True)
    assert answer.status_code in (200, 404, 403)


def test_nor_has_what_is_to_be_fixed(root: Client) -> None:
    assert root.get("/admin/fix/%00/").status_code == 404


@pytest.mark.parametrize("address", ["stories/section/?name=%00", "stories/user/?email=%00"])
def test_other_lists_take_none_either(root: Client, address: str) -> None:
    assert root.get(f"/admin/{address}", follow=True).status_code == 200


def test_a_name_is_looked_up_without_what_it_can_not_hold(root: Client) -> None:
    make_author()
    address = "/admin/autocomplete/?app_label=stories&model_name=byline&field_name=author&term=Ines%00"
    assert [each["text"] for each in root.get(address).json()["results"]] == ["Ines Calder"]


@pytest.mark.parametrize(
    "page",
    [
        f"{LONG}/requests/{KEY}/",
        f"{LONG}/publish/",
        f"{LONG}/history/1/",
        f"1/history/{LONG}/",
        f"1/history/{LONG}/changes/",
        f"1/published/{LONG}/",
        "999999999999999999/publish/",
        f"999999999999999999/requests/{KEY}/",
    ],
)
def test_no_story_has_a_number_that_long(root: Client, editor: User, page: str) -> None:
    begin(user=editor)
    answer = root.get(f"/admin/stories/article/{page}", follow=True)
    assert answer.status_code in (200, 404, 403)


def test_the_pages_of_stories_keep_their_addresses(desk: Client, editor: User) -> None:
    article, section = begin(user=editor), make_section()
    assert desk.get(f"/admin/stories/article/{article.pk}/history/1/").status_code == 200
    assert desk.get(f"/admin/stories/section/{section.pk}/change/").status_code == 200

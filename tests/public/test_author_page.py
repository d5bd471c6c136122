"""The page of an author: profile, metadata, picture, headers; the same for everybody."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stories.actions.editing.pictures import store_picture
from stories.actions.editing.profiles import Profile, change_profile
from stories.actions.takedown.withdrawals import withdraw
from stories.domain.surrogate_keys import author_key
from stories.models import Article, Author, User
from tests.factories import begin, byline, go_live, make_author, minutes, png, wanted
from tests.public.stories import make_answer
from tests.public.test_lists import make_many

pytestmark = pytest.mark.django_db

PAGE = "/author/ines-calder/"
BIO = "Ines covers the council, see https://example.org/council.\n\nShe mended <script>trams</script>."


@pytest.fixture
def picture(maya: User) -> str:
    return store_picture(content=png(400, 400), user=maya).pk


@pytest.fixture
def article(maya: User) -> Article:
    return make_answer(maya)


@pytest.fixture
def ines(article: Article, maya: User, picture: str) -> Author:
    author = Author.objects.get(pk="ines-calder")
    profile = Profile(bio=BIO, picture=picture, alt_text="Ines at her “desk”", contact="@ines@example.social")
    change_profile(author=author, profile=profile, user=maya)
    return author


def read(client: Client, address: str = PAGE) -> str:
    return client.get(address).content.decode()


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


def test_readers_see_bio_picture_and_contact(client: Client, ines: Author, picture: str) -> None:
    page = read(client)
    assert "<p>Ines covers the council, see" in page
    assert '<a href="https://example.org/council" rel="nofollow">https://example.org/council</a>.</p>' in page
    assert "<p>She mended &lt;script&gt;trams&lt;/script&gt;.</p>" in page
    assert 'alt="Ines at her “desk”"' in page
    assert f"/pictures/{picture}/400" in page
    assert '<a href="https://example.social/@ines" rel="me nofollow">@ines@example.social</a>' in page
    assert '<meta name="description" content="Ines covers the council' in page


def test_machines_read_a_person_with_image_description_and_other_addresses(
    client: Client, ines: Author, picture: str
) -> None:
    assert data_of(read(client)) == {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "mainEntity": {
            "@type": "Person",
            "name": "Ines Calder",
            "url": "http://testserver/author/ines-calder/",
            "description": "Ines covers the council, see https://example.org/council. "
            "She mended <script>trams</script>.",
            "image": f"http://testserver/pictures/{picture}/400",
            "sameAs": ["https://example.social/@ines"],
        },
    }


def test_a_mail_address_is_an_e_mail_address_to_machines_too(
    client: Client, ines: Author, maya: User
) -> None:
    change_profile(author=ines, profile=Profile(contact="ines@example.org"), user=maya)
    page = read(client)
    assert '<a href="mailto:ines@example.org" rel="me nofollow">ines@example.org</a>' in page
    person = data_of(page)["mainEntity"]
    assert isinstance(person, dict)
    assert person["email"] == "ines@example.org"
    assert "sameAs" not in person


def test_an_author_without_a_profile_has_a_page_without_one(client: Client, article: Article) -> None:
    page = read(client)
    assert 'class="profile' not in page
    assert data_of(page)["mainEntity"] == {
        "@type": "Person",
        "name": "Ines Calder",
        "url": "http://testserver/author/ines-calder/",
    }


def test_the_page_costs_one_query(
    client: Client, ines: Author, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(PAGE)
    with django_assert_num_queries(1):
        assert "Ines covers" in read(client)


def test_only_the_first_page_shows_the_profile(client: Client, maya: User) -> None:
    make_many(maya, 40)
    author = make_author()
    change_profile(author=author, profile=Profile(bio="Ines covers the council."), user=maya)
    first = read(client)
    assert "Ines covers" in first
    older = re.search(r'href="(/author/ines-calder/\?before=[^"]+)"', first)
    assert older is not None
    assert "Ines covers" not in read(client, older[1])


def test_a_change_is_another_page_and_caches_know_it_by_the_author(
    client: Client, ines: Author, maya: User
) -> None:
    before = client.get(PAGE)
    assert before["Surrogate-Key"] == f"lists {author_key('ines-calder')}"
    assert before["Cache-Control"].startswith("public, max-age=60")
    change_profile(author=ines, profile=Profile(bio="Ines covers trams."), user=maya)
    after = client.get(PAGE, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "Ines covers trams." in after.content.decode()


def test_whoever_reads_it_in_whatever_language_and_zone_of_theirs_it_is_the_same_page(
    client: Client, ines: Author, maya: User
) -> None:
    User.objects.filter(pk=maya.pk).update(language="es", time_zone="Asia/Tokyo")
    reader = client.get(PAGE)
    client.force_login(maya)
    editor = client.get(PAGE)
    assert reader.content == editor.content
    assert "Cookie" not in editor.get("Vary", "")
    story = client.get("/stories/corvid-answers/").content
    client.logout()
    assert client.get("/stories/corvid-answers/").content == story


def test_the_picture_is_served_while_it_is_in_a_public_profile(
    client: Client, ines: Author, maya: User, article: Article, picture: str
) -> None:
    address = f"/pictures/{picture}/400"
    served = client.get(address)
    assert served.status_code == 200
    served.getvalue()
    withdraw(article=article, user=maya, notice="Down.", reason="As agreed", at=minutes(100))
    assert client.get(PAGE).status_code == 404
    assert client.get(address).status_code == 404


def test_the_picture_is_gone_once_the_author_takes_it_away(
    client: Client, ines: Author, maya: User, picture: str
) -> None:
    change_profile(author=ines, profile=Profile(bio=BIO), user=maya)
    assert client.get(f"/pictures/{picture}/400").status_code == 404


def test_a_picture_of_an_author_whom_no_story_credits_is_nobodys_to_see(
    client: Client, maya: User, picture: str
) -> None:
    author = make_author("ada-lind", "Ada Lind")
    change_profile(author=author, profile=Profile(picture=picture, alt_text="Ada"), user=maya)
    assert client.get(f"/pictures/{picture}/400").status_code == 404
    go_live(begin(wanted("Of Ada", bylines=(byline(author),)), user=maya), user=maya)
    served = client.get(f"/pictures/{picture}/400")
    assert served.status_code == 200
    served.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_page_is_read_in_a_transaction_of_its_own_too(client: Client, ines: Author) -> None:
    # As in a process that has asked nothing of the database yet.
    connection.features.__dict__.pop("supports_json_field", None)
    assert "Ines covers the council" in read(client)

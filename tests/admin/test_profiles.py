"""The pages of profiles: one's own, and others' for who may change authors."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from stories.actions.editing.profiles import Profile, change_profile, profile_of
from stories.models import Article, Author, Picture, ProfileChange, RightsChange, User, profile_digest
from stories.models.roles import REPORTER
from tests import factories as make
from tests.admin.typing import typed_in
from tests.rendering.markup import visible

pytestmark = pytest.mark.django_db

OWN = "/admin/profile/"


@pytest.fixture
def ines(db: None) -> Author:
    return make.make_author()


@pytest.fixture
def rosa(ines: Author) -> User:
    """The reporter who is Ines Calder."""
    return make.make_user(REPORTER, author=ines)


def posted(author: Author, **values: Any) -> dict[str, Any]:
    return {"bio": "", "alt_text": "", "contact": "", "picture": "", "base": profile_digest(author), **values}


def png(name: str = "ines.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make.png(), "image/png")


def test_people_edit_their_own_profile_and_the_header_leads_there(rosa: User, ines: Author) -> None:
    client = make.signed_in(rosa)
    assert f'<a href="{OWN}">Your profile</a>' in client.get("/admin/").content.decode()
    values = posted(
        ines, bio="Ines covers the council.", contact="ines@example.org", upload=png(), alt_text="Ines"
    )
    done = client.post(OWN, values, follow=True)
    assert "The profile is saved." in done.content.decode()
    ines.refresh_from_db()
    picture = Picture.objects.get()
    assert profile_of(ines) == Profile(
        bio="Ines covers the council.", contact="ines@example.org", picture=picture.pk, alt_text="Ines"
    )
    page = done.content.decode()
    assert "Ines covers the council." in page
    assert reverse("admin:stories_article_picture", args=[picture.pk]) in page
    # Nobody explains what they say of themselves.
    assert 'name="reason"' not in page


def test_who_is_no_author_is_told_how_to_become_one(reporter: User) -> None:
    client = make.signed_in(reporter)
    assert "Your account is not linked to an author" in client.get(OWN).content.decode()
    assert f'href="{OWN}"' not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_profile_is_refused(auditor: User, rosa: User, method: str) -> None:
    make.make_author("ada-lind", "Ada Lind")
    for user, slug in ((auditor, "ines-calder"), (rosa, "ada-lind")):
        response = getattr(make.signed_in(user), method)(f"{OWN}{slug}/")
        assert response.status_code == 403
        assert "somebody else’s profile" in response.content.decode()
    assert not ProfileChange.objects.exists()


def test_who_may_change_authors_edits_any_profile_from_the_authors_page(desk: Client, ines: Author) -> None:
    author_page = desk.get(reverse("admin:stories_author_change", args=["ines-calder"])).content.decode()
    assert f'<a href="{OWN}ines-calder/">Bio, picture and contact</a>' in author_page
    desk.post(f"{OWN}ines-calder/", posted(ines, bio="Ines left.", reason="She asked us to"))
    assert ProfileChange.objects.get().reason == "She asked us to"
    assert desk.get(f"{OWN}nobody/").status_code == 404
    assert desk.get(f"{OWN}%00/").status_code == 404


def test_the_authors_page_saves_no_profile(desk: Client, ines: Author) -> None:
    desk.post(reverse("admin:stories_author_change", args=["ines-calder"]), {"name": "Inés", "bio": "Sold."})
    ines.refresh_from_db()
    assert (ines.name, ines.bio) == ("Inés", "")


def test_an_upload_stays_with_a_form_that_is_refused(rosa: User, ines: Author) -> None:
    client = make.signed_in(rosa)
    refused = client.post(OWN, posted(ines, upload=png(), bio="Typed."))
    page = refused.content.decode()
    assert "Say what the picture shows" in page
    assert "Typed." in page
    picture = Picture.objects.get().pk
    assert f'value="{picture}"' in page
    client.post(OWN, posted(ines, picture=picture, alt_text="Ines"))
    ines.refresh_from_db()
    assert ines.picture_id == picture


@pytest.mark.parametrize("digest", ["../../x", "no-picture", "\x00", "0" * 65])
def test_a_hand_made_picture_is_refused_and_no_fault_of_the_site(
    rosa: User, ines: Author, digest: str
) -> None:
    answer = make.signed_in(rosa).post(OWN, posted(ines, picture=digest, alt_text="Ines"))
    assert answer.status_code == 200
    ines.refresh_from_db()
    assert ines.picture_id is None


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"contact": "call me"}, "Write an e-mail address"),
        ({"upload": SimpleUploadedFile("x.png", b"no picture")}, "picture"),
        ({"bio": "x" * 3001}, "at most 3000 characters"),
    ],
)
def test_what_can_not_be_saved_is_said_at_its_field(
    rosa: User, ines: Author, values: dict[str, Any], says: str
) -> None:
    page = make.signed_in(rosa).post(OWN, posted(ines, **values)).content.decode()
    assert "errorlist" in page
    assert says in visible(page)
    assert not ProfileChange.objects.exists()


def test_a_picture_is_taken_away_by_a_tick(rosa: User, ines: Author) -> None:
    client = make.signed_in(rosa)
    assert "without_picture" not in client.get(OWN).content.decode()
    client.post(OWN, posted(ines, upload=png(), alt_text="Ines"))
    ines.refresh_from_db()
    values = posted(ines, picture=ines.picture_id, alt_text="Ines", without_picture="on")
    client.post(OWN, values)
    ines.refresh_from_db()
    assert profile_of(ines) == Profile()


def test_a_form_from_before_anothers_change_keeps_what_was_typed(
    rosa: User, ines: Author, editor: User
) -> None:
    values = posted(ines, bio="Mine.")
    change_profile(author=ines, profile=Profile(bio="Theirs."), user=editor)
    page = make.signed_in(rosa).post(OWN, values).content.decode()
    assert "Somebody else changed this profile" in page
    assert "Mine." in page
    ines.refresh_from_db()
    assert ines.bio == "Theirs."


def test_the_account_page_links_account_and_author(rights_recorded: None, ines: Author) -> None:
    maya, rosa = make.make_user("Managing editor"), make.make_user(REPORTER)
    address = reverse("admin:stories_user_change", args=[rosa.pk])
    client = make.signed_in(maya)
    values = typed_in(client.get(address))
    values |= {"groups": [group.pk for group in rosa.groups.all()], "author": "ines-calder"}
    values.pop("sections")
    assert client.post(address, values).status_code == 302
    assert User.objects.get(pk=rosa.pk).author == ines
    assert RightsChange.objects.latest("pk").changes == [["author-added", "ines-calder"]]
    aldo = make.make_user("Auditor")
    ledger = make.signed_in(aldo).get(reverse("audit:ledger")).content.decode()
    assert "is the author “ines-calder”" in visible(ledger)


class TestByline:
    """A story that an author begins starts with their byline."""

    ADD = "/admin/stories/article/add/"

    def test_the_form_of_a_new_story_has_it_filled_in(self, rosa: User) -> None:
        page = make.signed_in(rosa).get(self.ADD).content.decode()
        assert '<option value="ines-calder" selected>Ines Calder</option>' in page
        assert 'name="byline_set-0-credited_as" value="Ines Calder"' in page

    def test_it_is_saved_with_the_story(self, rosa: User) -> None:
        client = make.signed_in(rosa)
        values = typed_in(client.get(self.ADD))
        client.post(self.ADD, values | {"headline": "Council meets", "slug": "council-meets"})
        credited = Article.objects.get().byline_set.values_list("author", "credited_as")
        assert list(credited) == [("ines-calder", "Ines Calder")]

    def test_it_is_removed_by_clearing_it(self, rosa: User) -> None:
        client = make.signed_in(rosa)
        values = typed_in(client.get(self.ADD))
        values |= {"byline_set-0-author": "", "byline_set-0-credited_as": ""}
        client.post(self.ADD, values | {"headline": "Council meets", "slug": "council-meets"})
        assert not Article.objects.get().byline_set.exists()

    def test_who_is_no_author_begins_without_one(self, reporter: User) -> None:
        page = make.signed_in(reporter).get(self.ADD).content.decode()
        assert 'name="byline_set-0-credited_as"' not in page

    def test_an_existing_story_is_not_given_one(self, rosa: User) -> None:
        article = make.begin(user=rosa)
        page = make.signed_in(rosa).get(reverse("admin:stories_article_change", args=[article.pk]))
        assert 'name="byline_set-0-credited_as"' not in page.content.decode()

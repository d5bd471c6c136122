"""The page of one's own settings, and the desk in each person's language and time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import Settings

from stories.models import Article, Embargo, LedgerEntry, Revision, RightsChange, User
from stories.models.roles import REPORTER
from stories.queries.verification import Verification
from tests import factories as make
from tests.admin.typing import typed_in
from tests.rendering.markup import visible

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/settings/"


def chosen(**values: Any) -> dict[str, Any]:
    mails = ["reviews", "requests", "assignments", "questions"]
    return {"display_name": "Emil Editor", "language": "", "time_zone": "", "mails": mails, **values}


def settle(user: User, **values: Any) -> Client:
    """Give somebody settings; return their client."""
    User.objects.filter(pk=user.pk).update(**values)
    return make.signed_in(User.objects.get(pk=user.pk))


def test_settings_are_chosen_on_a_page_that_the_header_leads_to(desk: Client, editor: User) -> None:
    page = desk.get("/admin/").content.decode()
    assert f'<a href="{ADDRESS}">Your settings</a>' in page
    done = desk.post(
        ADDRESS, chosen(language="es", time_zone="Europe/Madrid", mails=["requests"]), follow=True
    )
    editor.refresh_from_db()
    assert (editor.language, editor.time_zone) == ("es", "Europe/Madrid")
    assert editor.muted_mails == ["assignments", "questions", "reviews"]
    assert '<html lang="es"' in done.content.decode()
    assert "Tus ajustes se han guardado." in done.content.decode()
    values = typed_in(desk.get(ADDRESS))
    assert (values["language"], values["time_zone"], values["mails"]) == ("es", "Europe/Madrid", "requests")


def test_a_new_name_is_recorded_under_the_person(rights_recorded: None) -> None:
    rosa = make.make_user(REPORTER)
    make.signed_in(rosa).post(ADDRESS, chosen(display_name="Rosa Quill"))
    change = RightsChange.objects.latest("pk")
    assert (change.user_id, change.holder_name, change.changes) == (
        rosa.pk,
        "Rosa Quill",
        [["renamed", "Rosa Reporter"]],
    )
    assert list(Verification()) == []


@pytest.mark.parametrize(
    "values",
    [{"display_name": " "}, {"language": "tlh"}, {"time_zone": "Mars/Olympus"}, {"mails": ["erasures"]}],
)
def test_what_there_is_not_is_refused(desk: Client, editor: User, values: dict[str, Any]) -> None:
    response = desk.post(ADDRESS, chosen(**values))
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    editor.refresh_from_db()
    assert (editor.display_name, editor.language, editor.time_zone, editor.muted_mails) == (
        "Emil Editor",
        "",
        "",
        [],
    )


def test_outsiders_have_no_settings_here(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 302


class TestLocale:
    def test_each_person_sees_the_desk_in_their_own_language_and_zone(
        self, editor: User, reporter: User
    ) -> None:
        emil = settle(editor, language="es", time_zone="America/Bogota")
        rosa = settle(reporter)
        assert '<html lang="es"' in emil.get("/admin/").content.decode()
        assert "America/Bogota" in visible(emil.get("/admin/").content.decode())
        page = rosa.get("/admin/").content.decode()
        assert '<html lang="en-us"' in page
        assert "Times are in the time zone UTC." in visible(page)
        # Nothing stays with the thread that answered.
        assert (translation.get_language(), timezone.get_current_timezone_name()) == ("en-us", "UTC")

    def test_a_zone_that_is_gone_from_the_servers_data_is_the_sites(self, editor: User) -> None:
        assert settle(editor, time_zone="Europe/Atlantis").get("/admin/").status_code == 200

    def test_times_are_shown_in_the_persons_zone_and_say_so(self, editor: User) -> None:
        article = make.begin(user=editor, at=datetime(2026, 7, 1, 10, 0, tzinfo=UTC))
        client = settle(editor, time_zone="Europe/Madrid")
        page = visible(client.get(f"/admin/stories/article/{article.pk}/history/").content.decode())
        assert "1 Jul 2026, 12:00" in page
        assert "Times are in the time zone Europe/Madrid." in page

    @pytest.mark.parametrize(
        ("day", "hour", "stored"),
        [
            # Winter, summer, and the first and the second 02:30 of the night in which clocks go back.
            ("2027-01-10", "09:15:00", "2027-01-10T08:15:00+00:00"),
            ("2027-07-10", "09:15:00", "2027-07-10T07:15:00+00:00"),
            ("2027-10-31", "02:30:00+02:00", "2027-10-31T00:30:00+00:00"),
            ("2027-10-31", "02:30:00+01:00", "2027-10-31T01:30:00+00:00"),
        ],
    )
    def test_a_time_that_is_typed_is_meant_in_the_persons_zone_and_comes_back_the_same(
        self, editor: User, day: str, hour: str, stored: str
    ) -> None:
        article = make.begin(make.wanted(comment_requests=(make.request(),)), user=editor)
        client = settle(editor, time_zone="Europe/Madrid")
        address = f"/admin/stories/article/{article.pk}/change/"
        values = typed_in(client.get(address))
        assert values["commentrequest_set-0-requested_at_1"] == "10:00:00"
        values |= {"commentrequest_set-0-requested_at_0": day, "commentrequest_set-0-requested_at_1": hour}
        client.post(address, values)
        request = Article.objects.get().commentrequest_set.get()
        assert request.requested_at == datetime.fromisoformat(stored)
        again = typed_in(client.get(address))
        assert (
            again["commentrequest_set-0-requested_at_0"],
            again["commentrequest_set-0-requested_at_1"],
        ) == (day, hour)
        client.post(address, again)
        assert Revision.objects.count() == 2

    def test_an_hour_that_is_skipped_is_refused(self, editor: User) -> None:
        article = make.begin(make.wanted(comment_requests=(make.request(),)), user=editor)
        client = settle(editor, time_zone="Europe/Madrid")
        address = f"/admin/stories/article/{article.pk}/change/"
        values = typed_in(client.get(address))
        values |= {
            "commentrequest_set-0-requested_at_0": "2027-03-28",
            "commentrequest_set-0-requested_at_1": "02:30:00",
        }
        assert "Europe/Madrid" in client.post(address, values).content.decode()
        assert Revision.objects.count() == 1

    def test_an_embargo_is_promised_in_the_persons_zone_and_kept_in_utc(self, editor: User) -> None:
        article = make.begin(user=editor)
        client = settle(editor, time_zone="America/New_York")
        # Embargoes far ahead are refused.
        year = timezone.now().year + 1
        address = f"/admin/stories/article/{article.pk}/embargo/"
        page = client.get(address)
        assert "America/New_York" in page.content.decode()
        client.post(
            address,
            typed_in(page)
            | {
                "until_0": f"{year}-07-01",
                "until_1": "09:00",
                "reason": "Promised to them",
            },
        )
        assert Embargo.objects.get().until == datetime(year, 7, 1, 13, 0, tzinfo=UTC)
        assert f"{year}-07-01T13:00:00.000000Z" in LedgerEntry.objects.latest("pk").payload

    def test_dates_in_spanish_come_back_the_same(self, editor: User) -> None:
        story = make.wanted("Said", make.quote(said_on=date(2026, 2, 1)), slug="said")
        article = make.begin(story, user=editor)
        client = settle(editor, language="es")
        address = f"/admin/stories/article/{article.pk}/change/"
        client.post(address, typed_in(client.get(address)))
        assert Revision.objects.count() == 1
        assert article.quoteblock_set.get().said_on == date(2026, 2, 1)

    def test_a_preview_is_what_readers_see(self, editor: User) -> None:
        article = make.begin(user=editor)
        client = settle(editor, language="es")
        page = client.get(f"/admin/stories/article/{article.pk}/preview/").content.decode()
        assert '<html lang="en-us"' in page

    def test_what_is_stored_is_in_the_sites_language(self, editor: User) -> None:
        article = make.begin(user=editor)
        make.reword(article, user=editor)
        client = settle(editor, language="es")
        address = f"/admin/stories/article/{article.pk}/history/1/restore/"
        client.post(address, typed_in(client.get(address)))
        assert Revision.objects.latest("pk").reason == "Restored revision 1"


def test_a_person_reads_the_desk_in_english_where_the_site_is_in_spanish(
    editor: User, settings: Settings
) -> None:
    settings.LANGUAGE_CODE = "es"
    client = settle(editor, language="en")
    page = client.get(ADDRESS).content.decode()
    assert '<html lang="en"' in page
    assert "Your settings" in page
    assert "Tus ajustes" in settle(editor, language="").get(ADDRESS).content.decode()

"""A managing editor invites people and gives them their groups, and can make neither them nor herself a superuser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stories.actions.accounts.invitations import accept
from stories.admin.accounts import PersonForm
from stories.models import Invitation, RightsChange, Section, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from tests import factories as make
from tests.admin.typing import typed_in
from tests.factors import sign_in_by_password
from tests.outbox import deliver_mails, mailed_token

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def desk(client: Client, maya: User) -> Client:
    client.force_login(maya)
    return client


def account(user: User, **values: object) -> dict[str, object]:
    """Return what the page of an account posts."""
    person = {"display_name": user.display_name, "email": user.email}
    return {**person, "is_active": "on", "is_staff": "on", **values}


def test_she_gives_a_person_a_group(desk: Client) -> None:
    rosa = make.make_user(REPORTER)
    editors = Group.objects.get(name=EDITOR)
    answer = desk.post(
        reverse("admin:stories_user_change", args=[rosa.pk]), account(rosa, groups=[editors.pk])
    )
    assert answer.status_code == 302
    assert list(rosa.groups.all()) == [editors]


def new(*roles: str, **values: object) -> dict[str, object]:
    """Return what the page of an invitation posts."""
    groups = [group.pk for group in Group.objects.filter(name__in=roles or [EDITOR])]
    return {"display_name": "Nils Newcomer", "email": "Nils@Example.ORG", "groups": groups, **values}


def invited(desk: Client, *roles: str) -> User:
    """Invite Nils on the page."""
    assert desk.post(reverse("admin:stories_user_add"), new(*roles)).status_code == 302
    return User.objects.get(email="nils@example.org")


def test_she_invites_somebody_with_a_name_an_address_and_groups(desk: Client, mailoutbox: list[Any]) -> None:
    page = desk.get(reverse("admin:stories_user_add")).content.decode()
    assert "Invite somebody" in page
    assert "password1" not in page
    # Managing editors must not choose their own auditors.
    assert "Auditor" not in page.replace("Outside auditor", "")
    answer = desk.post(reverse("admin:stories_user_add"), new(EDITOR, REPORTER), follow=True)
    assert "Nils Newcomer is invited: a mail with a link goes to nils@example.org." in answer.content.decode()
    nils = User.objects.get(email="nils@example.org")
    assert nils.get_full_name() == "Nils Newcomer"
    assert {group.name for group in nils.groups.all()} == {EDITOR, REPORTER}
    assert (nils.is_active, nils.has_usable_password()) == (False, False)
    deliver_mails()
    assert [mail.to for mail in mailoutbox] == [["nils@example.org"]]


@pytest.mark.parametrize("field", ["display_name", "email", "groups"])
def test_nobody_is_invited_without_a_name_an_address_or_a_group(desk: Client, field: str) -> None:
    page = desk.post(reverse("admin:stories_user_add"), new(**{field: ""}))
    assert page.context["adminform"].form.errors.keys() == {field}
    assert not User.objects.filter(email="nils@example.org").exists()


def test_a_hand_made_post_invites_into_no_group_above_her(desk: Client) -> None:
    page = desk.post(reverse("admin:stories_user_add"), new(AUDITOR, is_superuser="on"))
    assert page.context["adminform"].form.errors.keys() == {"groups"}
    assert not User.objects.filter(email="nils@example.org").exists()


def test_two_who_invite_one_person_at_once_get_a_sentence(
    desk: Client, monkeypatch: pytest.MonkeyPatch, rights_recorded: None
) -> None:
    monkeypatch.setattr(
        "stories.admin.accounts.InviteForm.clean_email", lambda self: self.cleaned_data["email"]
    )
    monkeypatch.setattr(User, "validate_unique", lambda *args, **kwargs: None)
    monkeypatch.setattr(User, "full_clean", lambda *args, **kwargs: None)
    invited(desk)
    page = desk.post(reverse("admin:stories_user_add"), new(), follow=True)
    assert "Another account has this e-mail address." in page.content.decode()
    assert User.objects.filter(email="nils@example.org").count() == 1
    assert RightsChange.objects.count() == 1


def test_the_list_says_who_was_invited_who_is_active_and_who_is_not(
    desk: Client, maya: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    nils, rosa = invited(desk), make.make_user(REPORTER, is_active=False)
    gone = make.make_user(EDITOR)
    now = timezone.now()
    Invitation.objects.create(account=gone, invited_at=now, sent_at=now, withdrawn_at=now)
    for standing, person in (("invited", nils), ("inactive", rosa), ("active", maya), ("withdrawn", gone)):
        page = desk.get(reverse("admin:stories_user_changelist"), {"standing": standing})
        assert list(page.context["cl"].queryset) == [person]
    with django_assert_max_num_queries(16):
        page = desk.get(reverse("admin:stories_user_changelist"))
    shown = page.content.decode()
    for words in ("invited", "inactive", "active", "invitation withdrawn"):
        assert f'<td class="field-standing">{words}</td>' in shown


def access(person: User) -> str:
    return reverse("admin:stories_user_access", args=[person.pk])


def test_she_sends_an_invitation_again_and_withdraws_it(desk: Client, mailoutbox: list[Any]) -> None:
    nils = invited(desk)
    deliver_mails()
    assert access(nils) in desk.get(reverse("admin:stories_user_change", args=[nils.pk])).content.decode()
    assert "sent by Maya Managing" in desk.get(access(nils)).content.decode()
    page = desk.post(access(nils), {"renew": "x"}, follow=True).content.decode()
    assert "The invitation is sent to nils@example.org again." in page
    page = desk.post(access(nils), {"withdraw": "x"}, follow=True).content.decode()
    assert "The invitation of Nils Newcomer is withdrawn." in page
    assert "was withdrawn on" in page
    assert "Withdraw the invitation" not in page
    deliver_mails()
    assert len(mailoutbox) == 1
    desk.post(access(nils), {"renew": "x"})
    Invitation.objects.update(sent_at=make.MORNING - timedelta(days=300))
    assert "expired on" in desk.get(access(nils)).content.decode()


def test_only_accepting_an_invitation_makes_the_account_active(desk: Client) -> None:
    nils = invited(desk)
    page = desk.get(reverse("admin:stories_user_change", args=[nils.pk]))
    assert "is_active" not in page.context["adminform"].form.fields
    desk.post(
        reverse("admin:stories_user_change", args=[nils.pk]),
        account(nils, groups=[group.pk for group in nils.groups.all()]),
    )
    nils.refresh_from_db()
    assert not nils.is_active


def test_an_address_of_somebody_who_has_an_account_is_refused_beside_its_field(
    desk: Client, maya: User
) -> None:
    page = desk.post(reverse("admin:stories_user_add"), new(email=maya.email.upper()))
    named = "Maya Managing has an account with this e-mail address. Look at it among the accounts."
    assert page.context["adminform"].form.errors == {"email": [named]}
    refused = "Another account has this e-mail address. Each needs one of its own."
    rosa = make.make_user(REPORTER)
    page = desk.post(
        reverse("admin:stories_user_change", args=[rosa.pk]), account(rosa, email=maya.email.upper())
    )
    assert page.context["adminform"].form.errors == {"email": [refused]}


def test_accounts_are_found_by_name_and_address(desk: Client) -> None:
    rosa = make.make_user(REPORTER)
    for words in ("Reporter", "ROSA@example.org"):
        page = desk.get(reverse("admin:stories_user_changelist"), {"q": words})
        assert list(page.context["cl"].queryset) == [rosa]


def test_a_hand_made_post_makes_no_superuser(desk: Client, maya: User) -> None:
    for user in (make.make_user(REPORTER), maya):
        desk.post(
            reverse("admin:stories_user_change", args=[user.pk]),
            account(user, is_superuser="on", user_permissions=["1"]),
        )
        user.refresh_from_db()
        assert not user.is_superuser
        assert not user.user_permissions.exists()


def test_she_can_change_no_superuser_nor_their_password(desk: Client) -> None:
    owner = make.make_user(None, name="owner", is_superuser=True, is_staff=True)
    page = reverse("admin:stories_user_change", args=[owner.pk])
    assert desk.post(page, account(owner, display_name="Mine")).status_code == 403
    assert desk.post(access(owner), {"reset": "x"}).status_code == 403
    owner.refresh_from_db()
    assert owner.display_name == "Olga Outsider"
    assert owner.check_password(make.PASSWORD)


def test_a_group_that_may_do_more_than_she_is_neither_offered_nor_accepted(desk: Client, maya: User) -> None:
    owners = Group.objects.create(name="Owners")
    owners.permissions.add(Permission.objects.get(codename="change_permission"))
    before = list(maya.groups.all())
    page = reverse("admin:stories_user_change", args=[maya.pk])
    offered = desk.get(page).content.decode()
    assert ">Owners<" not in offered
    assert ">Editor<" in offered
    # Managing editors must not choose their own auditors.
    assert ">Auditor<" not in offered
    answer = desk.post(page, account(maya, groups=[before[0].pk, owners.pk]))
    assert answer.status_code == 200
    assert list(maya.groups.all()) == before


def test_she_changes_nobody_who_may_do_more_even_while_they_are_away(desk: Client) -> None:
    owners = Group.objects.create(name="Owners")
    owners.permissions.add(Permission.objects.get(codename="delete_user"))
    away = make.make_user(None, name="otto", is_staff=True, is_active=False)
    away.groups.add(owners)
    page = reverse("admin:stories_user_change", args=[away.pk])
    assert desk.get(page).status_code == 200
    assert desk.post(page, account(away, groups=[])).status_code == 403
    away.refresh_from_db()
    assert not away.is_active
    assert list(away.groups.all()) == [owners]


def test_she_takes_no_superuser_out_of_service(desk: Client) -> None:
    owner = make.make_user(None, name="owner", is_superuser=True, is_staff=True)
    desk.post(
        reverse("admin:stories_user_change", args=[owner.pk]), account(owner, is_active="", is_staff="")
    )
    owner.refresh_from_db()
    assert (owner.is_active, owner.is_staff) == (True, True)


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_types_the_password_of_somebody_else(client: Client, is_superuser: bool) -> None:
    user = make.make_user(MANAGING_EDITOR, is_superuser=is_superuser)
    client.force_login(user)
    rosa = make.make_user(REPORTER)
    page = client.get(reverse("admin:stories_user_change", args=[rosa.pk])).content.decode()
    assert 'name="password' not in page
    assert f"/{rosa.pk}/password/" not in page
    typed = {"password1": "another-long-one", "password2": "another-long-one", "usable_password": "true"}
    address = reverse("admin:auth_user_password_change", args=[rosa.pk])
    for answer in (client.get(address), client.post(address, typed | {"set-password": "x"})):
        assert answer.status_code == 302
        assert answer.headers["Location"] == access(rosa)
    rosa.refresh_from_db()
    assert rosa.check_password(make.PASSWORD)


def test_she_lets_a_link_to_set_a_new_password_be_sent(desk: Client, mailoutbox: list[Any]) -> None:
    rosa = make.make_user(REPORTER)
    assert "A password is known to its owner alone." in desk.get(access(rosa)).content.decode()
    page = desk.post(access(rosa), {"reset": "x"}, follow=True).content.decode()
    assert "A link to set a new password is sent to rosa@example.org." in page
    deliver_mails()
    assert [mail.to for mail in mailoutbox] == [["rosa@example.org"]]
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    page = desk.post(access(rosa), {"reset": "x"}, follow=True).content.decode()
    assert "Rosa Reporter can’t sign in, so no link is sent." in page
    assert "This account is out of service" in page
    assert "Nothing was done" in desk.post(access(rosa), {"x": "x"}, follow=True).content.decode()


def test_she_sends_nothing_to_who_may_do_more(desk: Client, auditor: User) -> None:
    assert 'name="reset"' not in desk.get(access(auditor)).content.decode()
    for do in ("renew", "withdraw", "reset"):
        assert desk.post(access(auditor), {do: "x"}).status_code == 403
    nobody = reverse("admin:stories_user_access", args=["0"])
    assert desk.get(nobody).status_code == 404


def test_whose_address_she_changes_is_notified_at_the_old_one(desk: Client, mailoutbox: list[Any]) -> None:
    rosa = make.make_user(REPORTER)
    page = reverse("admin:stories_user_change", args=[rosa.pk])
    desk.post(page, account(rosa, email="elsewhere@example.org"))
    deliver_mails()
    assert [mail.to for mail in mailoutbox] == [["rosa@example.org"]]
    desk.post(page, account(rosa, email="ELSEWHERE@example.org"))
    deliver_mails()
    assert len(mailoutbox) == 1


def test_whom_she_puts_out_of_service_is_signed_out_for_good(desk: Client) -> None:
    rosa, hers = make.make_user(REPORTER), Client()
    sign_in_by_password(hers, rosa)
    assert hers.get(reverse("admin:index")).status_code == 200
    page = reverse("admin:stories_user_change", args=[rosa.pk])
    desk.post(page, account(rosa, is_active=""))
    assert hers.get(reverse("admin:index")).status_code == 302
    desk.post(page, account(rosa))
    assert hers.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("role", [REPORTER, EDITOR])
def test_others_do_not_see_the_accounts(client: Client, role: str) -> None:
    client.force_login(make.make_user(role))
    assert client.get(reverse("admin:stories_user_changelist")).status_code == 403
    assert client.get(access(make.make_user(MANAGING_EDITOR))).status_code == 403


@pytest.fixture
def sections() -> dict[str, Section]:
    return {slug: make.make_section(slug, slug.capitalize()) for slug in ("culture", "science", "sports")}


def sections_of(user: User) -> set[str]:
    return set(user.sections.values_list("pk", flat=True))


def change_page(user: User) -> str:
    return reverse("admin:stories_user_change", args=[user.pk])


def groups_of(user: User) -> list[int]:
    return list(user.groups.values_list("pk", flat=True))


def test_she_limits_a_person_to_sections_and_lifts_the_limit(
    desk: Client, sections: dict[str, Section]
) -> None:
    emil = make.make_user(EDITOR)
    posted = account(emil, groups=groups_of(emil))
    desk.post(change_page(emil), posted | {"sections": ["culture", "sports"]})
    assert sections_of(emil) == {"culture", "sports"}
    desk.post(change_page(emil), posted)
    assert sections_of(emil) == set()


def test_who_is_limited_gives_nobody_a_wider_limit_than_their_own(
    desk: Client, maya: User, sections: dict[str, Section]
) -> None:
    maya.sections.set([sections["culture"], sections["science"]])
    emil = make.make_user(EDITOR)
    emil.sections.set([sections["culture"]])
    page = desk.get(change_page(emil)).content.decode()
    assert ">Science</option>" in page
    assert ">Sports</option>" not in page
    posted = account(emil, groups=groups_of(emil))
    for given in ([], ["sports"], ["culture", "sports"]):
        answer = desk.post(change_page(emil), posted | {"sections": given})
        assert "sections" in answer.context["adminform"].form.errors
        assert sections_of(emil) == {"culture"}
    desk.post(change_page(emil), posted | {"sections": ["culture", "science"]})
    assert sections_of(emil) == {"culture", "science"}


def test_nobody_widens_their_own_limit(desk: Client, maya: User, sections: dict[str, Section]) -> None:
    maya.sections.set([sections["culture"], sections["science"]])
    posted = account(maya, groups=groups_of(maya))
    for given in ([], ["culture", "science", "sports"]):
        desk.post(change_page(maya), posted | {"sections": given})
        assert sections_of(maya) == {"culture", "science"}
    desk.post(change_page(maya), posted | {"sections": ["culture"]})
    assert sections_of(maya) == {"culture"}


def test_who_is_limited_changes_no_account_that_may_act_in_more_sections(
    desk: Client, maya: User, sections: dict[str, Section]
) -> None:
    maya.sections.set([sections["culture"]])
    emil = make.make_user(EDITOR)
    posted = account(emil, groups=groups_of(emil), sections=["culture"], display_name="Renamed")
    for limit in ([], [sections["sports"]], [sections["culture"], sections["sports"]]):
        emil.sections.set(limit)
        assert desk.post(change_page(emil), posted).status_code == 403
    emil.sections.set([sections["culture"]])
    assert desk.post(change_page(emil), posted).status_code == 302


def test_a_reporter_becomes_an_editor_of_her_sections_alone(
    desk: Client, maya: User, sections: dict[str, Section]
) -> None:
    maya.sections.set([sections["culture"]])
    rosa = make.make_user(REPORTER)
    posted = account(rosa, groups=[Group.objects.get(name=EDITOR).pk])
    assert desk.post(change_page(rosa), posted).status_code == 200
    assert rosa.groups.get().name == REPORTER
    desk.post(change_page(rosa), posted | {"sections": ["culture"]})
    assert (rosa.groups.get().name, sections_of(rosa)) == (EDITOR, {"culture"})


@pytest.mark.parametrize("limit", [{"culture"}, set()])
def test_a_new_account_has_the_limit_of_who_made_it(
    desk: Client, maya: User, sections: dict[str, Section], limit: set[str]
) -> None:
    maya.sections.set([sections[slug] for slug in limit])
    nils = invited(desk, EDITOR)
    assert sections_of(nils) == limit
    assert desk.get(change_page(nils)).context["has_change_permission"]


def test_a_superuser_gives_any_limit(client: Client, maya: User, sections: dict[str, Section]) -> None:
    owner = make.make_user(None, name="owner", is_superuser=True, is_staff=True)
    owner.sections.set([sections["culture"]])
    client.force_login(owner)
    posted = account(maya, groups=groups_of(maya))
    client.post(change_page(maya), posted | {"sections": ["sports"]})
    assert sections_of(maya) == {"sports"}
    client.post(change_page(maya), posted)
    assert sections_of(maya) == set()


def allow(user: User, *codenames: str) -> None:
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


@pytest.mark.parametrize("by", ["page", "list"])
def test_who_may_delete_accounts_deletes_nobody_who_may_do_more(desk: Client, maya: User, by: str) -> None:
    allow(maya, "delete_user")
    owner, rosa = make.make_user(name="owner", is_superuser=True), make.make_user(REPORTER)
    for person, remains in ((owner, True), (rosa, False)):
        if by == "page":
            desk.post(reverse("admin:stories_user_delete", args=[person.pk]), {"post": "yes"})
        else:
            values = {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"}
            desk.post(reverse("admin:stories_user_changelist"), values)
        assert User.objects.filter(pk=person.pk).exists() is remains


def posted(desk: Client, group: Group, *permissions: Permission) -> int:
    """Give a group some permissions, by hand; return the status."""
    values = {"name": group.name, "permissions": [each.pk for each in permissions]}
    return desk.post(reverse("admin:auth_group_change", args=[group.pk]), values).status_code


def test_who_may_change_groups_gives_none_a_right_that_they_lack(desk: Client, maya: User) -> None:
    allow(maya, "change_group", "delete_group")
    own = Group.objects.get(name=MANAGING_EDITOR)
    before = set(own.permissions.all())
    audit = Permission.objects.get(codename="audit_ledgerentry")
    assert posted(desk, own, *before, audit) == 200
    assert set(own.permissions.all()) == before
    writers = Group.objects.create(name="Writers")
    assert posted(desk, writers, Permission.objects.get(codename="add_article")) == 302
    auditors = Group.objects.get(name=AUDITOR)
    assert posted(desk, auditors) == 403
    assert (
        desk.post(reverse("admin:auth_group_delete", args=[auditors.pk]), {"post": "yes"}).status_code == 403
    )


def test_who_may_change_groups_takes_nothing_from_who_may_do_more(desk: Client, maya: User) -> None:
    allow(maya, "change_group")
    writers = Group.objects.create(name="Writers")
    make.make_user(name="owner", is_superuser=True).groups.add(writers)
    assert posted(desk, writers) == 403


def test_who_is_limited_to_sections_changes_no_group(
    desk: Client, maya: User, sections: dict[str, Section]
) -> None:
    allow(maya, "add_group", "change_group")
    maya.sections.set(sections.values())
    assert posted(desk, Group.objects.create(name="Writers")) == 403
    assert desk.get(reverse("admin:auth_group_add")).status_code == 403


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ada\r\nBcc: x@example.org", "Ada Bcc: x@example.org"),
        ("Ada \u202eLovell\x07", "Ada Lovell"),
        ("\u200b", None),
        ("\u202e", None),
    ],
)
def test_a_name_is_one_line_that_can_be_read_and_turns_nothing_round(
    desk: Client, typed: str, stored: str | None
) -> None:
    rosa = make.make_user(REPORTER)
    answer = desk.post(
        reverse("admin:stories_user_change", args=[rosa.pk]), account(rosa, display_name=typed)
    )
    invitation = desk.post(reverse("admin:stories_user_add"), new(display_name=typed))
    assert {answer.status_code, invitation.status_code} == {302 if stored else 200}
    rosa.refresh_from_db()
    assert rosa.display_name == (stored or "Rosa Reporter")
    nils = User.objects.filter(email="nils@example.org").first()
    assert (nils.display_name if nils else None) == stored


def test_a_page_from_before_the_invitation_was_accepted_shuts_nobody_out(
    desk: Client, mailoutbox: list[Any]
) -> None:
    nils = invited(desk, EDITOR)
    page = typed_in(desk.get(change_page(nils)))
    assert "is_active" not in page
    deliver_mails()
    accept(mailed_token(mailoutbox), "long-and-unusual-7")
    answer = desk.post(change_page(nils), {**page, "display_name": "Nils N."})
    assert "This account was changed since you opened the page" in answer.content.decode()
    nils.refresh_from_db()
    assert (nils.is_active, nils.display_name) == (True, "Nils Newcomer")


def test_a_page_from_before_a_right_was_taken_away_gives_it_back_to_nobody(desk: Client) -> None:
    emil = make.make_user(EDITOR)
    page = typed_in(desk.get(change_page(emil)))
    emil.is_active = False
    emil.save()
    emil.groups.clear()
    desk.post(change_page(emil), {**page, "groups": [Group.objects.get(name=EDITOR).pk]})
    emil.refresh_from_db()
    assert (emil.is_active, emil.groups.count()) == (False, 0)
    fresh = {name: value for name, value in typed_in(desk.get(change_page(emil))).items() if value}
    assert desk.post(change_page(emil), {**fresh, "display_name": "Emil E."}).status_code == 302


def test_her_change_takes_no_password_back_that_was_set_meanwhile(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa = make.make_user(REPORTER)

    def set_meanwhile(form: PersonForm) -> None:
        User.objects.filter(pk=form.instance.pk).update(password="new", author=None, language="es")

    monkeypatch.setattr(PersonForm, "clean", set_meanwhile)
    answer = desk.post(
        reverse("admin:stories_user_change", args=[rosa.pk]), account(rosa, display_name="Rosa R.")
    )
    assert answer.status_code == 302
    rosa.refresh_from_db()
    assert (rosa.display_name, rosa.password, rosa.language) == ("Rosa R.", "new", "es")

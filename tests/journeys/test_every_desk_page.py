"""Every page of the admin and of the audit desk, at each width and in both schemes: no barrier, and no overflow."""

from __future__ import annotations

from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.actions.accounts.email_changes import EMAIL_CHANGE, request_email_change
from stories.actions.accounts.invitations import INVITATION, invite
from stories.actions.accounts.password_resets import RESET, send_reset_link
from stories.actions.editing.drafts import discard
from stories.actions.outbox.mailed_links import make_link
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.publishing.embargoes import set_embargo
from stories.actions.takedown.erasure_orders import order_erasure
from stories.actions.takedown.withdrawals import withdraw
from stories.actions.takedown.withholdings import withhold_words
from stories.admin.sign_in.urls import urlpatterns as account_pages
from stories.audit.queues import QUEUES
from stories.management.demo import DemoDesk, load_demo, make_people
from stories.models import (
    Article,
    DeskRecord,
    EmailChange,
    LedgerEntry,
    PasswordReset,
    Publication,
    Question,
    User,
)
from stories.models.roles import EDITOR, MANAGING_EDITOR, REPORTER
from tests import factories as make
from tests.browser import sign_in
from tests.factories import MORNING, minutes
from tests.journeys.conftest import Clock
from tests.journeys.writing import editor_of, save_and_review, write_over
from tests.walking import Walk, names_under

pytestmark = pytest.mark.django_db(transaction=True)

# Addresses for scripts, files and redirects, which are no pages.
NO_PAGES = {
    # Replaced by the desk’s front page.
    "admin:index",
    "admin:autocomplete",
    "admin:auth_user_password_change",
    "admin:jsi18n",
    # These lead to the pages of one's own account.
    "admin:login",
    "admin:password_change",
    "admin:view_on_site",
    "admin:stories_article_choose",
    "admin:stories_article_erasures",
    "admin:stories_article_picture",
    "admin:stories_article_presence",
    "admin:stories_article_sentences",
    "admin:stories_article_signed_in",
    "admin:stories_deskrecord_changelist",
    "admin:stories_deskrecord_change",
    "audit:dossier_decide",
    "audit:dossier_picture",
    "audit:dossier_public_file",
    "audit:dossier_take",
    "desk:fix",
}
# Pages that refuse everybody, since stories, sections and authors are not deleted.
CLOSED = {"admin:stories_article_delete"}


@pytest.fixture
def people(clock: Clock, transactional_db: None) -> dict[str, User]:
    people = make_people()
    load_demo(DemoDesk(now=MORNING, **people))
    clock.now = minutes(1)
    return people


def to_story(walk: Walk, name: str, slug: str, *more: int | UUID, query: str = "") -> None:
    article = Article.objects.get(slug=slug)
    walk.to(reverse(f"admin:stories_article_{name}", args=[article.pk, *more]) + query)


def walk_stories(walk: Walk) -> None:
    """Visit every page of a story, each in the states in which it looks different."""
    answer, roofs, tram, offered = (
        "tessellate-answers-staff-on-face-recognition",
        "school-roofs-leak",
        "tram-timetable-eastern-districts",
        "night-trams-eastern-line",
    )
    for query in ("", "?standing=waiting&q=roofs"):
        walk.to(reverse("admin:stories_article_changelist") + query)
    walk.to(reverse("admin:stories_article_add"))
    to_story(walk, "change", answer)
    for slug in (answer, roofs, tram, "night-ferry-to-lindmere"):
        to_story(walk, "publish", slug)
    for name in ("developing", "withdraw", "embargo", "assign", "history", "preview", "fix"):
        to_story(walk, name, answer)
    live = Publication.objects.filter(article__slug=answer).latest("pk")
    to_story(walk, "published", answer, live.pk)
    to_story(walk, "find", answer, query="?words=face&instead=facial")
    to_story(walk, "cancel", "night-ferry-to-lindmere")
    to_story(walk, "discard", tram)
    to_story(walk, "offer", offered)
    to_story(walk, "offer", tram)
    to_story(walk, "revision", answer, 3)
    to_story(walk, "changes", answer, 2)
    to_story(walk, "restore", answer, 2)
    to_story(walk, "compare", answer, 1, 4)
    to_story(walk, "blame", answer, 4)
    to_story(walk, "blame", answer, 4, query="?words=face+recognition")
    to_story(walk, "blame", answer, 4, query="?words=412+employees")
    for record in DeskRecord.objects.select_related("article"):
        to_story(walk, "desk", record.article.slug, record.request_key)


def walk_taken_back(walk: Walk, maya: User) -> None:
    """Visit the page on which a version is taken back, and those that lead there."""
    article = make.begin(make.wanted("Published too early", slug="too-early"), user=maya, at=MORNING)
    version = make.go_live(article, user=maya, at=minutes(1))
    to_story(walk, "take_back", "too-early", version.pk)
    to_story(walk, "published", "too-early", version.pk)


def walk_hidden(walk: Walk) -> None:
    """Visit the pages of withholdings and erasures: before, and while they wait for a second person."""
    bridge = Article.objects.get(slug="harrow-bridge-cracks")
    chief = make.make_user(None, name="chief", is_superuser=True)
    for name in ("withhold", "erase"):
        to_story(walk, name, bridge.slug)
    withholding = withhold_words(
        article=bridge, words="Harrow", ground="court", reason="An order.", user=chief
    )
    order = order_erasure(
        article=bridge,
        scope="words",
        words="Harrow",
        ground="court",
        authority="A court",
        reason="As agreed",
        user=chief,
    )
    to_story(walk, "withheld", bridge.slug, withholding.pk)
    to_story(walk, "erasure", bridge.slug, order.pk)


def walk_lists(walk: Walk, people: dict[str, User]) -> None:
    """Visit Django's own pages: people, groups, sections, authors."""
    # Unused ones, since others have no page that deletes them.
    bare = {"author": make.make_author("spare", "Spare"), "section": make.make_section("spare", "Spare")}
    for kind, each in {**bare, "group": Group.objects.get(name=EDITOR), "user": people["rosa"]}.items():
        app = each._meta.app_label
        walk.to(reverse(f"admin:{app}_{kind}_changelist"))
        walk.to(reverse(f"admin:{app}_{kind}_add"))
        for name in ("change", "history", "delete"):
            walk.to(reverse(f"admin:{app}_{kind}_{name}", args=[each.pk]))
    reporters = [Group.objects.get(name=REPORTER)]
    invitation = invite(
        display_name="Nils", email="nils@example.org", groups=reporters, user=people["maya"], mail=False
    )
    for person in (people["rosa"], invitation.account):
        walk.to(reverse("admin:stories_user_access", args=[person.pk]))
    walk.to(reverse("desk:reset_factors", args=[people["rosa"].pk]))
    walk.to(reverse("admin:app_list", args=["stories"]))
    walk.to(reverse("admin:password_change_done"))


def walk_audit(walk: Walk) -> None:
    """Visit the audit desk: the ledger, each queue, figures, dossiers."""
    answer = Article.objects.get(slug="tessellate-answers-staff-on-face-recognition")
    for name in ("front", "verification", "ledger", "figures", "dossier_orders"):
        walk.to(reverse(f"audit:{name}"))
    for entry in LedgerEntry.objects.order_by("pk")[:2]:
        walk.to(reverse("audit:entry", args=[entry.pk]))
    walk.to(reverse("audit:entry", args=[Question.objects.latest("pk").entry_id]))
    for queue in QUEUES:
        walk.to(reverse("audit:queue", args=[queue]))
    for name in ("dossier", "dossier_order", "dossier_access"):
        walk.to(reverse(f"audit:{name}", args=[answer.pk]))


@pytest.mark.drill
def test_no_page_of_the_desk_has_a_barrier(
    page: Page, live_server: LiveServer, people: dict[str, User]
) -> None:
    walk = Walk(page)
    chief = make.make_user(None, name="head", is_superuser=True, is_staff=True)
    sign_in(page, live_server, chief)
    walk_lists(walk, people)
    sign_in(page, live_server, people["maya"])
    walk.to(reverse("admin:index"))
    walk.to(reverse("admin:stories_comment_desk"))
    page.get_by_text("Log a call · change the deadline · record the outcome").first.click()
    walk.look("a request on the comment desk, open")
    walk.to(reverse("admin:stories_comment_desk") + "?state=all&asked=long-ago")
    walk_stories(walk)
    walk_taken_back(walk, people["maya"])
    walk_audit(walk)
    walk_hidden(walk)
    walk.to(reverse("desk:question", args=[Question.objects.latest("pk").pk]))
    walk.to(reverse("desk:glossary"))
    walk.to(reverse("desk:settings"))
    walk.to(reverse("desk:own_profile"))
    walk.to(reverse("desk:profile", args=["rosa-lindqvist"]))
    sign_in(page, live_server, people["rosa"])
    to_story(walk, "change", "too-early")
    sign_in(page, live_server, people["oda"])
    walk.to(reverse("audit:given"))
    walk.to("/admin/nowhere/", status=404)
    walk.to(reverse("audit:front"), status=403)
    page.goto(reverse("audit:given"))
    page.get_by_role("button", name="Log out").click()
    walk.look("signed out")
    walk.seen.add("admin:logout")
    assert names_under("admin", "desk", "audit") - walk.seen - NO_PAGES - CLOSED == set()
    assert not walk.found, "\n".join(walk.found)


def test_no_state_that_a_page_gets_into_has_a_barrier(
    page: Page, live_server: LiveServer, people: dict[str, User]
) -> None:
    maya, emil = people["maya"], people["emil"]
    article = make.begin(make.wanted("Council hears objections"), user=emil, at=MORNING)
    make.go_live(article, user=emil, at=MORNING)
    sign_in(page, live_server, maya)
    walk = Walk(page)

    form = f"/admin/stories/article/{article.pk}/change/"
    page.goto(form)
    page.get_by_label("Headline").fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("This field is required.", exact=True)).to_be_visible()
    walk.look("a form that is refused")

    page.goto(form)
    write_over(editor_of(page, "textblock_set-0"), "Monday", "Tuesday")
    make.change(
        article, user=emil, blocks=(make.text("<p>The council met on Friday.</p>", key=key_of(article)),)
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Somebody else changed the same places")).to_be_visible()
    walk.look("a form with a conflict")

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-save-state]")).to_contain_text("Saved as revision 3")
    page.get_by_label("Headline").fill("Council heard objections")
    page.reload()
    walk.look("a form with typing to give back")
    save_and_review(page)
    page.get_by_label("At a time").check()
    page.get_by_role("button", name="Publish", exact=True).click()
    walk.look("a review that is refused")

    set_embargo(article=article, until=minutes(300), user=maya, reason="Promised.", at=minutes(1))
    start_developing(article=article, user=maya, at=minutes(1))
    for name in ("embargo", "developing", "publish"):
        to_story(walk, name, article.slug)
    withdraw(article=article, user=maya, notice="Down.", reason="As agreed", at=minutes(1))
    for name in ("withdraw", "change", "publish"):
        to_story(walk, name, article.slug)
    draft = make.begin(make.wanted("A draft"), user=maya, at=MORNING)
    discard(article=draft, user=maya)
    for name in ("discard", "change", "publish"):
        to_story(walk, name, draft.slug)
    assert not walk.found, "\n".join(walk.found)


def test_no_page_of_a_reporter_or_an_auditor_has_a_barrier(
    page: Page, live_server: LiveServer, people: dict[str, User]
) -> None:
    walk = Walk(page)
    for name in ("rosa", "aldo"):
        sign_in(page, live_server, people[name])
        walk.to(reverse("admin:index"))
        walk.to(reverse("admin:stories_article_changelist"))
        walk.to(reverse("admin:stories_comment_desk") + "?state=all")
        walk.to(reverse("desk:own_profile"))
        # A draft of the reporter's own, which the auditor reads; a live story, which neither may change.
        for slug in ("market-hall-repairs", "school-roofs-leak"):
            to_story(walk, "change", slug)
            to_story(walk, "history", slug)
        page.context.clear_cookies()
    assert not walk.found, "\n".join(walk.found)


def test_no_page_of_an_account_has_a_barrier(page: Page, live_server: LiveServer, editor: User) -> None:
    walk = Walk(page)
    for name in (
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_inactive",
    ):
        walk.to(reverse(name))
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail address").fill(editor.email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    walk.look("a sign-in that failed")
    nameless = make.make_user(None, name="nameless")
    nameless.set_unusable_password()
    nameless.save()
    sign_in(page, live_server, nameless)
    walk.to(reverse("account_set_password"))

    page.context.clear_cookies()
    sign_in_by_hand(page, editor)
    request_email_change(user=editor, address="other@example.org", at=timezone.now())
    walk.to(reverse("account_email"))
    page.goto(str(make_link(EMAIL_CHANGE, EmailChange.objects.get().pk)).removeprefix("http://testserver"))
    walk.to(reverse("account_confirm_email"))
    page.get_by_role("button", name="Change the address").click()
    walk.look("an address that is changed")
    for name in ("account_change_password", "usersessions_list", "account_logout", "account_reauthenticate"):
        walk.to(reverse(name))
    page.goto(reverse("account_change_password"))
    page.get_by_label("Present password").fill("wrong")
    page.locator("#id_password1").fill("short")
    page.locator("#id_password2").fill("another")
    page.get_by_role("button", name="Change the password").click()
    walk.look("a password that is refused")
    walk.to(reverse("account_confirmed"))
    walk.to("/admin/account/openid/failed/", status=403)
    page.context.clear_cookies()
    reporters = [Group.objects.get(name=REPORTER)]
    invitation = invite(
        display_name="Nils", email="nils@example.org", groups=reporters, user=make.make_user(MANAGING_EDITOR)
    )
    send_reset_link(editor, user=make.make_user(MANAGING_EDITOR, name="mona"))
    for link, number, name in (
        (INVITATION, invitation.pk, "account_invitation"),
        (RESET, PasswordReset.objects.get().pk, "account_reset"),
    ):
        page.goto(str(make_link(link, number)).removeprefix("http://testserver"))
        walk.to(reverse(name))
    named = {pattern.name for pattern in account_pages}
    # A provider of OpenID Connect answers for those.
    provider = {"openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled"}
    assert named - walk.seen == provider
    assert not walk.found, "\n".join(walk.found)


def test_no_page_of_a_second_factor_has_a_barrier(page: Page, live_server: LiveServer, editor: User) -> None:
    walk = Walk(page)
    sign_in_by_hand(page, editor)
    page.goto(reverse("account_reauthenticate"))
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    for name in ("index", "activate_totp", "add_webauthn", "list_webauthn"):
        walk.to(reverse(f"mfa_{name}"))
    TOTP.activate(editor, generate_totp_secret())
    RecoveryCodes.activate(editor)
    key = Authenticator.objects.create(
        user=editor, type=Authenticator.Type.WEBAUTHN, data={"name": "A key", "credential": {}}
    )
    for name in ("index", "deactivate_totp", "list_webauthn", "reauthenticate"):
        walk.to(reverse(f"mfa_{name}"))
    for name in ("view_recovery_codes", "generate_recovery_codes"):
        walk.to(reverse(f"mfa_{name}"))
    for name in ("edit_webauthn", "remove_webauthn"):
        walk.to(reverse(f"mfa_{name}", args=[key.pk]))
    assert not walk.found, "\n".join(walk.found)


def sign_in_by_hand(page: Page, user: User) -> None:
    """Sign in as people do, so that the session is in the list of theirs."""
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="The desk")).to_be_visible()


def key_of(article: Article) -> UUID:
    block = article.textblock_set.get()
    assert isinstance(block.key, UUID)
    return block.key

"""A managing editor can't use a second account of her own for decisions, on any page of the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from stories.actions.accounts.invitations import accept, invitation_link
from stories.actions.takedown.erasure_orders import order_erasure
from stories.actions.takedown.withholdings import withhold_words
from stories.models import Article, ErasureApproval, Invitation, SecondPersonCheck, User, WithholdingDecision
from stories.models.roles import AUDITOR, MANAGING_EDITOR
from tests import factories as make
from tests.admin.reviewing import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def article(maya: User) -> Article:
    article = make.begin(make.wanted("A party", make.text("<p>They met a suspect.</p>")), user=maya)
    make.go_live(article, user=maya)
    return article


@pytest.fixture
def second(maya: User, article: Article, rights_recorded: None) -> Client:
    """Return the client of the account into which she invited herself."""
    group = Group.objects.get(name=MANAGING_EDITOR)
    account = {"display_name": "Maya Managing", "email": "maya2@example.org", "groups": [group.pk]}
    make.signed_in(maya).post(reverse("admin:stories_user_add"), account)
    link = invitation_link(Invitation.objects.get())
    made = accept(link.partition("=")[2], "a long one that she knows")
    assert User.objects.get(pk=made.pk).has_perm("stories.erase_article")
    return make.signed_in(made)


def test_she_approves_no_erasure_of_her_own_from_it(second: Client, maya: User, article: Article) -> None:
    order = order_erasure(
        article=article,
        scope="words",
        words="a suspect",
        ground="court",
        authority="District Court, 4 O 12/26",
        reason="An order of the court.",
        user=maya,
    )
    answer = second.post(page("erasure", article, order.pk), {"decision": "approve", "reason": "All is well"})
    assert "may be one person’s" in answer.content.decode()
    assert not ErasureApproval.objects.exists()
    check = SecondPersonCheck.objects.get()
    auditor = make.signed_in(make.make_user(AUDITOR))
    queue = auditor.get(reverse("audit:queue", args=["second-person"]))
    assert [each.remarks[0] for each in queue.context["lines"]] == ["refused"]
    assert check.reason in queue.content.decode()
    assert auditor.get(reverse("audit:front")).status_code == 200


@pytest.mark.parametrize("decision", ["confirm", "lift"])
def test_she_decides_on_no_withholding_of_her_own_from_it(
    second: Client, maya: User, article: Article, decision: str
) -> None:
    withheld = withhold_words(
        article=article, words="a suspect", ground="court", reason="An order of the court.", user=maya
    )
    answer = second.post(
        page("withheld", article, withheld.pk), {"decision": decision, "reason": "All is well"}
    )
    assert "may be one person’s" in answer.content.decode()
    assert not WithholdingDecision.objects.exists()

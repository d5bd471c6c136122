"""Each list says what to do when it is empty, and each refusal who may."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from stories.audit.queues import QUEUES
from stories.models import User
from stories.models.roles import AUDITOR, OUTSIDE_AUDITOR
from tests import factories as make
from tests.admin.test_addresses import WHO, addresses, stage, table, window_of
from tests.admin.test_roles import Stage
from tests.ledger_last import undone
from tests.rendering.markup import visible

__all__ = ["stage"]
pytestmark = pytest.mark.django_db

# Words that say who may.
SENTENCE = re.compile(r"<p>([^<]*)</p>\s*<p><a href=\"[^\"]*\">(?:Go to the desk|Your account)")
WHO_MAY = re.compile(
    r"\b(editors?|auditors?|reporters?|superusers|groups|whoever|managing|who (published|asked))\b"
)


def empty_sentence(page: str) -> str:
    """Return what an empty list says, "" if it says nothing."""
    found = re.search(r'<p class="[^"]*\bempty\b[^"]*">(.*?)</p>', page, re.DOTALL)
    return visible(found[1]) if found else ""


@pytest.mark.parametrize(
    "name",
    [
        "admin:index",
        "admin:stories_article_changelist",
        "admin:stories_article_changelist?q=nowhere",
        "admin:stories_author_changelist",
        "admin:stories_section_changelist",
        "admin:stories_user_changelist?q=nowhere",
        "admin:stories_comment_desk",
        "admin:stories_comment_desk?party=nobody",
    ],
)
def test_an_empty_list_of_the_desk_says_what_to_do(managing_editor_client: Client, name: str) -> None:
    name, _mark, query = name.partition("?")
    page = managing_editor_client.get(f"{reverse(name)}?{query}").content.decode()
    # One sentence says that it is empty, the next what to do.
    assert len(re.findall(r"\w[.:,]", empty_sentence(page))) >= 2, empty_sentence(page)


@pytest.fixture
def managing_editor_client(maya: User) -> Client:
    return make.signed_in(maya)


@pytest.mark.parametrize(
    "name", ["audit:front", "audit:ledger?who=nobody", "audit:figures", "audit:dossier_orders", *QUEUES]
)
def test_an_empty_list_of_the_audit_desk_says_what_to_do(name: str) -> None:
    name, _mark, query = name.partition("?")
    address = reverse("audit:queue", args=[name]) if name in QUEUES else reverse(name)
    page = make.signed_in(make.make_user(AUDITOR)).get(f"{address}?{query}").content.decode()
    assert len(re.findall(r"\w[.:,]", empty_sentence(page))) >= 2, empty_sentence(page)


def test_an_outside_auditor_without_a_story_is_told_whom_to_ask() -> None:
    page = make.signed_in(make.make_user(OUTSIDE_AUDITOR)).get(reverse("audit:given")).content.decode()
    assert "Whoever in the newsroom you deal with can give you one" in empty_sentence(page)


@pytest.mark.parametrize("who", [name for name in WHO if "due" not in name and name != "nobody"])
def test_each_refusal_says_who_may(who: str, stage: Stage) -> None:
    user, rows = WHO[who](), table()
    silent = []
    for name, address in sorted(addresses(stage).items()):
        for method, answer in zip(("get", "post"), rows[name][who].split(), strict=True):
            # A failed sign-in at another service is no matter of rights.
            if answer != "403" or name == "socialaccount_login_cancelled":
                continue
            with undone():
                page = getattr(window_of(who, user), method)(address).content.decode()
            sentence = SENTENCE.search(page)
            if sentence is None or not WHO_MAY.search(visible(sentence[1])):
                silent.append(f"{method} {name}: {sentence and sentence[1]}")
    assert not silent, "\n".join(silent)

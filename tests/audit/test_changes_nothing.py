"""Every POST of the admin, tried as an auditor and as an outside auditor: only their own statements are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from stories.actions.audit.dossier_access import give_access
from stories.actions.audit.dossier_orders import order_dossier
from stories.actions.editing.pictures import store_picture
from stories.domain import snapshot as domain
from stories.models import (
    Article,
    AuditAccess,
    DossierApproval,
    DossierDownload,
    DossierOrder,
    LedgerEntry,
    OutboxMessage,
    Question,
    SignOff,
    User,
)
from stories.models.record.ledger import EntryKind
from stories.models.roles import AUDITOR, EDITOR, OUTSIDE_AUDITOR
from stories.queries.story.snapshots import working_snapshot
from tests import factories as make
from tests.factories import signed_in

pytestmark = pytest.mark.django_db

# What auditors write: questions, sign-offs, and who gets a dossier; each with an entry of the ledger.
SAYS = {
    EntryKind.QUESTION,
    EntryKind.SIGN_OFF,
    EntryKind.DOSSIER_ORDER,
    EntryKind.DOSSIER_APPROVAL,
    EntryKind.DOSSIER_DOWNLOAD,
    EntryKind.AUDIT_ACCESS,
}
THEIRS: set[type] = {Question, SignOff, DossierOrder, DossierApproval, DossierDownload, AuditAccess}
# Sessions and presence are no part of the record.
FLEETING = {"Session", "Presence"}
MOST_BUTTONS = 3
# Signing out and in, and one's own password.
OWN = {"logout", "login", "password_change", "password_change_done"}


class Forms(HTMLParser):
    """The forms of a page that post, each with its fields as a browser would send them, and its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]], list[tuple[str, str]]]] = []
        self._open: tuple[str, dict[str, list[str]], list[tuple[str, str]]] | None = None
        self._select = ""
        self._first: dict[str, str] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._open = (named.get("action", ""), {}, [])
            if named.get("method", "").lower() == "post":
                self.forms.append(self._open)
        if self._open is None or not named.get("name"):
            self._in_select(tag, named)
            return
        _action, fields, buttons = self._open
        kind = named.get("type", "text")
        if tag == "button" or kind == "submit":
            buttons.append((named["name"], named.get("value", "")))
        elif tag == "select":
            self._select = named["name"]
        elif tag == "textarea":
            fields.setdefault(named["name"], ["Words of an auditor."])
        elif kind not in ("checkbox", "radio") or "checked" in named:
            ticked = "on" if kind in ("checkbox", "radio") else ""
            fields.setdefault(named["name"], []).append(named.get("value", ticked))

    def _in_select(self, tag: str, named: dict[str, str]) -> None:
        if tag == "option" and self._open is not None and self._select:
            # A browser sends the first option if none is selected.
            self._first.setdefault(self._select, named.get("value", ""))
            if "selected" in named:
                self._open[1].setdefault(self._select, []).append(named.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select" and self._open is not None and self._select:
            self._open[1].setdefault(self._select, [self._first.get(self._select, "")])
            self._select = ""


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern, dict[str, Any]]]:
    """Yield every pattern of the admin with its full name and all its converters."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            name = f"{prefix}{each.namespace}:" if each.namespace else prefix
            if name or str(each.pattern).startswith("admin"):
                yield from patterns(each, name)
        elif each.name and prefix:
            yield f"{prefix}{each.name}", each, dict(each.pattern.converters)


@pytest.fixture
def chief() -> User:
    return make.make_user(None, name="chief", is_superuser=True, is_staff=True)


@pytest.fixture
def articles(chief: User) -> list[Article]:
    """Return a live story with a picture, a request and an edit that waits; and a draft."""
    section, author = make.make_section(), make.make_author()
    picture = store_picture(content=make.png(), user=chief)
    image = domain.ImageBlock(
        key=uuid4(), picture=picture.pk, width=picture.width, height=picture.height, alt_text="Red"
    )
    live = make.begin(
        make.wanted(
            "Live",
            make.text(),
            image,
            section=section.pk,
            bylines=(make.byline(author),),
            comment_requests=(make.request(),),
        ),
        user=chief,
    )
    make.go_live(live, user=chief)
    make.change(live, user=chief, dek="An edit that waits")
    return [live, make.begin(make.wanted("A draft", comment_requests=(make.request(),)), user=chief)]


def values_of(name: str, articles: list[Article], pattern: str) -> list[Any]:
    """Return the values that an argument of an address may have."""
    request = working_snapshot(articles[0]).comment_requests[0]
    picture = store_picture_of(articles[0])
    known: dict[str, list[Any]] = {
        "article_id": [article.pk for article in articles],
        "number": [1],
        "first": [1],
        "second": [2],
        "key": [request.key],
        "digest": [picture],
        "slug": [articles[0].slug],
        "publication_id": [articles[0].publications.get().pk],
        "order_id": list(DossierOrder.objects.values_list("pk", flat=True)),
        "sequence": [1, 2],
        "entry_id": [1, 2],
        "app_label": ["stories", "auth"],
        "content_type_id": [ContentType.objects.get_for_model(Article).pk],
        "url": ["anything"],
    }
    if name in ("object_id", "id"):
        match = re.search(r"admin:(stories|auth)_([a-z]+)_", pattern)
        # Django names the password's URL after its own user model.
        label = "stories.user" if "auth_user_" in pattern else ".".join(match.groups()) if match else ""
        model = apps.get_model(label) if label else Article
        return [row.pk for row in model._base_manager.all()[:3]]
    return known.get(name, [1])


def store_picture_of(article: Article) -> str:
    return next(
        block.picture for block in working_snapshot(article).blocks if isinstance(block, domain.ImageBlock)
    )


def addresses(articles: list[Article]) -> dict[str, str]:
    """Return every address of the admin for which arguments are found, with its pattern's name."""
    found: dict[str, str] = {}
    for name, _pattern, converters in patterns(get_resolver()):
        if name.rpartition(":")[2] in OWN:
            continue
        choices = [values_of(each, articles, name) for each in converters]
        for chosen in product(*choices):
            try:
                found[reverse(name, kwargs=dict(zip(converters, chosen, strict=True)))] = name
            except NoReverseMatch:
                # URLs without a name, such as the admin's catch-all.
                continue
    return found


def stored() -> dict[str, list[Any]]:
    """Return every row of every table, except fleeting ones and what auditors write themselves."""
    rows = {
        model.__name__: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models(include_auto_created=True)
        if model not in THEIRS and model.__name__ not in FLEETING and model._meta.managed
    }
    by_auditors = set(LedgerEntry.objects.filter(kind__in=SAYS).values_list("sequence", flat=True))
    rows["LedgerEntry"] = [row for row in rows["LedgerEntry"] if row[0] not in by_auditors]
    rows["EntryText"] = [row for row in rows["EntryText"] if row[0] not in by_auditors]
    rows["DailyHead"] = []
    # A question is mailed to the person asked.
    rows["OutboxMessage"] = list(OutboxMessage.objects.exclude(kind=OutboxMessage.Kind.MAIL).values_list())
    # Field `last_login`.
    rows["User"] = sorted(User.objects.values_list("pk", "email", "password", "is_superuser", "is_staff"))
    return rows


class Writes:
    """Whether the database was asked for more than an answer: only then is every row read again."""

    def __init__(self) -> None:
        self.seen = False

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self.seen |= not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA"))
        return execute(sql, params, many, context)


def posts(chief: Client, reader: Client, address: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return what can be posted to an address: arbitrary values, and its forms as the owner and the user see them."""
    blind = {
        "reason": "The words of a court",
        "notice": "Words",
        "post": "yes",
        "_save": "Save",
        "why": "Words",
        "text": "Words",
    }
    yield address, blind
    yield address, {**blind, "action": "delete_selected", "_selected_action": ["1", "2"], "index": "0"}
    for client in (chief, reader):
        answer = client.get(address)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        page = Forms()
        page.feed(answer.content.decode())
        for action, fields, buttons in page.forms:
            if "logout" in action or "setlang" in action:
                continue
            typed = {"headline": "Changed"} if "headline" in fields else {}
            # A story's form has dozens of split and join buttons: the first few represent them.
            for name, value in buttons[:MOST_BUTTONS] or [("", "")]:
                yield action or address, {**fields, **typed, **({name: value} if name else {})}


@pytest.mark.parametrize("role", [AUDITOR, pytest.param(OUTSIDE_AUDITOR, marks=pytest.mark.drill)])
def test_no_post_of_the_admin_changes_a_thing(role: str, chief: User, articles: list[Article]) -> None:
    reader = make.make_user(role)
    other = make.make_user(OUTSIDE_AUDITOR, name="other")
    make.make_user(EDITOR)
    for auditor in {reader, other}:
        if role == OUTSIDE_AUDITOR or auditor == other:
            give_access(
                article=articles[0],
                auditor=auditor,
                until=timezone.now() + timedelta(days=1),
                full=True,
                user=chief,
                reason="As agreed",
            )
    order_dossier(article=articles[0], user=chief, reason="A court asks")
    tried = addresses(articles)
    assert len(tried) > 100, "The walk through the admin's addresses lost its way."
    before = stored()
    owner, client = signed_in(chief), signed_in(reader)
    done = 0
    for address, name in tried.items():
        writes = Writes()
        with connection.execute_wrapper(writes):
            for where, data in list(posts(owner, client, address)):
                if not where.startswith("/"):
                    where = address
                answer = client.post(where, data)
                done += 1
                assert answer.status_code < 500, (where, data)
        after = stored() if writes.seen else before
        changed = {table for table in before if after[table] != before[table]}
        assert not changed, f"{name} at {address} changed {changed}"
    assert done > 300
    if role == OUTSIDE_AUDITOR:
        # Written by the form that they see, and nothing else of what an auditor may write.
        assert {entry.kind for entry in LedgerEntry.objects.filter(user_id=reader.pk)} <= {"dossier-order"}


def test_the_walk_would_see_a_change(chief: User, articles: list[Article]) -> None:
    """Walked by the owner, something changes: the posted values are valid."""
    before = stored()
    owner = signed_in(chief)
    address = reverse("admin:stories_article_change", args=[articles[1].pk])
    for where, data in list(posts(owner, owner, address)):
        owner.post(where, data)
    assert stored() != before

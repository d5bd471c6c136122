"""Every page of the desk, tried by everyone: who may open it, and who changes anything by a hand-made POST.

A page that is not in the table fails the test: who adds one says here whose it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stories.actions.audit.questions import ask_question
from stories.actions.comment_desk.desk_records import save_desk_record
from stories.actions.takedown.erasure_orders import order_erasure
from stories.actions.takedown.withholdings import withhold_words
from stories.admin import urls as desk_urls
from stories.admin.story_form.signed_snapshot import sign_snapshot
from stories.models import (
    Article,
    Author,
    ContactAttempt,
    DeskRecord,
    ErasureOrder,
    LedgerEntry,
    Publication,
    Question,
    Section,
    User,
    Withholding,
)
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from stories.queries.story.snapshots import snapshot_at
from tests.admin.typing import typed_in
from tests.factories import (
    begin,
    change,
    go_live,
    make_author,
    make_section,
    make_user,
    request,
    wanted,
)
from tests.ledger_last import undone

pytestmark = pytest.mark.django_db

OUTSIDER, NOBODY = "outsider", "nobody"
EVERYONE = (REPORTER, EDITOR, MANAGING_EDITOR, AUDITOR, OUTSIDER, NOBODY)
STAFF = frozenset({REPORTER, EDITOR, MANAGING_EDITOR, AUDITOR})
WRITERS = frozenset({REPORTER, EDITOR, MANAGING_EDITOR})
EDITORS = frozenset({EDITOR, MANAGING_EDITOR})
MANAGERS = frozenset({MANAGING_EDITOR})
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stage:
    """What there is to be tried on: a live story with an edit waiting, a scheduled one, a draft; who tries."""

    live: Article
    scheduled: Article
    draft: Article
    record: DeskRecord
    user: User | None
    client: Client


@dataclass(frozen=True)
class Row:
    """`opened_by`: who gets the page. `changed_by`: whose hand-made POST of `data` writes anything."""

    args: Callable[[Stage], list[Any]]
    opened_by: frozenset[str]
    changed_by: frozenset[str] = NONE
    data: Callable[[Stage], dict[str, Any]] = lambda stage: {}


def no_args(stage: Stage) -> list[Any]:
    return []


def of_live(*more: Any) -> Callable[[Stage], list[Any]]:
    return lambda stage: [stage.live.pk, *more]


def publishing(stage: Stage) -> dict[str, Any]:
    """Return what the review page of the live story posts."""
    return {
        "revision": "2",
        "reviewed": "2",
        "seen": "2",
        "live": "1",
        "kind": "update",
        "text": "A line was added.",
        "when": "now",
        "note-TOTAL_FORMS": "0",
        "note-INITIAL_FORMS": "0",
        "step": "publish",
    }


def fixing(stage: Stage) -> dict[str, Any]:
    story = snapshot_at(stage.live.pk, 1)
    user_id = stage.user.pk if stage.user else None
    return publishing(stage) | {
        "wanted": sign_snapshot(story, base=1, article_id=stage.live.pk, user_id=user_id)
    }


def replacing(stage: Stage) -> dict[str, Any]:
    """Return what the page of a search posts."""
    return {"base": "2", "words": "Waits", "instead": "Stays", "place": "story:dek:0-5"}


def editing(stage: Stage) -> dict[str, Any]:
    """Return the live story's form as it is, with a dek typed into it."""
    editor = Client()
    editor.force_login(User.objects.get(email="emil@example.org"))
    form = editor.get(reverse("admin:stories_article_change", args=[stage.live.pk]))
    return typed_in(form) | {"dek": "Typed by hand.", "_continue": "Save"}


def beginning(stage: Stage) -> dict[str, Any]:
    editor = Client()
    editor.force_login(User.objects.get(email="emil@example.org"))
    form = typed_in(editor.get(reverse("admin:stories_article_add")))
    return form | {"headline": "By hand", "slug": "by-hand", "_continue": "Save"}


def request_of(stage: Stage) -> list[Any]:
    """Return the arguments of a request on another's story, while reporters work on those of their own."""
    return [stage.live.pk, stage.record.request_key]


def attempting(stage: Stage) -> dict[str, Any]:
    return {
        "step": "attempt",
        "attempt-what": "tried",
        "attempt-channel": "phone",
        "attempt-at": "2026-03-02T10:00",
        "attempt-terms": "on-the-record",
    }


def publication_of(stage: Stage) -> list[Any]:
    return [stage.live.pk, Publication.objects.filter(article=stage.live).latest("pk").pk]


def withholding_of(stage: Stage) -> list[Any]:
    return [stage.draft.pk, Withholding.objects.get(article=stage.draft).pk]


def order_of(stage: Stage) -> list[Any]:
    return [stage.draft.pk, ErasureOrder.objects.get(article=stage.draft).pk]


REASON = {"reason": "Because."}
HIDDEN = {"reason": "A court said so.", "ground": "court"}
NAMED = {"name": "A new name", "slug": "a-new-name"}

ARTICLES = {
    "changelist": Row(no_args, STAFF),
    "add": Row(no_args, WRITERS, WRITERS, beginning),
    "change": Row(of_live(), STAFF, EDITORS, editing),
    "history": Row(of_live(), STAFF),
    "delete": Row(of_live(), STAFF, NONE, lambda stage: {"post": "yes"}),
    "revision": Row(of_live(1), STAFF),
    "changes": Row(of_live(1), STAFF),
    "blame": Row(of_live(1), STAFF),
    "choose": Row(of_live(), STAFF),
    "compare": Row(of_live(1, 2), STAFF),
    "restore": Row(of_live(1), EDITORS, EDITORS, lambda stage: {"seen": "2"}),
    # It went live long ago: who may publish is told that it is too late.
    "take_back": Row(publication_of, EDITORS, NONE, lambda stage: {**REASON, "note": "It is taken back."}),
    "preview": Row(of_live(), STAFF, NONE, publishing),
    "picture": Row(lambda stage: ["0" * 64], STAFF),
    "desk": Row(request_of, STAFF - {REPORTER}, EDITORS, attempting),
    # Requested by open forms only.
    "presence": Row(of_live(), NONE),
    # Requested by every page of the desk, for stories of which this browser stores what was typed.
    "erasures": Row(no_args, STAFF),
    "signed_in": Row(no_args, NONE),
    "sentences": Row(no_args, NONE),
    "publish": Row(of_live(), EDITORS, EDITORS, publishing),
    "published": Row(publication_of, EDITORS),
    "fix": Row(of_live(), EDITORS, EDITORS, fixing),
    "find": Row(of_live(), STAFF, EDITORS, replacing),
    "cancel": Row(lambda stage: [stage.scheduled.pk], EDITORS, EDITORS, lambda stage: REASON),
    "embargo": Row(of_live(), EDITORS, EDITORS, lambda stage: REASON),
    "developing": Row(of_live(), EDITORS, EDITORS, lambda stage: {"step": "start"}),
    "withdraw": Row(of_live(), MANAGERS, MANAGERS, lambda stage: {**REASON, "notice": "Down."}),
    "withhold": Row(of_live(), MANAGERS, MANAGERS, lambda stage: {**HIDDEN, "words": "council met"}),
    "withheld": Row(withholding_of, MANAGERS, MANAGERS, lambda stage: {**REASON, "decision": "lift"}),
    "erase": Row(
        of_live(), MANAGERS, MANAGERS, lambda stage: {**HIDDEN, "scope": "story", "authority": "A court"}
    ),
    "erasure": Row(order_of, MANAGERS, MANAGERS, lambda stage: {"decision": "approve"}),
    "discard": Row(lambda stage: [stage.draft.pk], EDITORS, EDITORS, lambda stage: REASON),
    "assign": Row(of_live(), EDITORS, EDITORS, lambda stage: {"to": ""}),
    # A writer offers drafts of their own; this story is another's.
    "offer": Row(of_live(), EDITORS, EDITORS, lambda stage: {"step": "offer", "revision": "2"}),
}


def named_things(slug: str) -> dict[str, Row]:
    """Return the rows for the pages of sections or authors, which nobody here may delete."""
    return {
        "changelist": Row(no_args, STAFF),
        "add": Row(no_args, EDITORS, EDITORS, lambda stage: NAMED),
        "change": Row(lambda stage: [slug], STAFF, EDITORS, lambda stage: NAMED),
        "history": Row(lambda stage: [slug], STAFF),
        "delete": Row(lambda stage: [slug], NONE, NONE, lambda stage: {"post": "yes"}),
    }


def record_of(stage: Stage) -> list[Any]:
    return [stage.record.pk]


RECORDS = {
    "comment_desk": Row(no_args, STAFF),
    "deskrecord_changelist": Row(no_args, STAFF),
    # Redirects to the request's own page, which checks permissions.
    "deskrecord_change": Row(record_of, STAFF),
}


def account_of(stage: Stage) -> list[Any]:
    return [User.objects.get(email="emil@example.org").pk]


ACCOUNT = {"display_name": "By hand", "email": "byhand@example.org"}
PASSWORD = {"usable_password": "true", "password1": "long-and-unusual-7", "password2": "long-and-unusual-7"}


def invited(stage: Stage) -> dict[str, Any]:
    group = Group.objects.get(name=REPORTER)
    return {"display_name": "By hand", "email": "new@example.org", "groups": [group.pk]}


ACCOUNTS = {
    "changelist": Row(no_args, MANAGERS),
    "add": Row(no_args, MANAGERS, MANAGERS, invited),
    "access": Row(account_of, MANAGERS, MANAGERS, lambda stage: {"reset": "Send"}),
    "change": Row(account_of, MANAGERS, MANAGERS, lambda stage: ACCOUNT),
    "history": Row(account_of, MANAGERS),
    "delete": Row(account_of, NONE, NONE, lambda stage: {"post": "yes"}),
}

TABLE = {
    **{f"admin:stories_article_{name}": row for name, row in ARTICLES.items()},
    **{f"admin:stories_section_{name}": row for name, row in named_things("technology").items()},
    **{f"admin:stories_author_{name}": row for name, row in named_things("ines-calder").items()},
    **{f"admin:stories_{name}": row for name, row in RECORDS.items()},
    **{f"admin:stories_user_{name}": row for name, row in ACCOUNTS.items()},
    # Django's name for it, whatever the model's. Redirects to the page that sends a link, and sets nothing.
    "admin:auth_user_password_change": Row(account_of, STAFF, NONE, lambda stage: PASSWORD),
    "desk:front": Row(no_args, STAFF),
    "desk:glossary": Row(no_args, STAFF),
    "desk:fix": Row(lambda stage: ["council"], STAFF),
    "desk:settings": Row(no_args, STAFF),
    "desk:own_profile": Row(no_args, STAFF),
    "desk:profile": Row(
        lambda stage: ["ines-calder"],
        EDITORS,
        EDITORS,
        lambda stage: {"bio": "She covers the council.", "base": "", "contact": "", "alt_text": ""},
    ),
    "desk:reset_factors": Row(account_of, MANAGERS, NONE, lambda stage: {"reason": "A lost phone."}),
    "desk:question": Row(
        lambda stage: [Question.objects.get().pk],
        frozenset({EDITOR, MANAGING_EDITOR, AUDITOR}),
        EDITORS,
        lambda stage: {"reason": "Because."},
    ),
}


def pages_there_are() -> set[str]:
    """Return every page of the stories' admin, by name."""
    found = {f"desk:{pattern.name}" for pattern in desk_urls.urlpatterns}
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label == "stories":
            found |= {f"admin:{pattern.name}" for pattern in model_admin.get_urls() if pattern.name}
    return found


def test_every_page_is_in_the_table() -> None:
    assert pages_there_are() == set(TABLE)


def stage_for(who: str) -> Stage:
    """Return the stage, and the user who enters it."""
    section = make_section().pk
    make_author()
    editor = make_user(EDITOR)
    asked = request("Corvid Systems")
    story = wanted("Council", slug="council", comment_requests=(asked,), section=section)
    live = begin(story, user=editor)
    go_live(live, user=editor)
    change(live, user=editor, dek="Waits.")
    scheduled = begin(wanted("Tomorrow", section=section), user=editor)
    go_live(scheduled, user=editor, at=timezone.now(), live_from=timezone.now() + timedelta(days=1))
    draft = begin(wanted("A draft", section=section), user=editor)
    record = save_desk_record(
        article=live, request_key=asked.key, user=editor, deadline=None, contact="", statement=""
    )
    chief = make_user(None, name="chief", is_superuser=True)
    withhold_words(article=draft, words="council met", ground="court", reason="An order.", user=chief)
    order_erasure(
        article=draft, scope="story", ground="court", authority="A court", reason="As agreed", user=chief
    )
    ask_question(entry=LedgerEntry.objects.get(article=live, kind="publication"), user=chief, reason="Why?")
    user = {EDITOR: lambda: editor, OUTSIDER: make_user, NOBODY: lambda: None}.get(
        who, lambda: make_user(who)
    )()
    client = Client()
    if user is not None:
        client.force_login(user)
    return Stage(live=live, scheduled=scheduled, draft=draft, record=record, user=user, client=client)


def turned_away(response: Any) -> bool:
    to_sign_in = response.status_code == 302 and "/login/" in response.headers["Location"]
    return bool(response.status_code in (403, 405) or to_sign_in)


def everything_stored() -> tuple[Any, ...]:
    return (
        LedgerEntry.objects.count(),
        Article.objects.count(),
        sorted(Section.objects.values_list("slug", "name")),
        sorted(Author.objects.values_list("slug", "name")),
        sorted(DeskRecord.objects.values_list("pk", "contact", "statement")),
        ContactAttempt.objects.count(),
        sorted(User.objects.values_list("display_name", "email", "password", "is_superuser")),
    )


@pytest.mark.parametrize("who", EVERYONE)
def test_each_page_opens_for_whom_it_is(who: str) -> None:
    stage = stage_for(who)
    got = {
        name
        for name, row in TABLE.items()
        if not turned_away(stage.client.get(reverse(name, args=row.args(stage))))
    }
    assert got == {name for name, row in TABLE.items() if who in row.opened_by}


@pytest.mark.parametrize("who", EVERYONE)
def test_a_hand_made_post_changes_what_its_sender_may_change(who: str) -> None:
    stage = stage_for(who)
    before = everything_stored()
    changed = set()
    for name, row in TABLE.items():
        # One stage for all, rolled back each time.
        with undone():
            stage.client.post(reverse(name, args=row.args(stage)), row.data(stage))
            if everything_stored() != before:
                changed.add(name)
    assert changed == {name for name, row in TABLE.items() if who in row.changed_by}


# What a managing editor of another section keeps of a story’s pages: to read them.
READ_BEYOND_LIMIT = {name for name, row in ARTICLES.items() if REPORTER in row.opened_by} | {"desk"}


def limited_managing_editor(section: str) -> Stage:
    stage = stage_for(MANAGING_EDITOR)
    assert stage.user is not None
    stage.user.sections.add(make_section(section, section.capitalize()))
    return stage


@pytest.mark.parametrize(("section", "is_theirs"), [("technology", True), ("culture", False)])
def test_each_page_of_a_story_opens_for_an_editor_of_its_section(section: str, is_theirs: bool) -> None:
    stage = limited_managing_editor(section)
    got = {
        name
        for name, row in ARTICLES.items()
        if not turned_away(stage.client.get(reverse(f"admin:stories_article_{name}", args=row.args(stage))))
    }
    theirs = {name for name, row in ARTICLES.items() if MANAGING_EDITOR in row.opened_by}
    assert got == (theirs if is_theirs else READ_BEYOND_LIMIT)


@pytest.mark.parametrize(("section", "is_theirs"), [("technology", True), ("culture", False)])
def test_a_hand_made_post_to_a_story_changes_nothing_of_another_section(
    section: str, is_theirs: bool
) -> None:
    stage = limited_managing_editor(section)
    before = everything_stored()
    changed = set()
    for name, row in ARTICLES.items():
        with undone():
            stage.client.post(reverse(f"admin:stories_article_{name}", args=row.args(stage)), row.data(stage))
            if everything_stored() != before:
                changed.add(name)
    theirs = {name for name, row in ARTICLES.items() if MANAGING_EDITOR in row.changed_by}
    assert changed == (theirs if is_theirs else {"add"})


def test_no_page_offers_an_editor_of_another_section_what_they_may_not_do() -> None:
    stage = limited_managing_editor("culture")
    of_one_story = {name for name, row in ARTICLES.items() if row.opened_by and len(row.args(stage)) == 1}
    closed = [
        reverse(f"admin:stories_article_{name}", args=[article.pk])
        for name in of_one_story - READ_BEYOND_LIMIT
        for article in (stage.live, stage.scheduled, stage.draft)
    ]
    assert len(closed) > 20
    pages = [
        *(
            reverse(name)
            for name in ("desk:front", "admin:stories_article_changelist", "admin:stories_comment_desk")
        ),
        *(
            reverse(f"admin:stories_article_{name}", args=ARTICLES[name].args(stage))
            for name in sorted(READ_BEYOND_LIMIT - {"picture", "add", "erasures", "delete"})
        ),
    ]
    for page in pages:
        answer = stage.client.get(page)
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            offered = [address for address in closed if f'href="{address}' in answer.content.decode()]
            assert offered == [], page

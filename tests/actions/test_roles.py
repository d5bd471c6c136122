"""Every action, tried by every role and an outsider: whoever may not leaves no trace."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

import stories.actions
from stories.actions.accounts.factors import reset_factors
from stories.actions.accounts.invitations import invite, renew, withdraw as withdraw_invitation
from stories.actions.accounts.password_resets import send_reset_link
from stories.actions.audit.dossier_access import end_access, give_access
from stories.actions.audit.dossier_orders import (
    approve_dossier,
    download_dossier,
    order_dossier,
    refuse_dossier,
)
from stories.actions.audit.questions import answer_question, ask_question, sign_off
from stories.actions.comment_desk.desk_records import decide_terms, log_attempt, save_desk_record
from stories.actions.comment_desk.outcomes import PartyAnswer, RequestOutcome, record_outcome
from stories.actions.comment_desk.statements import Placement, PlacementStyle, place_statement
from stories.actions.editing.assignments import assign
from stories.actions.editing.drafts import discard, recover
from stories.actions.editing.pictures import store_picture
from stories.actions.editing.presence import clear_presence, touch_presence
from stories.actions.editing.profiles import EMPTY_PROFILE, change_profile
from stories.actions.editing.restore import restore
from stories.actions.editing.sections_and_authors import (
    create_section_or_author,
    delete_section_or_author,
    rename_section_or_author,
)
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.developing_mode import end_developing, start_developing
from stories.actions.publishing.embargoes import set_embargo
from stories.actions.publishing.fix import fix
from stories.actions.publishing.publish import publish
from stories.actions.publishing.review_requests import offer, take_back
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure, refuse_erasure
from stories.actions.takedown.take_back import take_back_version
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import (
    confirm_withholding,
    lift_withholding,
    withhold_version,
    withhold_words,
)
from stories.domain.snapshot import NoteKind, RequestStatus
from stories.models import (
    Article,
    Author,
    DeskRecord,
    DossierOrder,
    ErasureOrder,
    Invitation,
    LedgerEntry,
    Publication,
    Question,
    Section,
    User,
    Withholding,
)
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, NARROWED, OUTSIDE_AUDITOR, REPORTER, ROLES
from stories.queries.publishing.versions import live_publication
from stories.queries.story.snapshots import working_snapshot
from tests import factories as make
from tests.factors import give_app
from tests.ledger_last import undone

pytestmark = pytest.mark.django_db

EDITORS = {EDITOR, MANAGING_EDITOR}
WRITERS = {REPORTER, *EDITORS}
# Who may give a story's record out of the house.
GIVERS = {MANAGING_EDITOR, AUDITOR}
AT = make.minutes(20)


@pytest.fixture
def chief(db: None) -> User:
    """The user who prepares what the others try."""
    return make.make_user(None, name="chief", is_superuser=True)


@pytest.fixture
def live(chief: User) -> Article:
    section = make.make_section().pk
    story = make.wanted("Live", make.text(), comment_requests=(make.request(),), section=section)
    article = make.begin(story, user=chief)
    make.go_live(article, user=chief)
    return article


@pytest.fixture
def draft(chief: User) -> Article:
    section = make.make_section().pk
    return make.begin(make.wanted("A draft", comment_requests=(make.request(),), section=section), user=chief)


def edit(article: Article, user: User) -> object:
    return make.change(article, user=user, dek="x", at=AT)


def entry_of(article: Article) -> LedgerEntry:
    return LedgerEntry.objects.filter(article=article).latest("sequence")


def question_on(article: Article) -> Question:
    auditor = make.make_user(AUDITOR, name="another")
    return ask_question(entry=entry_of(article), user=auditor, reason="Why?", at=AT)


def override(article: Article, user: User, chief: User) -> object:
    make.change(article, user=chief, dek="A council of 12", at=AT)
    return publish(
        article=article, revision=2, user=user, publication_class="override", reason="As agreed", at=AT
    )


def publish_minor(article: Article, user: User, chief: User) -> object:
    make.reword(article, user=chief)
    return publish(
        article=article, revision=2, user=user, publication_class="minor", reason="As agreed", at=AT
    )


def fix_live(article: Article, user: User) -> object:
    story = replace(working_snapshot(article), blocks=(make.text("<p>The council met early on Monday.</p>"),))
    return fix(article=article, story=story, base=1, user=user, notes=[make.note()], cause="moved-on", at=AT)


def cancel_pending(draft: Article, user: User, chief: User) -> object:
    pending = make.go_live(draft, user=chief, live_from=make.minutes(60))
    return cancel(publication=pending, user=user, reason="As agreed", at=AT)


def end_mode(article: Article, user: User, chief: User) -> object:
    start_developing(article=article, user=chief, at=AT)
    return end_developing(article=article, note=make.note("All told.", NoteKind.UPDATE), user=user, at=AT)


def bring_back(article: Article, user: User, chief: User) -> object:
    withdraw(article=article, user=chief, notice="Down.", reason="As agreed", at=AT)
    return reinstate(article=article, user=user, reason="As agreed", at=AT)


def take_back_own(draft: Article, user: User, chief: User) -> object:
    publisher = user if user.has_perm("stories.publish_article") else chief
    version = make.go_live(draft, user=publisher, at=AT)
    return take_back_version(
        publication=version, note="Taken back.", user=user, reason="Too early", at=make.minutes(21)
    )


def hide(article: Article, user: User) -> Withholding:
    words = "council met"
    return withhold_words(article=article, words=words, ground="court", reason="As agreed", user=user, at=AT)


def hide_version(article: Article, user: User) -> object:
    version = Publication.objects.get(article=article)
    return withhold_version(publication=version, ground="court", reason="As agreed", user=user, at=AT)


def order_erased(article: Article, user: User) -> ErasureOrder:
    return order_erasure(
        article=article,
        scope="story",
        ground="court",
        authority="A court",
        reason="As agreed",
        user=user,
        at=AT,
    )


def take_out_again(draft: Article, user: User, chief: User) -> object:
    discard(article=draft, user=chief)
    return recover(article=draft, user=user)


def keep_record(draft: Article, user: User) -> object:
    key = working_snapshot(draft).comment_requests[0].key
    return save_desk_record(article=draft, request_key=key, user=user, contact="Press office")


def log(draft: Article, user: User, chief: User) -> object:
    keep_record(draft, chief)
    record = DeskRecord.objects.get()
    return log_attempt(record=record, user=user, at=AT, channel="email", terms="on-the-record", summary="x")


def move_deadline(live: Article, user: User) -> object:
    key = working_snapshot(live).comment_requests[0].key
    return save_desk_record(article=live, request_key=key, user=user, deadline=AT)


def outcome_of(live: Article, user: User) -> object:
    key = working_snapshot(live).comment_requests[0].key
    outcome = RequestOutcome(status=RequestStatus.DECLINED, responded_at=AT)
    return record_outcome(article=live, request_key=key, user=user, outcome=outcome, at=AT)


def place_answer(live: Article, user: User) -> object:
    key = working_snapshot(live).comment_requests[0].key
    placement = Placement(key=uuid4(), style=PlacementStyle.QUOTE, words="No.", speaker="Dana Whitlock")
    answer_question = PartyAnswer(at=AT, channel="email", terms="on-the-record", statement="No.")
    outcome = RequestOutcome(status=RequestStatus.RECEIVED, responded_at=AT)
    return place_statement(
        article=live,
        request_key=key,
        user=user,
        placement=placement,
        outcome=outcome,
        answer=answer_question,
        at=AT,
    )


def decide(draft: Article, user: User, chief: User) -> object:
    keep_record(draft, chief)
    record = DeskRecord.objects.get()
    record.terms = "disputed"
    record.save()
    return decide_terms(record=record, user=user, terms="background", reason="As agreed", at=AT)


def restore_first(draft: Article, user: User, chief: User) -> object:
    make.change(draft, user=chief, dek="x", at=AT)
    return restore(article=draft, revision=1, seen=2, user=user, at=AT)


def decline(draft: Article, user: User, chief: User) -> object:
    offer(article=draft, revision=1, user=chief, at=AT)
    return take_back(article=draft, user=user, reason="As agreed", at=AT)


def ask_for_dossier(article: Article, user: User) -> DossierOrder:
    return order_dossier(article=article, user=user, reason="A court asks", at=AT)


def download(live: Article, user: User, chief: User) -> object:
    try:
        order = ask_for_dossier(live, user)
    except PermissionDenied:
        order = ask_for_dossier(live, chief)
    approve_dossier(order=order, user=make.make_user(None, name="second", is_superuser=True), at=AT)
    return download_dossier(order=order, user=user, at=AT)


def give(live: Article, user: User) -> object:
    outside = make.make_user(OUTSIDE_AUDITOR)
    return give_access(
        article=live, auditor=outside, until=make.minutes(60), full=True, user=user, reason="As agreed", at=AT
    )


def take_away(live: Article, user: User, chief: User) -> object:
    give(live, chief)
    return end_access(article=live, auditor_id=User.objects.get(email="oda@example.org").pk, user=user, at=AT)


# What is tried, with (who tries, the live story, the draft, the chief), and who may.
Try = Callable[[User, Article, Article, User], object]
ACTIONS: dict[str, tuple[set[str], Try]] = {
    "editing.revise: begin": (
        WRITERS,
        lambda user, live, draft, chief: make.begin(make.wanted("Mine"), user=user),
    ),
    "editing.revise: somebody's draft": (EDITORS, lambda user, live, draft, chief: edit(draft, user)),
    "editing.revise: a live story": (EDITORS, lambda user, live, draft, chief: edit(live, user)),
    "publishing.publish": (
        EDITORS,
        lambda user, live, draft, chief: publish(article=draft, revision=1, user=user, at=AT),
    ),
    "publishing.publish: minor": (EDITORS, lambda user, live, draft, chief: publish_minor(live, user, chief)),
    "publishing.publish: override": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: override(live, user, chief),
    ),
    "publishing.fix": (EDITORS, lambda user, live, draft, chief: fix_live(live, user)),
    "publishing.cancellations": (
        EDITORS,
        lambda user, live, draft, chief: cancel_pending(draft, user, chief),
    ),
    "publishing.embargoes": (
        EDITORS,
        lambda user, live, draft, chief: set_embargo(
            article=draft, until=make.minutes(60), user=user, reason="As agreed", at=AT
        ),
    ),
    "publishing.developing_mode: start": (
        EDITORS,
        lambda user, live, draft, chief: start_developing(article=live, user=user, at=AT),
    ),
    "publishing.developing_mode: end": (
        EDITORS,
        lambda user, live, draft, chief: end_mode(live, user, chief),
    ),
    "takedown.withdrawals: withdraw": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: withdraw(
            article=live, user=user, notice="Down.", reason="As agreed", at=AT
        ),
    ),
    "takedown.withdrawals: reinstate": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: bring_back(live, user, chief),
    ),
    "takedown.take_back": (EDITORS, lambda user, live, draft, chief: take_back_own(draft, user, chief)),
    "takedown.withholdings: withhold": ({MANAGING_EDITOR}, lambda user, live, draft, chief: hide(live, user)),
    "takedown.withholdings: withhold a version": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: hide_version(live, user),
    ),
    "takedown.withholdings: confirm": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: confirm_withholding(withholding=hide(live, chief), user=user, at=AT),
    ),
    "takedown.withholdings: lift": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: lift_withholding(
            withholding=hide(live, chief), user=user, reason="As agreed", at=AT
        ),
    ),
    "takedown.erasure_orders: order": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: order_erased(live, user),
    ),
    "takedown.erasure_orders: approve": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: approve_erasure(order=order_erased(live, chief), user=user, at=AT),
    ),
    "takedown.erasure_orders: refuse": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: refuse_erasure(
            order=order_erased(live, chief), user=user, reason="As agreed", at=AT
        ),
    ),
    "editing.drafts: discard": (EDITORS, lambda user, live, draft, chief: discard(article=draft, user=user)),
    "editing.drafts: recover": (EDITORS, lambda user, live, draft, chief: take_out_again(draft, user, chief)),
    "editing.restore": (EDITORS, lambda user, live, draft, chief: restore_first(draft, user, chief)),
    "publishing.review_requests: offer": (
        EDITORS,
        lambda user, live, draft, chief: offer(article=draft, revision=1, user=user, at=AT),
    ),
    "publishing.review_requests: decline": (
        EDITORS,
        lambda user, live, draft, chief: decline(draft, user, chief),
    ),
    "editing.assignments": (
        EDITORS,
        lambda user, live, draft, chief: assign(article=draft, to=None, user=user),
    ),
    "comment_desk.desk_records: keep": (EDITORS, lambda user, live, draft, chief: keep_record(draft, user)),
    "comment_desk.desk_records: a live story's": (
        EDITORS,
        lambda user, live, draft, chief: move_deadline(live, user),
    ),
    "comment_desk.outcomes": (EDITORS, lambda user, live, draft, chief: outcome_of(live, user)),
    "comment_desk.statements": (EDITORS, lambda user, live, draft, chief: place_answer(live, user)),
    "comment_desk.desk_records: decide terms": (
        EDITORS,
        lambda user, live, draft, chief: decide(draft, user, chief),
    ),
    "comment_desk.desk_records: log attempt": (
        EDITORS,
        lambda user, live, draft, chief: log(draft, user, chief),
    ),
    "editing.presence: touch": (
        {AUDITOR, *WRITERS},
        lambda user, live, draft, chief: touch_presence(article=draft, user=user, at=AT),
    ),
    "editing.presence: clear": (
        {AUDITOR, *WRITERS},
        lambda user, live, draft, chief: clear_presence(article=draft, user=user),
    ),
    "audit.questions: ask": (
        {AUDITOR},
        lambda user, live, draft, chief: ask_question(entry=entry_of(live), user=user, reason="Why?", at=AT),
    ),
    "audit.questions: answer": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: answer_question(
            question=question_on(live), user=user, reason="So.", at=AT
        ),
    ),
    "editing.sections_and_authors: create": (
        {EDITOR, MANAGING_EDITOR},
        lambda user, live, draft, chief: create_section_or_author(
            row=Section(slug="sports", name="Sports"), user=user
        ),
    ),
    "editing.sections_and_authors: rename": (
        {EDITOR, MANAGING_EDITOR},
        lambda user, live, draft, chief: rename_section_or_author(
            row=Author(slug=make.make_author().pk, name="Ines Calder-Ruiz"), user=user
        ),
    ),
    "editing.sections_and_authors: delete": (
        set(),
        lambda user, live, draft, chief: delete_section_or_author(
            row=make.make_section("sports", "Sports"), user=user
        ),
    ),
    "audit.questions: sign off": (
        {AUDITOR},
        lambda user, live, draft, chief: sign_off(entry=entry_of(live), user=user, at=AT),
    ),
    "audit.dossier_orders: order": (GIVERS, lambda user, live, draft, chief: ask_for_dossier(live, user)),
    "audit.dossier_orders: approve": (
        GIVERS,
        lambda user, live, draft, chief: approve_dossier(order=ask_for_dossier(live, chief), user=user),
    ),
    "audit.dossier_orders: refuse": (
        GIVERS,
        lambda user, live, draft, chief: refuse_dossier(
            order=ask_for_dossier(live, chief), user=user, reason="As agreed"
        ),
    ),
    "audit.dossier_orders: download": (GIVERS, lambda user, live, draft, chief: download(live, user, chief)),
    "audit.dossier_access: give": (GIVERS, lambda user, live, draft, chief: give(live, user)),
    "audit.dossier_access: end": (GIVERS, lambda user, live, draft, chief: take_away(live, user, chief)),
    "editing.profiles": (
        {EDITOR, MANAGING_EDITOR},
        lambda user, live, draft, chief: change_profile(
            author=make.make_author(), profile=replace(EMPTY_PROFILE, bio="She covers it."), user=user
        ),
    ),
    "accounts.invitations: invite": ({MANAGING_EDITOR}, lambda user, live, draft, chief: invited(user)),
    "accounts.invitations: renew": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: renew(invited(chief).account, user=user),
    ),
    "accounts.invitations: withdraw": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: withdraw_invitation(invited(chief).account, user=user),
    ),
    "accounts.password_resets": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: send_reset_link(make.make_user(REPORTER, name="nora"), user=user),
    ),
    "accounts.factors": (
        {MANAGING_EDITOR},
        lambda user, live, draft, chief: reset_factors(
            person=with_app(make.make_user(REPORTER, name="nora")), user=user, reason="A lost phone"
        ),
    ),
    "editing.pictures": (
        WRITERS,
        lambda user, live, draft, chief: store_picture(content=make.png(), user=user),
    ),
}

# Not actions that people call: their building blocks, and the importer and the eraser, which run on the server.
MADE_OF = {
    "accounts.account_changes",
    "accounts.attempts",
    "accounts.email_changes",
    "accounts.factor_codes",
    "accounts.sealed_secrets",
    "accounts.sessions",
    "actors",
    "archive.addresses",
    "archive.differences",
    "archive.import_story",
    "archive.pictures",
    "archive.statistics",
    "archive.versions",
    "comment_desk.notify",
    "editing.clean",
    "errors",
    "mail",
    "outbox.channels",
    "outbox.deliver",
    "outbox.enqueue",
    "outbox.heartbeat",
    "outbox.mailed_links",
    "outbox.mails",
    "outbox.purges",
    "own_settings",
    "permissions",
    "publishing.announcement",
    "publishing.checks",
    "publishing.publications",
    "publishing.published_stories",
    "publishing.publishing_session",
    "publishing.search_text",
    "record.baked_pages",
    "record.ledger",
    "record.live_periods",
    "record.published_heads",
    "record.references",
    "record.replicas",
    "record.restoration",
    "record.rights",
    "record.story_status",
    "record.verification",
    "second_person",
    "takedown.erase",
    "takedown.stale_copies",
    "takedown.story_mask",
    "takedown.vacuum",
    "texts",
    "times",
}


def test_no_action_is_left_out() -> None:
    modules = pkgutil.walk_packages(stories.actions.__path__, "stories.actions.")
    named = {module.name.removeprefix("stories.actions.") for module in modules if not module.ispkg}
    assert named == {name.partition(":")[0] for name in ACTIONS} | MADE_OF


def with_app(person: User) -> User:
    give_app(person)
    return person


def invited(user: User) -> Invitation:
    groups = [Group.objects.get(name=REPORTER)]
    return invite(display_name="Nils", email="nils@example.org", groups=groups, user=user)


@pytest.mark.parametrize("name", ACTIONS)
def test_only_who_may_does_it(name: str, live: Article, draft: Article, chief: User) -> None:
    allowed, attempt = ACTIONS[name]
    for role in (REPORTER, EDITOR, MANAGING_EDITOR, AUDITOR, OUTSIDE_AUDITOR, None):
        with undone():
            user = make.make_user(role, name="somebody")
            if role in allowed:
                attempt(user, live, draft, chief)
                continue
            with pytest.raises(PermissionDenied, match=r"\w+ .+\."):
                attempt(user, live, draft, chief)
            assert not any(entry.payload.count("somebody") for entry in LedgerEntry.objects.all()), role
            assert not Publication.objects.filter(user_id=user.pk).exists(), role


# What concerns no story, or is the auditors’: no limit to sections narrows it.
SITE_WIDE = {
    "editing.revise: begin",
    "editing.presence: touch",
    "editing.presence: clear",
    "editing.sections_and_authors: create",
    "editing.sections_and_authors: rename",
    "editing.sections_and_authors: delete",
    "editing.pictures",
    "editing.profiles",
    "accounts.factors",
    "accounts.invitations: invite",
    "accounts.invitations: renew",
    "accounts.invitations: withdraw",
    "accounts.password_resets",
    "audit.questions: ask",
    "audit.questions: sign off",
}


OF_THE_LIMIT = r"limited to the section “Culture”\. This story is in the section “Technology”\."
# They could not ask for the dossier, so that it was asked for by somebody else.
REFUSED_BEYOND = {"audit.dossier_orders: download": "for who asked for it"}


@pytest.mark.parametrize("name", ACTIONS)
def test_a_limit_to_sections_narrows_what_an_editor_may_do(
    name: str, live: Article, draft: Article, chief: User
) -> None:
    allowed, attempt = ACTIONS[name]
    culture = make.make_section("culture", "Culture")
    for role in sorted(allowed & EDITORS):
        for sections in ([culture, make.make_section()], [culture]):
            with undone():
                user = make.make_user(role, name="somebody")
                user.sections.set(sections)
                if live.section in sections or name in SITE_WIDE:
                    attempt(user, live, draft, chief)
                    continue
                with pytest.raises(PermissionDenied, match=REFUSED_BEYOND.get(name, OF_THE_LIMIT)):
                    attempt(user, live, draft, chief)
                assert not any(entry.payload.count("somebody") for entry in LedgerEntry.objects.all()), role


def test_every_narrowed_right_is_tried() -> None:
    """A right over stories that is asked for without a story would be narrowed nowhere."""
    codenames = {permission.partition(".")[2] for permission in NARROWED}
    held = {
        codename
        for role in (EDITOR, MANAGING_EDITOR)
        for codename in ROLES[role]
        if codename.endswith("_article")
    }
    assert codenames == held - {"view_article", "add_article"} | {"export_dossier"}


class TestReportersAndTheCommentDesk:
    """What a reporter may do for a live story: chase comment for their own, and change it for an editor to publish."""

    @pytest.fixture
    def reporter(self, db: None) -> User:
        return make.make_user(REPORTER)

    @pytest.fixture
    def own(self, reporter: User, chief: User) -> Article:
        article = make.begin(make.wanted("Own", comment_requests=(make.request(),)), user=reporter)
        make.go_live(article, user=chief)
        return article

    def test_they_chase_comment_for_their_own(self, reporter: User, own: Article) -> None:
        for attempt in (move_deadline, outcome_of, place_answer):
            attempt(own, reporter)
        offer(article=own, revision=3, user=reporter, at=AT)

    def test_what_they_change_of_it_waits_for_an_editor(
        self, reporter: User, own: Article, chief: User
    ) -> None:
        edit(own, reporter)
        live = live_publication(own, at=make.minutes(60))
        assert live is not None
        assert live.revision.number == 1
        offer(article=own, revision=2, user=reporter, at=AT)
        for attempt in (fix_live, hide, hide_version, order_erased):
            with pytest.raises(PermissionDenied):
                attempt(own, reporter)
        with pytest.raises(PermissionDenied, match="Ask an editor to publish"):
            make.go_live(own, user=reporter, at=AT)

    def test_whoever_may_not_keep_records_chases_nothing(self, reporter: User, own: Article) -> None:
        group = reporter.groups.get()
        group.permissions.remove(group.permissions.get(codename="change_deskrecord"))
        for attempt in (move_deadline, outcome_of, place_answer):
            with pytest.raises(PermissionDenied):
                attempt(own, User.objects.get(pk=reporter.pk))

"""Two who decide on the same story, order, name or picture at once, on PostgreSQL; and a reader meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from stories.actions.editing.pictures import store_picture
from stories.actions.editing.revise import revise
from stories.actions.editing.sections_and_authors import delete_section_or_author, rename_section_or_author
from stories.actions.errors import Refused
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.fix import fix
from stories.actions.publishing.publish import publish
from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure, refuse_erasure
from stories.actions.takedown.take_back import take_back_version
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import lift_withholding, withhold_words
from stories.domain.snapshot import StorySnapshot
from stories.models import (
    Article,
    Erasure,
    ErasureApproval,
    ErasureOrder,
    Ground,
    NameChange,
    Picture,
    PictureSize,
    Publication,
    Section,
    StoryMask,
    User,
    Withdrawal,
)
from stories.models.roles import MANAGING_EDITOR
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot
from tests import factories as make
from tests.concurrency.stories import fates, holds, live_story, numbers, pages_of, publication, refusal
from tests.concurrency.writers import at_once, reader_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

# How many pairs of each kind there is time for.
FEW: Final = 2


def withheld(article: Article, user: User, words: str) -> Callable[[], object]:
    return lambda: withhold_words(
        article=article, words=words, ground=Ground.LEGAL, reason="As agreed", user=user
    )


def order(article: Article, user: User, words: str) -> ErasureOrder:
    return order_erasure(
        article=article,
        scope="words",
        words=words,
        ground=Ground.COURT,
        authority="District Court, 4 O 12/26",
        reason="As agreed",
        user=user,
    )


def two_fixes_of_one_story(maya: User, other: User) -> None:
    """Of different words both go live, one on top of the other; neither is lost."""
    story = live_story(maya)
    live = snapshot_at(story.pk, 1)

    def fixed(user: User, wanted: StorySnapshot) -> Callable[[], Publication]:
        return lambda: fix(article=story, story=wanted, base=1, user=user, notes=(make.note(),))

    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(
            fixed(maya, replace(live, dek="A dek")), fixed(other, replace(live, dateline="Springfield"))
        )
    assert fates(outcomes) == ["done", "done"]
    newest = Publication.objects.filter(article=story).select_related("revision").latest("pk")
    now = snapshot_at(story.pk, newest.revision.number)
    assert (now.dek, now.dateline, len(now.update_notes)) == ("A dek", "Springfield", 2)
    assert failures == []


def a_withholding_and_a_lifting(maya: User, other: User) -> None:
    """What is withheld of a story is written anew by both: neither forgets what the other did."""
    story = live_story(maya)
    stands = withhold_words(
        article=story, words="council met", ground=Ground.LEGAL, reason="As agreed", user=maya
    )
    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(
            withheld(story, maya, "on Monday"),
            lambda: lift_withholding(withholding=stands, user=other, reason="As agreed"),
        )
    assert fates(outcomes) == ["done", "done"]
    assert StoryMask.objects.get(pk=story.pk).words == ["on Monday"]
    assert failures == []


def two_withholdings(maya: User, other: User) -> None:
    story = live_story(maya)
    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(withheld(story, maya, "council met"), withheld(story, other, "on Monday"))
    assert fates(outcomes) == ["done", "done"]
    assert sorted(StoryMask.objects.get(pk=story.pk).words) == ["council met", "on Monday"]
    assert failures == []


def an_erasure_and_a_save(maya: User, other: User) -> None:
    """Whoever saves what they read before an erasure is refused; saved before it, it is erased with the rest."""
    story = live_story(maya)
    ordered = order(story, maya, "on Monday")
    approve_erasure(order=ordered, user=other)
    newest = latest_revision(story.pk)
    read = replace(working_snapshot(Article.objects.get(pk=story.pk)), dek="A dek")
    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(
            lambda: erase(order=ordered, at=timezone.now()),
            lambda: revise(article=story, story=read, base=newest, user=maya),
        )
    assert fates(outcomes)[0] == "done"
    assert "on Monday" not in repr(working_snapshot(Article.objects.get(pk=story.pk)))
    assert failures == []


def an_erasure_and_a_publication(maya: User, other: User) -> None:
    story = live_story(maya)
    ordered = order(story, maya, "on Monday")
    approve_erasure(order=ordered, user=other)
    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(lambda: erase(order=ordered, at=timezone.now()), publication(story, maya))
    assert fates(outcomes) == ["done", "done"]
    for number in range(1, latest_revision(story.pk) + 1):
        assert "on Monday" not in repr(snapshot_at(story.pk, number))
    assert failures == []


def two_approvals_of_one_erasure(maya: User, other: User) -> None:
    third = make.make_user(MANAGING_EDITOR, name=f"mona-{next(numbers)}")
    ordered = order(live_story(maya), maya, "on Monday")
    outcomes = at_once(
        lambda: approve_erasure(order=ordered, user=other), lambda: approve_erasure(order=ordered, user=third)
    )
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert "is decided on already" in refusal(outcomes)
    assert ErasureApproval.objects.filter(order=ordered).count() == 1


def an_approval_and_a_refusal_of_one_erasure(maya: User, other: User) -> None:
    third = make.make_user(MANAGING_EDITOR, name=f"mona-{next(numbers)}")
    ordered = order(live_story(maya), maya, "on Monday")
    outcomes = at_once(
        lambda: approve_erasure(order=ordered, user=other),
        lambda: refuse_erasure(order=ordered, user=third, reason="No ground"),
    )
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert "is decided on already" in refusal(outcomes)


def one_order_carried_out_twice(maya: User, other: User) -> None:
    ordered = order(live_story(maya), maya, "on Monday")
    approve_erasure(order=ordered, user=other)
    outcomes = at_once(*[lambda: erase(order=ordered, at=timezone.now())] * 2)
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert "was carried out already" in refusal(outcomes)
    assert Erasure.objects.filter(order=ordered).count() == 1


def two_withdrawals(maya: User, other: User) -> None:
    story = live_story(maya)
    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(
            lambda: withdraw(article=story, user=maya, notice="It is down.", reason="As agreed"),
            lambda: withdraw(article=story, user=other, notice="It is gone.", reason="As agreed"),
        )
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert "is withdrawn already" in refusal(outcomes)
    assert Withdrawal.objects.filter(article=story).count() == 1
    assert failures == []


def a_story_brought_back_twice(maya: User, other: User) -> None:
    story = live_story(maya)
    withdraw(article=story, user=maya, notice="It is down.", reason="As agreed")
    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(
            lambda: reinstate(article=story, user=maya, reason="As agreed"),
            lambda: reinstate(article=story, user=other, reason="As agreed"),
        )
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert "is not withdrawn" in refusal(outcomes)
    assert failures == []


def two_cancellations(maya: User, other: User) -> None:
    story = live_story(maya)
    pending = publish(
        article=story,
        revision=latest_revision(story.pk),
        user=maya,
        notes=(make.note(),),
        live_from=make.minutes(60 * 24 * 365 * 3),
    )
    outcomes = at_once(
        lambda: cancel(publication=pending, user=maya, reason="Not yet"),
        lambda: cancel(publication=pending, user=other, reason="Never"),
    )
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert "was cancelled already" in refusal(outcomes)


def two_names_for_one_section(maya: User, other: User) -> None:
    """The ledger says of each from which name it led to which."""
    section = make.make_section(f"section-{next(numbers)}")

    def renamed(user: User, name: str) -> Callable[[], object]:
        return lambda: rename_section_or_author(row=Section(slug=section.slug, name=name), user=user)

    outcomes = at_once(renamed(maya, "Dams"), renamed(other, "Rivers"))
    assert fates(outcomes) == ["done", "done"]
    first, second = NameChange.objects.filter(slug=section.slug).order_by("pk")
    assert (first.before, second.before) == ("Technology", first.name)
    assert Section.objects.get(pk=section.slug).name == second.name


def a_publication_and_the_deletion_of_its_section(maya: User, other: User) -> None:
    section = make.make_section(f"section-{next(numbers)}", "Dams")
    administrator = make.make_user(name=f"ada-{next(numbers)}", is_superuser=True)
    story = live_story(maya)
    newest = latest_revision(story.pk)
    put_there = replace(working_snapshot(Article.objects.get(pk=story.pk)), section=section.pk)

    def into_it() -> Publication:
        revision = revise(article=story, story=put_there, base=newest, user=maya)
        assert revision is not None
        return publish(article=story, revision=revision.number, user=maya, notes=(make.note(),))

    with reader_of([*pages_of(story), f"/section/{section.pk}/"]) as failures:
        outcomes = at_once(into_it, lambda: delete_section_or_author(row=section, user=administrator))
    assert sorted(fates(outcomes)) == ["done", "refused"]
    expected = ("so it can’t be deleted", "was deleted just now", "There is no section")
    assert any(each in refusal(outcomes) for each in expected)
    assert Section.objects.filter(pk=section.pk).exists() is (fates(outcomes)[0] == "done")
    assert failures == []


def taken_back(story: Article, user: User) -> Callable[[], object]:
    live = Publication.objects.filter(article=story).latest("pk")
    return lambda: take_back_version(
        publication=live, note="That version was taken back.", user=user, reason="Too early"
    )


def young_story(user: User) -> Article:
    """A story that went live just now, with an edit that waits."""
    article = make.begin(make.wanted(f"Young {next(numbers)}"), user=user)
    make.go_live(article, user=user, at=timezone.now())
    make.reword(article, user=user, at=timezone.now())
    return article


def a_first_version_taken_back_twice(maya: User, other: User) -> None:
    story = young_story(maya)
    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(taken_back(story, maya), taken_back(story, maya))
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert "withdrawn already" in refusal(outcomes)
    assert Withdrawal.objects.filter(article=story).count() == 1
    assert failures == []


def a_later_version_taken_back_twice(maya: User, other: User) -> None:
    story = young_story(maya)
    make.go_live(story, user=maya, at=timezone.now(), notes=(make.note(),))
    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(taken_back(story, maya), taken_back(story, maya))
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert "not the version that readers see" in refusal(outcomes)
    assert Publication.objects.filter(article=story).count() == 3
    assert failures == []


def a_version_taken_back_while_another_goes_live(maya: User, other: User) -> None:
    """Whoever comes second is refused: what went live meanwhile is not taken back unseen."""
    story = young_story(maya)
    make.go_live(story, user=maya, at=timezone.now(), notes=(make.note(),))
    make.reword(story, user=maya, at=timezone.now(), number=1)
    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(taken_back(story, maya), publication(story, other))
    newest = Publication.objects.filter(article=story).select_related("base").latest("pk")
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert newest.user_id == (maya if fates(outcomes)[0] == "done" else other).pk
    assert failures == []


def an_account_limited_to_a_section_that_is_deleted(maya: User, other: User) -> None:
    """Either the section stays, or the account is not limited to it: no limit vanishes with its section."""
    slug = f"section-{next(numbers)}"
    section = make.make_section(slug, "Dams")
    administrator = make.make_user(name=f"ada-{next(numbers)}", is_superuser=True)
    limited, chosen = make.make_user(name=f"lim-{next(numbers)}"), Section.objects.get(pk=slug)

    def limit() -> None:
        try:
            with transaction.atomic():
                limited.sections.add(chosen)
        except IntegrityError as gone:
            raise Refused("The section is gone.") from gone

    outcomes = at_once(limit, lambda: delete_section_or_author(row=section, user=administrator))
    assert sorted(fates(outcomes)) == ["done", "refused"]
    is_there = fates(outcomes)[0] == "done"
    assert Section.objects.filter(pk=slug).exists() is is_there
    assert limited.sections.exists() is is_there


def one_picture_brought_twice(maya: User, other: User) -> None:
    content = make.png(1_300 + next(numbers), 20)
    outcomes = at_once(
        lambda: store_picture(content=content, user=maya), lambda: store_picture(content=content, user=other)
    )
    assert fates(outcomes) == ["done", "done"]
    first, second = outcomes
    assert isinstance(first, Picture)
    assert first == second
    assert PictureSize.objects.filter(picture=first).count() == len(first.widths()) - 1


PAIRS: Final = (
    two_fixes_of_one_story,
    a_withholding_and_a_lifting,
    two_withholdings,
    an_erasure_and_a_save,
    an_erasure_and_a_publication,
    two_approvals_of_one_erasure,
    an_approval_and_a_refusal_of_one_erasure,
    one_order_carried_out_twice,
    two_withdrawals,
    a_story_brought_back_twice,
    two_cancellations,
    two_names_for_one_section,
    a_publication_and_the_deletion_of_its_section,
    a_first_version_taken_back_twice,
    a_later_version_taken_back_twice,
    a_version_taken_back_while_another_goes_live,
    an_account_limited_to_a_section_that_is_deleted,
    one_picture_brought_twice,
)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
def test_neither_waits_for_ever_and_each_is_answered(
    pair: Callable[[User, User], None], maya: User, max_: User
) -> None:
    for _time in range(FEW):
        pair(maya, max_)
    holds()

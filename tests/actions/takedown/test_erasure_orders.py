"""Erasures are ordered by one managing editor and approved or refused by another."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.editing.pictures import store_picture
from stories.actions.errors import Refused
from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure, refuse_erasure
from stories.domain.snapshot import ImageBlock
from stories.models import LedgerEntry, Picture, User
from stories.models.roles import AUDITOR, EDITOR, REPORTER
from stories.queries.takedown.erasures import approved_orders, undecided_orders
from tests.erasure_orders import WHY, ordered, person, text_of
from tests.factories import begin, make_section, make_user, minutes, png, wanted
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [None, REPORTER, EDITOR, AUDITOR])
def test_only_a_managing_editor_orders_and_approves(role: str | None) -> None:
    article = make_answer(make_user(EDITOR, name="eva"))
    order = ordered(article, words="a suspect")
    user = make_user(role, name="nobody")
    with pytest.raises(PermissionDenied):
        order_erasure(article=article, scope="story", user=user, **WHY)
    for decide in (approve_erasure, refuse_erasure):
        with pytest.raises(PermissionDenied):
            decide(order=order, user=user, reason="why")
    assert undecided_orders(limit=9) == [order]


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"words": "no such words"}, "in no version"),
        ({"words": "a suspect", "authority": " "}, "what authority"),
        ({"words": "a suspect", "authority": "A Suspect v. the Courier"}, "the words themselves"),
        ({"words": "a suspect", "notice": "of “a suspect”"}, "the words themselves"),
        ({"words": "a suspect", "reason": "as https://x.example/a-suspect"}, "the words themselves"),
        ({"words": "a suspect", "reason": ""}, "Say why"),
        ({"words": "a suspect", "ground": "retention"}, "category"),
        ({"scope": "version"}, "Choose the version"),
        ({"scope": "picture"}, "Choose a picture"),
    ],
)
def test_an_order_that_can_not_be_given_is_refused_and_leaves_no_trace(
    what: dict[str, Any], says: str
) -> None:
    article = make_answer(make_user(EDITOR))
    before = LedgerEntry.objects.count()
    with pytest.raises(Refused, match=says):
        ordered(article, **what)
    assert LedgerEntry.objects.count() == before


def test_two_people_decide_and_nothing_is_erased_before() -> None:
    article = make_answer(make_user(EDITOR))
    order = ordered(article, words="a suspect")
    with pytest.raises(Refused, match="already"):
        ordered(article, words="a suspect")
    with pytest.raises(Refused, match="not approved"):
        erase(order=order, at=minutes(91))
    with pytest.raises(Refused, match="yourself"):
        approve_erasure(order=order, user=person("maya"))
    with pytest.raises(Refused, match="the words themselves"):
        approve_erasure(order=order, user=person("mona"), reason="a suspect, yes")
    approve_erasure(order=order, user=person("mona"))
    with pytest.raises(Refused, match="decided on already"):
        refuse_erasure(order=order, user=person("mona"), reason="Not now")
    assert list(approved_orders()) == [order]
    assert "a suspect" in text_of(article, 3)
    erase(order=order, at=minutes(92))
    with pytest.raises(Refused, match="carried out already"):
        erase(order=order, at=minutes(93))
    assert list(approved_orders()) == []


def test_a_refused_order_is_never_carried_out() -> None:
    order = ordered(make_answer(make_user(EDITOR)), words="a suspect")
    refuse_erasure(order=order, user=person("mona"), reason="The court was overruled.")
    with pytest.raises(Refused, match="not approved"):
        erase(order=order, at=minutes(92))


def test_a_picture_of_several_sections_is_erased_by_who_may_in_all_of_them() -> None:
    chief, maya = make_user(None, name="chief", is_superuser=True), person("maya")
    picture = store_picture(content=png(), user=chief).pk
    shown = [
        begin(
            wanted(
                f"In {slug}",
                ImageBlock(key=uuid4(), picture=picture, alt_text="A bridge"),
                section=make_section(slug, slug.capitalize()).pk,
            ),
            user=chief,
        )
        for slug in ("culture", "sports")
    ]
    maya.sections.set([make_section("culture")])
    values: dict[str, Any] = {
        "article": shown[0],
        "scope": "picture",
        "picture": Picture.objects.get(),
        **WHY,
    }
    with pytest.raises(PermissionDenied, match="in the section “Sports”"):
        order_erasure(user=User.objects.get(pk=maya.pk), **values)
    order = order_erasure(user=chief, **values)
    with pytest.raises(PermissionDenied, match="in the section “Sports”"):
        approve_erasure(order=order, user=User.objects.get(pk=maya.pk))
    maya.sections.add(make_section("sports"))
    assert approve_erasure(order=order, user=User.objects.get(pk=maya.pk)).approved

"""A record with a row in every table that verification checks."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import models

from stories.actions.actors import actor_columns
from stories.actions.editing.pictures import store_picture
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.embargoes import set_embargo
from stories.actions.record.ledger import record
from stories.actions.takedown.story_mask import refresh_mask
from stories.domain.dossier.checker.impossible_events import DECISIONS
from stories.domain.snapshot import ImageBlock
from stories.models import (
    Article,
    ErasureApproval,
    NameChange,
    NameChangeKind,
    OldAddress,
    ProfileChange,
    Restoration,
    User,
    Withholding,
)
from stories.models.integrity.registry import JOURNAL_MODELS
from stories.models.record.recording import append
from stories.models.record.revisions import Journal
from stories.models.roles import EDITOR
from stories.queries.ledger.heads import head
from tests import factories as make
from tests.ledger_last import stage

OLD_PATH = "/2019/council.html"


@pytest.fixture
def emil(db: None) -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    """A story with a part of every kind, two versions, a cancelled publication, and every kind of event."""
    picture = store_picture(content=make.png(400, 300), user=emil)
    image = ImageBlock(
        key=uuid4(), picture=picture.pk, width=400, height=300, alt_text="A field", credit="Ada Lind"
    )
    story = make.wanted(
        "Council hears objections",
        make.text(),
        make.text("<p>The council met again on Tuesday.</p>"),
        make.quote(said_on=date(2026, 3, 1), source="a transcript", source_url="https://example.org/"),
        make.embed(),
        image,
        dek="Staff object",
        section=make.make_section().pk,
        bylines=(make.byline(make.make_author()),),
        comment_requests=(make.request(),),
    )
    article = make.begin(story, user=emil)
    make.go_live(article, user=emil)
    notes = (make.note("Ten, not eleven.", was="eleven", now="ten"), make.note("A name was misspelt."))
    make.change(article, user=emil, update_notes=notes, at=make.minutes(1))
    set_embargo(article=article, until=make.minutes(20), user=emil, reason="Promised", at=make.minutes(1))
    pending = make.go_live(article, user=emil, live_from=make.minutes(30), at=make.minutes(2))
    cancel(publication=pending, user=emil, reason="Not yet", at=make.minutes(3))
    make.go_live(article, user=emil, live_from=make.minutes(40), at=make.minutes(4))
    make.change(article, user=emil, blocks=story.blocks[1:], at=make.minutes(5))
    with stage():
        for number, model in enumerate(JOURNAL_MODELS):
            if not model._base_manager.exists():
                # Two days at a time, so that some days have heads.
                at = make.minutes(24 * 60 * (1 + number // 2))
                # Somebody else decides on what the first person asked for, and asks about what that person did.
                other: dict[str, Any] = {"user_id": 0} if str(model.entry_kind) in DECISIONS else {}
                if model is ErasureApproval:
                    other["approved"] = True
                if model is NameChange:
                    # For a section that no longer exists.
                    other["change"] = NameChangeKind.DELETED
                if model is ProfileChange:
                    # Of an author whose profile is empty.
                    other["digest"] = ""
                if model is Restoration:
                    other["kept_sequence"], other["kept_digest"] = head()
                record(an_event(model, article, **actor_columns(emil, at) | other))
        append(OldAddress(path=OLD_PATH, article=article))
        refresh_mask(article.pk)
    return article


def an_event(model: type[Journal], article: Article, **values: Any) -> Journal:
    """Return an event of any kind, of a story, with a text in each of its text fields."""
    for field in model._meta.concrete_fields:
        if field.primary_key or field.attname in values or field.name == "salt":
            continue
        if isinstance(field, models.ForeignKey):
            related: Any = field.related_model
            values[field.name] = article if related is Article else related._base_manager.first()
        elif field.choices:
            values[field.name] = field.flatchoices[0][0]
        elif isinstance(field, models.TextField):
            values[field.name] = f"Words of {model.__name__}: {field.name}"
        elif isinstance(field, models.BooleanField):
            values[field.name] = False
        elif isinstance(field, models.DateTimeField):
            values[field.name] = make.minutes(600)
        elif isinstance(field, models.CharField):
            values[field.name] = field.name
        elif isinstance(field, models.IntegerField):
            values[field.name] = 5
    if model is Withholding:
        values["publication"] = None
    return model(**values | ({"addresses": [OLD_PATH]} if hasattr(model, "addresses") else {}))

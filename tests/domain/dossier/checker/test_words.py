"""The checker runs outside the house, so it repeats in which columns words stand, and what replaces erased ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from stories.domain.dossier.checker.formats import PICTURES
from stories.domain.dossier.checker.words import ERASED, ERASED_ADDRESS, REASON, WORDS
from stories.domain.text.mask import WITHHELD_ADDRESS
from stories.models import PublicationCard, PublishedNote
from stories.models.integrity.canonical import CURRENT_FORM, FORMS
from stories.models.integrity.registry import JOURNAL_MODELS, TRACKED_MODELS
from stories.models.rich_text import RichTextField
from stories.queries.takedown.text_columns import text_fields


def test_the_checker_knows_the_columns_that_words_stand_in() -> None:
    models: list[Any] = [*TRACKED_MODELS, *JOURNAL_MODELS, PublicationCard, PublishedNote]
    for model in models:
        name = str(model._meta.model_name)
        known = WORDS.get(name, REASON)
        columns: dict[str, tuple[str, int]] = {}
        for field in text_fields(model):
            how = "html" if isinstance(field, RichTextField) else "text"
            how = {"URLField": "address", "JSONField": "names"}.get(type(field).__name__, how)
            bounded = type(field).__name__ in ("CharField", "URLField")
            columns[field.attname] = (how, int(field.max_length or 0) if bounded else 0)
        assert known == columns, (
            f"Enter the columns of {name} in WORDS, stories/domain/dossier/checker/words.py: {columns}"
        )
        assert set(known) <= set(FORMS[CURRENT_FORM][name])


def test_the_checker_knows_what_stands_for_erased_words_in_every_language_there_is() -> None:
    with translation.override("en"):
        spoken = {_("[words erased]")}
    for code in (path.name for path in (Path(settings.BASE_DIR) / "stories" / "locale").iterdir()):
        with translation.override(code):
            spoken.add(_("[words erased]"))
    assert spoken == set(ERASED)
    assert ERASED_ADDRESS == WITHHELD_ADDRESS
    assert set(PICTURES) == {"png", "jpeg", "gif", "webp"}

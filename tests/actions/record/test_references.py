"""A reference to a section or an author that was deleted meanwhile fails before the COMMIT, not at it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from stories.actions.record.references import check_named_rows
from stories.models import User
from tests.factories import begin, make_section, wanted


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_row_that_names_a_section_that_is_gone_is_found(editor: User) -> None:
    section = make_section()
    begin(wanted("Council", section=section.pk), user=editor)
    check_named_rows()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM stories_section WHERE slug = %s", [section.pk])
    with pytest.raises(IntegrityError):
        check_named_rows()


@pytest.mark.django_db
def test_rows_that_name_what_is_there_pass(editor: User) -> None:
    begin(wanted("Council", section=make_section().pk), user=editor)
    check_named_rows()

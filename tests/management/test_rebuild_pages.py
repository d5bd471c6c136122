"""rebuild_pages writes what readers' pages and lists are made from."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from stories.models import PublishedStory
from stories.models.roles import EDITOR
from tests import factories as make


@pytest.mark.django_db
def test_the_command_writes_what_is_missing_and_says_how_many() -> None:
    emil = make.make_user(EDITOR)
    make.go_live(make.begin(user=emil), user=emil)
    PublishedStory.objects.all().delete()

    def said(*options: str) -> str:
        out = StringIO()
        call_command("rebuild_pages", *options, stdout=out)
        return out.getvalue()

    assert said() == "Stories whose rows were written: 1\n"
    assert PublishedStory.objects.count() == 1
    assert said() == "Stories whose rows were written: 0\n"
    assert said("--all") == "Stories whose rows were written: 1\n"

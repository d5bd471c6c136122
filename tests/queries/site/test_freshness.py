"""Pages that are baked show no header and footer from before what changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from stories.models import User
from stories.public.http.chrome import site_chrome
from stories.queries.site.freshness import as_of_at_least, is_fresh
from tests.factories import begin, go_live, make_section, wanted

pytestmark = pytest.mark.django_db


def test_whatever_was_looked_up_will_do_for_readers() -> None:
    assert is_fresh(timezone.now() - timedelta(days=1))


def test_only_what_was_looked_up_since_will_do_meanwhile() -> None:
    now = timezone.now()
    with as_of_at_least(now):
        assert is_fresh(now)
        assert not is_fresh(now - timedelta(microseconds=1))
    assert is_fresh(now - timedelta(microseconds=1))


def test_the_header_is_looked_up_again_once(maya: User) -> None:
    before = site_chrome(timezone.now())
    go_live(begin(wanted(section=make_section().slug), user=maya), user=maya)
    now = timezone.now()
    assert site_chrome(now) is before
    with as_of_at_least(now):
        newer = site_chrome(now)
        assert newer.sections == (("technology", "Technology"),)
        assert site_chrome(timezone.now()) is newer

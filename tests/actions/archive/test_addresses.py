"""Which old addresses can redirect to a story: none that is a page of this site."""

from __future__ import annotations

import pytest

from stories.models import (
    OldAddress,
)
from stories.queries.verification import Verification
from tests.archives import import_archived, refusal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "ours", ["/", "/feed/", "/feed", "/search/?q=a", "/admin/", "/admin/x", "/robots.txt", "/#!/story/1"]
)
def test_an_old_address_that_is_a_page_of_ours_is_refused_with_a_sentence(ours: str) -> None:
    assert refusal(addresses=[ours]) == (
        f"The old address “{ours}” is that of a page of this site, so it can’t lead to the story. "
        "Take it out of the archive."
    )


def test_two_ways_to_write_an_old_address_are_one_address() -> None:
    import_archived(addresses=["/caf%C3%A9/", "/caf%c3%a9", "/café/"])
    assert OldAddress.objects.get().path == "/café"
    assert refusal(slug="another", addresses=["/cafe\u0301"]) == (
        "The old address “/cafe\u0301” belongs to another story. Take it out of one of the two."
    )
    assert list(Verification()) == []

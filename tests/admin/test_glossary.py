"""The desk says what its words mean, on a page that each of its pages links."""

from __future__ import annotations

import pytest
from django.urls import reverse

from stories.admin.glossary import GLOSSARY
from stories.models import User
from tests.factories import signed_in
from tests.rendering.markup import visible

pytestmark = pytest.mark.django_db


def test_every_page_of_the_desk_leads_to_its_words(reporter: User, auditor: User) -> None:
    address = reverse("desk:glossary")
    for user, name in ((reporter, "admin:index"), (auditor, "audit:front")):
        assert (
            f'<a href="{address}">What the words mean</a>'
            in signed_in(user).get(reverse(name)).content.decode()
        )


def test_each_word_is_explained_once(reporter: User) -> None:
    page = visible(signed_in(reporter).get(reverse("desk:glossary")).content.decode())
    words = [str(word) for _name, _room, words in GLOSSARY for word, _meaning in words]
    assert len(words) == len(set(words))
    for _name, _room, explained in GLOSSARY:
        for word, meaning in explained:
            assert f"{word} {meaning}" in page
            # Short enough to be read.
            assert len(str(meaning)) <= 200

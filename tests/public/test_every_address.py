"""What is asked of every public address is asked of a new one too: each list has an example, or says why not."""

from __future__ import annotations

import pytest
from django.test import Client

from stories.models import User
from tests.erasing import public_addresses
from tests.public.test_consistency import ADDRESSES as READ_IN_SEVERAL_QUERIES
from tests.public.test_feeds import ALL as READ_AS_FEEDS
from tests.public.test_withheld_names import NAMES, everything, story_of
from tests.walking import names_without

WITHOUT_STORIES = {"public:elsewhere", "public:robots", "public:story_schema"}
# They lead to the timegate and the TimeMap of a story.
BY_WHOLE_ADDRESS = {"public:timegate_of_address", "public:timemap_of_address"}
# The archives of the feed begin after fifty stories.
LONG = {"public:feed_archive"}


def test_addresses_that_take_several_queries_are_asked_while_a_story_changes() -> None:
    lacking = names_without(READ_IN_SEVERAL_QUERIES, "public")
    # Pages are served as stories are, pictures in one query, and the list of news as sitemaps are.
    alike = {"public:page", "public:picture", "public:news_sitemap"}
    assert lacking - WITHOUT_STORIES - BY_WHOLE_ADDRESS - LONG - alike == set(), (
        "Add an example to OF_THE_STORY or OF_THE_SITE in tests/public/test_consistency.py."
    )


def test_every_atom_feed_is_read_as_feed_readers_read_it() -> None:
    lacking = {name for name in names_without(READ_AS_FEEDS, "public") if name.endswith("feed")}
    assert lacking == {"public:json_feed"}, "Add an example to ALL in tests/public/test_feeds.py."


@pytest.mark.django_db
def test_withheld_names_are_looked_for_at_every_address(client: Client, managing_editor: User) -> None:
    asked = everything(client, story_of(*NAMES["latin"], managing_editor))
    lacking = names_without([address for address in asked if address.startswith("/")], "public")
    # The story is no page and has no picture.
    other = {"public:page", "public:picture"}
    assert lacking - WITHOUT_STORIES - BY_WHOLE_ADDRESS - LONG - other == set(), (
        "Add an example to `everything` in tests/public/test_withheld_names.py."
    )


@pytest.mark.django_db
def test_erased_words_are_looked_for_at_every_address() -> None:
    lacking = names_without(public_addresses(), "public")
    # The story is no page, and the ledger's pages have numbers and digests alone.
    other = {"public:page", "public:choose", "public:ledger", "public:ledger_heads", "public:picture"}
    assert lacking - WITHOUT_STORIES - BY_WHOLE_ADDRESS - LONG - other == set(), (
        "Add an example to public_addresses in tests/erasing.py."
    )

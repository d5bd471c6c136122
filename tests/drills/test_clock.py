"""A web host whose clock is hours off, beside one whose clock is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest

from tests.drills.site import Person, Site, running_site
from tests.drills.test_outages import DESK, DRAFT

pytestmark = pytest.mark.drill

HOURS: Final = timedelta(hours=2)
NEAR: Final = timedelta(minutes=5)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as site:
        yield site


def save(site: Site, editor: Person, dek: str) -> None:
    draft = site.select("SELECT id FROM stories_article WHERE slug = %s", DRAFT)
    change = f"{DESK}{draft}/change/"
    answer = editor.send(change, editor.form(change) | {"dek": dek, "_continue": "Save"})
    assert "Saved as revision" in answer.text


def how_far_off_the_newest_entry_is(site: Site) -> Any:
    return site.select("SELECT recorded_at - now() FROM stories_ledgerentry ORDER BY sequence DESC LIMIT 1")


@pytest.mark.parametrize(("off", "side"), [(HOURS, "ahead"), (-HOURS, "behind")])
def test_a_host_whose_clock_is_off_is_not_ready_and_what_it_writes_has_the_databases_time(
    site: Site, off: timedelta, side: str
) -> None:
    with site.other_host(off) as address:
        ready = Person(address).get("/readyz")
        assert ready.status == 503
        assert json.loads(ready.text)["checks"]["clock"] == "wrong"
        assert Person(address).get("/healthz").status == 200
        assert site.reader().get("/readyz").status == 200, "the other host goes on"
        save(site, site.signed_in("emil", at=address), f"Saved by the host that is {side}")
    # The time of what is written is the database's, whichever host wrote it.
    assert abs(how_far_off_the_newest_entry_is(site)) < NEAR
    save(site, site.signed_in("emil"), f"Saved after it by the host that is right, {side}")
    assert abs(how_far_off_the_newest_entry_is(site)) < NEAR
    site.manage("verify_ledger")

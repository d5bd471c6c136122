"""What readers see of the ledger: enough to hold the newsroom to it, and nothing of what it is about."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from stories.models import DailyHead, LedgerEntry, User, VerificationRun
from stories.models.record.recording import append
from stories.queries.ledger.heads import HEADS_AT_ONCE, head
from tests import factories as make

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

DAY = 24 * 60


@pytest.fixture
def four_days(maya: User) -> None:
    article = make.begin(user=maya)
    for day in range(1, 4):
        make.change(article, user=maya, dek=f"Day {day}", at=make.minutes(day * DAY))


@pytest.mark.usefixtures("four_days")
def test_the_page_shows_the_head_and_says_how_to_check_it(client: Client) -> None:
    sequence, digest = head()
    response = client.get("/ledger/")
    page = response.content.decode()
    assert f"<dd>{sequence}</dd>" in page
    assert digest in page
    assert "How to hold us to it" in page
    assert "The ledger was not verified yet." in page
    for secret in ("Council", "Maya", "revision", "Day 1"):
        assert secret not in page


@pytest.mark.usefixtures("four_days")
def test_it_says_how_the_last_verification_went_and_no_more(client: Client) -> None:
    call_command("verify_ledger", verbosity=0)
    assert "The last verification found the record whole." in client.get("/ledger/").content.decode()
    now, (sequence, digest) = make.minutes(9 * DAY), head()
    sums = {"entries": sequence, "rows": 4, "sequence": sequence, "digest": digest}
    found = [[2, "a finding that is the newsroom's own"]]
    append(VerificationRun(started_at=now, finished_at=now, found=1, findings=found, **sums))
    page = client.get("/ledger/").content.decode()
    assert "found something that does not hold" in page
    assert "newsroom's own" not in page


def test_an_empty_ledger_has_no_head(client: Client) -> None:
    assert "Nothing is entered yet." in client.get("/ledger/").content.decode()
    document = client.get("/ledger/heads.json").json()
    assert (document["head"], document["heads"], document["earlier"]) == (None, [], None)


@pytest.mark.usefixtures("four_days")
def test_heads_json_has_the_head_and_the_last_entry_of_each_day(client: Client) -> None:
    document = client.get("/ledger/heads.json").json()
    sequence, digest = head()
    assert document["head"] == {
        "sequence": sequence,
        "digest": digest,
        "recorded_at": "2026-03-05T09:00:00.000000Z",
    }
    assert [(each["day"], each["sequence"]) for each in document["heads"]] == [
        ("2026-03-04", 3),
        ("2026-03-03", 2),
        ("2026-03-02", 1),
    ]
    first = LedgerEntry.objects.get(sequence=1)
    assert document["heads"][-1]["digest"] == bytes(first.digest).hex()
    assert document["site"] == "http://testserver"
    assert document["earlier"] is None


@pytest.mark.usefixtures("four_days")
def test_earlier_heads_are_a_link_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stories.queries.ledger.heads.HEADS_AT_ONCE", 2)
    document = client.get("/ledger/heads.json").json()
    assert document["earlier"] == "http://testserver/ledger/heads.json?before=2026-03-03"
    earlier = client.get(document["earlier"]).json()
    assert [each["day"] for each in earlier["heads"]] == ["2026-03-02"]
    assert (earlier["head"], earlier["earlier"]) == (None, None)
    assert HEADS_AT_ONCE == 400
    assert DailyHead.objects.count() == 3


@pytest.mark.parametrize("day", ["x", "2026-13-01", "%00"])
def test_a_day_that_is_none_is_refused_in_a_sentence(client: Client, day: str) -> None:
    response = client.get(f"/ledger/heads.json?before={day}")
    assert response.status_code == 400
    assert "before is no day" in response.content.decode()


@pytest.mark.usefixtures("four_days")
def test_what_heads_json_gives_is_what_the_ledger_is_held_to(
    client: Client, tmp_path: Any, maya: User
) -> None:
    saved = tmp_path / "heads.json"
    saved.write_bytes(client.get("/ledger/heads.json").content)
    make.begin(make.wanted("Another"), user=maya, at=make.minutes(5 * DAY))
    call_command("verify_ledger", "--against", str(saved), verbosity=0)


@pytest.mark.usefixtures("four_days")
@pytest.mark.parametrize("address", ["/ledger/", "/ledger/heads.json"])
def test_both_are_cached_like_other_pages_and_set_no_cookie(
    client: Client, address: str, django_assert_max_num_queries: Any
) -> None:
    client.get(address)
    with django_assert_max_num_queries(3):
        response = client.get(address)
    assert response["Cache-Control"].startswith("public, max-age=60")
    assert response["Surrogate-Key"] == response["Cache-Tag"] == "ledger"
    assert "Set-Cookie" not in response
    assert "Cookie" not in response.get("Vary", "")
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.post(address).status_code == 405


def test_every_page_s_foot_leads_to_it(client: Client) -> None:
    assert 'href="/ledger/"' in client.get("/").content.decode()


def test_heads_json_is_json(client: Client) -> None:
    response = client.get("/ledger/heads.json")
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    json.loads(response.content)

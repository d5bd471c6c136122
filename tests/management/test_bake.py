"""`manage.py bake`: the public site as files, and the second time only what changed."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import withhold_words
from stories.domain.baking.folder import BakedFolder
from stories.models import Article, User
from tests.factories import begin, change, go_live, make_section, minutes, note, wanted

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/the-dam/"
PAGES = [
    f"{STORY}{part}"
    for part in ("", "versions/", "data.json", "feed/", "timemap/", "versions/1/", "versions/2/")
]


@pytest.fixture
def article(maya: User) -> Article:
    article = begin(wanted("The dam", slug="the-dam", section=make_section().pk), user=maya)
    go_live(article, user=maya)
    change(article, user=maya, at=minutes(1), dek="A dek")
    go_live(article, user=maya, at=minutes(2), notes=(note(),))
    other = begin(wanted("The ferry", slug="the-ferry", section=make_section().pk), user=maya)
    go_live(other, user=maya)
    return article


@pytest.fixture
def folder(tmp_path: Path, article: Article) -> BakedFolder:
    run(tmp_path / "baked")
    return BakedFolder(tmp_path / "baked")


def run(path: Path, *words: str) -> tuple[int, int, int]:
    out = StringIO()
    call_command("bake", str(path), *words, stdout=out)
    report, headers = out.getvalue().splitlines()
    found = re.fullmatch(r"(\d+) pages baked, (\d+) were there, (\d+) are left to the site.", report)
    assert re.search(r"the digest [0-9a-f]{12}: ", headers)
    assert found is not None
    return int(found[1]), int(found[2]), int(found[3])


def read(folder: BakedFolder, address: str) -> bytes:
    return folder.link(address).read_bytes()


def test_every_page_is_as_the_site_answers(folder: BakedFolder, client: Client) -> None:
    for address in (
        *PAGES,
        "/",
        "/feed/",
        "/feed.json",
        "/corrections/",
        "/sitemap.xml",
        "/robots.txt",
        "/section/technology/",
    ):
        response = client.get(address)
        assert read(folder, address) == response.content, address
        # And again as a name: nginx reads the headers there.
        name = folder.link(address).readlink().name
        assert f";{response['Cache-Control']};" in name
        assert f";{response.get('ETag', '').strip(chr(34))};" in name


def test_a_second_run_does_nothing_but_what_changed(
    folder: BakedFolder, article: Article, maya: User
) -> None:
    baked, there, left = run(folder.path)
    assert (baked, left) == (0, 0)
    change(article, user=maya, at=minutes(3), dek="Another dek")
    assert run(folder.path) == (0, there, 0), "nobody reads a draft"
    files = {path: path.stat().st_ino for path in folder.path.rglob("*ferry*/**/*") if path.is_file()}
    assert len(files) > 5
    go_live(article, user=maya, at=timezone.now(), notes=(note(),))
    baked, there, _left = run(folder.path)
    assert 10 < baked < there + baked
    assert b"Another dek" in read(folder, STORY)
    assert folder.has(f"{STORY}versions/3/")
    assert folder.has(f"{STORY}compare/2...3/")
    assert {path: path.stat().st_ino for path in files} == files, "another story’s pages are the same files"


def test_a_withdrawn_storys_notice_takes_the_place_of_every_page(
    folder: BakedFolder, article: Article, maya: User
) -> None:
    withdraw(article=article, user=maya, notice="We took this down.", reason="A judge said so")
    run(folder.path)
    for address in PAGES:
        assert b"We took this down." in read(folder, address)
        assert ";410;" in folder.link(address).readlink().name
    assert b"The dam" not in read(folder, "/")
    reinstate(article=article, user=maya, reason="The judge was wrong")
    run(folder.path)
    assert b"The dam" in read(folder, "/")


def test_withheld_words_are_in_no_file(folder: BakedFolder, article: Article, maya: User) -> None:
    def files_with(word: bytes) -> list[Path]:
        return [path for path in folder.path.rglob("*") if path.is_file() and word in path.read_bytes()]

    assert len(files_with(b"council")) > 5
    withhold_words(article=article, words="council", ground="court", reason="A judge said so", user=maya)
    run(folder.path)
    assert not [path for path in files_with(b"council") if "the-dam" in str(path)]
    assert b"[words withheld]" in read(folder, STORY)


def test_what_goes_live_later_is_baked_then(
    folder: BakedFolder, article: Article, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(article, user=maya, at=minutes(3), dek="A scheduled dek")
    soon = timezone.now() + timedelta(hours=1)
    go_live(article, user=maya, at=timezone.now(), live_from=soon, notes=(note(),))
    run(folder.path)
    assert b"A scheduled dek" not in read(folder, STORY)
    now = timezone.now
    # Five minutes before, caches must hear that it changes soon: the site itself says so.
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(minutes=57))
    run(folder.path)
    assert not folder.has(STORY)
    assert not folder.has("/")
    assert folder.has(f"{STORY}versions/1/")
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(minutes=61))
    run(folder.path)
    assert b"A scheduled dek" in read(folder, STORY)


def test_a_section_that_appears_is_in_every_pages_header(folder: BakedFolder, maya: User) -> None:
    assert b"Harbour" not in read(folder, "/stories/the-ferry/")
    go_live(begin(wanted("The quay", section=make_section("harbour", "Harbour").pk), user=maya), user=maya)
    run(folder.path)
    assert b"Harbour" in read(folder, "/stories/the-ferry/")


def test_another_ledger_and_another_release_bake_everything_again(folder: BakedFolder) -> None:
    _baked, there, _left = run(folder.path)
    for change_ in ({"digest": "00"}, {"sequence": 10_000}, {"release": ""}, {"at": "yesterday"}):
        folder.write_state({**folder.state(), **change_})
        assert run(folder.path)[0] == there, change_


def test_a_folder_that_cannot_be_used_gets_a_sentence_and_stays_as_it_is(
    tmp_path: Path, article: Article
) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(CommandError, match="is not empty, and holds no baked pages"):
        call_command("bake", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    with pytest.raises(CommandError, match="Name a folder, or set BAKE_DIR"):
        call_command("bake")


def test_where_a_worker_bakes_it_is_left_to_the_worker(folder: BakedFolder) -> None:
    assert folder.try_to_bake() is not None
    with pytest.raises(CommandError, match="The worker bakes into"):
        call_command("bake", str(folder.path))


def test_letters_of_other_scripts_are_baked(tmp_path: Path, maya: User, client: Client) -> None:
    go_live(begin(wanted("Schöne", slug="schöne-überschrift"), user=maya), user=maya)
    run(tmp_path / "baked")
    folder = BakedFolder(tmp_path / "baked")
    address = "/stories/sch%C3%B6ne-%C3%BCberschrift/"
    assert read(folder, address) == client.get(address).content

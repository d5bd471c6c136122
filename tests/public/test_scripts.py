"""Stories, authors and sections of every script: their addresses open, and lead to one place in every form."""

from __future__ import annotations

import json
import unicodedata
from urllib.parse import quote, unquote

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from lxml import etree

from stories.actions.archive.import_story import import_story
from stories.actions.errors import Refused
from stories.domain.archive.stories import load
from stories.models import Author, Section, StoryAddress, User
from stories.queries.publishing.stored_versions import exported_story, slug_of
from tests import factories as make
from tests.archives import line, version
from tests.factories import minutes

pytestmark = pytest.mark.django_db

# A headline, an author and a section of each script, and a word of the headline to search for.
SCRIPTS = {
    "hindi": ("चुनाव के नतीजे", "राम शर्मा", "कला", "नतीजे"),
    "bengali": ("নির্বাচনের ফলাফল", "মিনা খাতুন", "রাজনীতি", "ফলাফল"),
    "tamil": ("தேர்தல் முடிவுகள்", "பாரதி", "கலை", "முடிவுகள்"),
    "thai": ("ผลการเลือกตั้ง", "สมชาย กำแพง", "การเมือง", "เลือกตั้ง"),
    "khmer": ("លទ្ធផលបោះឆ្នោត", "សុខ សុភា", "នយោបាយ", "បោះឆ្នោត"),
    "burmese": ("ရွေးကောက်ပွဲရလဒ်", "ခင်ခင်ဝင်း", "နိုင်ငံရေး", "ရလဒ်"),
    "arabic": ("نتائج الانتخابات", "محمد علي", "ثقافة", "الانتخابات"),
    "hebrew": ("תוצאות הבחירות", "דוד כהן", "תרבות", "הבחירות"),
    "chinese": ("选举结果公布", "王伟", "文化", "选举结果"),
    "japanese": ("東京都知事選挙の結果", "山田 太郎", "ガイド", "知事選挙"),
    "korean": ("선거 결과 발표", "김철수", "문화", "결과"),
    "cyrillic": ("Результаты выборов", "Юрий Ёлкин", "Культура", "выборов"),
    "greek": ("Αποτελέσματα εκλογών", "Νίκος Παπαδόπουλος", "Τέχνες", "εκλογών"),
    "vietnamese": ("Kết quả bầu cử", "Nguyễn Văn Hùng", "Văn hóa", "bầu cử"),
}


def put(user: User, headline: str, author: str, section: str) -> str:
    """Create a live story with these names in decomposed Unicode, as some systems write them; return its slug."""
    apart = [unicodedata.normalize("NFD", name) for name in (headline, author, section)]
    slug = unicodedata.normalize("NFD", slug_of(headline))
    story = line(version(headline=apart[0], bylines=[apart[1]], section=apart[2]), slug=slug)
    import_story(story=load(story), user=user)
    assert StoryAddress.objects.get().slug == slug_of(headline)
    return slug_of(headline)


@pytest.mark.parametrize("script", SCRIPTS)
def test_addresses_of_every_script_open_and_are_found(
    client: Client, managing_editor: User, script: str
) -> None:
    headline, author, section, word = SCRIPTS[script]
    slug = put(managing_editor, headline, author, section)
    assert unicodedata.is_normalized("NFC", slug)
    for address in (
        reverse("public:story", args=[slug]),
        reverse("public:versions", args=[slug]),
        reverse("public:version", args=[slug, 1]),
        reverse("public:story_data", args=[slug]),
        reverse("public:timemap", args=[slug]),
        reverse("public:author", args=[slug_of(author)]),
        reverse("public:section", args=[slug_of(section)]),
    ):
        assert address.isascii()
        assert client.get(address).status_code == 200, unquote(address)
    assert client.get(reverse("public:timegate", args=[slug])).status_code == 302
    for name, of in (("feed", None), ("section_feed", slug_of(section)), ("story_feed", slug)):
        feed = client.get(reverse(f"public:{name}", args=[of] if of else []))
        assert feed.status_code == 200
        assert all(link.isascii() for link in links_of(feed.content))
    assert f"/stories/{quote(slug)}/" in client.get("/sitemap-1.xml").content.decode()
    assert f"/stories/{quote(slug)}/" in client.get("/search/", {"q": word}).content.decode()
    timemap = client.get(f"/timemap/http://testserver/stories/{quote(slug)}/")
    assert timemap.status_code == 200


def links_of(feed: bytes) -> list[str]:
    return [node.get("href", "") for node in etree.fromstring(feed).iter("{http://www.w3.org/2005/Atom}link")]


@pytest.mark.parametrize("script", SCRIPTS)
def test_another_form_of_an_address_leads_to_the_one_there_is(
    client: Client, managing_editor: User, script: str
) -> None:
    headline, author, section, _word = SCRIPTS[script]
    slug = put(managing_editor, headline, author, section)
    for address, name in (
        ("stories", slug),
        ("author", slug_of(author)),
        ("section", slug_of(section)),
    ):
        other = f"/{address}/{quote(unicodedata.normalize('NFD', name) + chr(0x200D))}/"
        answer = client.get(other)
        assert (answer.status_code, unquote(answer["Location"])) == (301, f"/{address}/{name}/")
    assert client.get(f"/stories/{quote(slug)}x/").status_code == 404


def test_names_that_vowel_signs_alone_tell_apart_are_two(managing_editor: User) -> None:
    for number, (author, section) in enumerate((("राम शर्मा", "कला"), ("रमा शर्मा", "काल"))):
        story = line(version(bylines=[author], section=section), slug=f"names-{number}")
        import_story(story=load(story), user=managing_editor)
    assert sorted(Author.objects.values_list("slug", "name")) == [
        ("रमा-शर्मा", "रमा शर्मा"),
        ("राम-शर्मा", "राम शर्मा"),
    ]
    assert sorted(Section.objects.values_list("slug", flat=True)) == ["कला", "काल"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_archive_brings_back_the_names_it_was_given(managing_editor: User, script: str) -> None:
    headline, author, section, _word = SCRIPTS[script]
    slug = put(managing_editor, headline, author, section)
    article = StoryAddress.objects.get(slug=slug).article_id
    exported = exported_story(article, at=minutes(1)).line
    again = load(json.dumps(exported).encode())
    assert (again.slug, again.versions[0].section) == (slug, slug_of(section))
    assert again.versions[0].bylines[0].author in ("", slug_of(author))


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_admin_takes_slugs_of_every_script(managing_editor: User, script: str) -> None:
    headline, author, section, _word = SCRIPTS[script]
    desk = make.signed_in(managing_editor)
    for model, kind, name in ((Author, "author", author), (Section, "section", section)):
        typed = {"slug": unicodedata.normalize("NFD", slug_of(name)), "name": name}
        desk.post(reverse(f"admin:stories_{kind}_add"), typed)
        assert list(model.objects.values_list("slug", flat=True)) == [slug_of(name)]
        assert desk.get(reverse(f"admin:stories_{kind}_change", args=[slug_of(name)])).status_code == 200
        # The same name once more, as another system encodes it.
        page = desk.post(reverse(f"admin:stories_{kind}_add"), typed)
        assert "already exists" in page.content.decode()
    article = make.begin(
        make.wanted(headline, slug=unicodedata.normalize("NFD", slug_of(headline))), user=managing_editor
    )
    assert article.slug == slug_of(headline)


@pytest.mark.parametrize("slug", ["two words", "a/b", "\u093eक", "क!"])
def test_what_can_not_be_an_address_is_refused_with_a_sentence(managing_editor: User, slug: str) -> None:
    with pytest.raises(ValidationError, match="can’t be an address"):
        Author(slug=slug, name="Jo").full_clean()
    with pytest.raises(Refused, match="can’t be an address"):
        make.begin(make.wanted(slug=slug), user=managing_editor)


def test_an_archive_whose_author_has_no_address_is_refused(managing_editor: User) -> None:
    story = load(line(version(bylines=[{"name": "Jo Doe", "author": "jo&doe"}])))
    with pytest.raises(Refused, match="“jo&doe” can’t be an address"):
        import_story(story=story, user=managing_editor)

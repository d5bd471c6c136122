"""A withheld name of any script is readable at no public address, in none of its spellings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from html import unescape
from itertools import chain
from urllib.parse import quote as percent, unquote, urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from stories.actions.errors import Refused
from stories.actions.takedown.withholdings import withhold_words
from stories.domain.archive.stories import dump
from stories.domain.snapshot import ImageBlock, NoteKind
from stories.domain.text.slugs import slug_of_text
from stories.models import Article, Author, User
from stories.queries.dossier.export import public_dossier
from stories.queries.publishing.stored_versions import exported_story
from stories.queries.takedown.occurrences import find_occurrences
from tests.factories import (
    begin,
    byline,
    change,
    embed,
    go_live,
    make_section,
    minutes,
    note,
    quote,
    request,
    text,
    wanted,
)
from tests.public.stories import stood_at
from tests.public.test_nothing_leaks import links

pytestmark = pytest.mark.django_db

# A name, how else running text spells it, and another name that contains it.
NAMES = {
    "latin": (
        "Jo Doe",
        "JO DOE’s <b>J</b>o Doe, J&#111;&nbsp;Doe, Jo_Doe, Doe, Jo, jdoe@example.org",
        "Jo Doering",
    ),
    "accents": ("José Müller", "Jose Muller, JOSÉ\u00a0MÜLLER, jose.mueller@example.org", "José Møller"),
    "turkish": ("İnci Işık", "İnci Işık’ın, INCI IŞIK, inci.isik@example.org", "İnci Işıkçı"),
    "vietnamese": ("Nguyễn Văn Hùng", "Nguyen Van Hung, NGUYỄN VĂN HÙNG", "Nguyễn Văn Hưng"),
    "cyrillic": ("Юрий Ёлкин", "ЮРИЙ ЕЛКИН, Елкин, Юрий", "Юрий Ёлкина"),
    "greek": ("Νίκος Δήμου", "ΝΙΚΟΣ ΔΗΜΟΥ, Νικος Δημου", "Νίκος Δήμουλας"),
    "hindi": ("अनिल", "“अनिल”, अनि\u200bल, अनिल-जी", "अनिला"),
    "bengali": ("রহিম", "“রহিম”, রহিম-এর", "রহিমা"),
    "thai": ("กมล", "คุณกมลกล่าว", "กมลา"),
    "khmer": ("សុខ", "លោកសុខនិយាយ", "សុខ្ម"),
    "arabic": ("محمد علي", "مُحَمَّد عَلِي ومحمـــد علي، بمحمد عليٍّ", "محمد عليان"),
    "hebrew": ("דוד כהן", "דָּוִד כֹּהֵן ולדוד כהן", "דוד כהנא"),
    "chinese": ("王伟", "昨天王伟说，王<em>伟</em>走了", "王韦"),
    "japanese": ("ジョン・ドー", "ジョン・ドーさん、ｼﾞｮﾝ・ﾄﾞｰは", "ジョン・ドール"),
    "korean": ("이준", "이준은 이준에게 이준씨가", "이준호"),
}


def story_of(name: str, spellings: str, other: str, user: User) -> Article:
    """Create a story at version 2 that names somebody in every field that has words, and somebody else too."""
    slug = slug_of_text(name)
    author, _made = Author.objects.get_or_create(slug=slug, defaults={"name": name})
    # Two profiles that name them: their own, and a colleague's, whose page stays.
    colleague, _made = Author.objects.get_or_create(slug="colleague", defaults={"name": "A Colleague"})
    profile = {
        "bio": f"Knows {name}. {unescape(re.sub(r'<[^>]+>', '', spellings))}",
        "contact": f"https://example.org/{percent(slug)}",
    }
    Author.objects.filter(pk__in=[slug, "colleague"]).update(**profile)
    picture = ImageBlock(
        key=uuid4(),
        address=f"https://pictures.example/{percent(slug)}.jpg",
        alt_text=f"{name} at a desk",
        caption=f"{name}, {name}",
        credit=name,
    )
    handle = "".join(map(str.title, name.split()))
    body = (
        f"<p>{name} spoke. {spellings}. {other} did not.</p>"
        f'<p>See <a href="https://example.org/people/{percent(slug)}">here</a>,'
        f" https://example.org/people/{percent(slug)} and #{handle}.</p>"
    )
    spoken = quote(
        f"<p>I am {name}.</p>",
        speaker=name,
        speaker_title=f"brother of {name}",
        source_url=f"https://example.org/?q={percent(name)}",
    )
    card = embed(f"https://example.org/{percent(name)}", title=f"All of {name}", description=f"Of {name}")
    story = wanted(
        f"What {name} said",
        text(body),
        spoken,
        picture,
        card,
        slug="what-was-said",
        dek=f"A talk with {name}",
        section=make_section().pk,
        dateline=f"House of {name}",
        disclosure=f"{name} is a reader of ours.",
        bylines=(byline(author), byline(colleague)),
        comment_requests=(request(name, sentence=f"{name} has not answered."),),
    )
    article = begin(story, user=user, at=minutes(5))
    stood_at(f"/old/{slug}.html", article)
    go_live(article, user=user, at=minutes(10))
    page_text = note(f"We misspelt {name}.", NoteKind.CORRECTION, was=f"{name} sat", now=f"{name} stood")
    change(
        article,
        user=user,
        at=minutes(20),
        headline=f"What {name} really said",
        blocks=(
            text(body.replace("spoke.", "spoke up.")),
            replace(spoken, text=f"<p>I was {name}.</p>"),
            picture,
            card,
        ),
        update_notes=(page_text,),
    )
    go_live(article, user=user, at=minutes(20))
    return article


def bare(page_text: str) -> str:
    """Return a page's content fully decoded, without case, optional signs and joiners."""
    for _ in range(3):
        page_text = unescape(unquote(page_text))
    page_text = re.sub(r"</?(?:b|em|i|strong)>", "", page_text)
    page_text = (
        unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", page_text).casefold())
        .replace("ı", "i")
        .replace("ـ", "")
    )
    return "".join(
        letter
        for letter in page_text
        if not (unicodedata.combining(letter) > 9 or unicodedata.category(letter) == "Cf")
    )


def readable(name: str) -> re.Pattern[str]:
    """Return a pattern of the name in the output of `bare`, with anything between its words."""
    joint = r"(?:[^\w<>]|_){0,3}"
    words = joint.join(map(re.escape, re.findall(r"[^\W_][^\s・]*", bare(name))))
    # What may follow a name is covered by the tests of spellings.
    return re.compile(rf"{words}(?![^\W\d_]|[\u0900-\u0dff\u0e30-\u0e3a\u17b4-\u17d3])")


def everything(client: Client, article: Article) -> dict[str, str]:
    """Return the content of each public address that can be found from the story's and the lists'."""
    waiting = [
        "/",
        "/feed/",
        "/feed.json",
        "/corrections/",
        "/corrections/feed/",
        "/sitemap.xml",
        "/sitemap-1.xml",
        "/news-sitemap.xml",
    ]
    waiting += [
        f"/stories/what-was-said/{part}" for part in ("", "feed/", "data.json", "timemap/", "timegate/")
    ]
    waiting += [
        "/stories/what-was-said/versions/1/",
        "/stories/what-was-said/compare/1...2/",
        "/search/?q=said",
    ]
    waiting += [
        "/section/technology/feed/",
        "/stories/what-was-said/compare/",
        "/ledger/",
        "/ledger/heads.json",
    ]
    seen: dict[str, str] = {}
    while waiting:
        address = waiting.pop().removeprefix("http://testserver")
        path = urlsplit(address).path
        if address in seen or not path.startswith("/") or path.startswith(("/static/", "/admin/")):
            continue
        answer = client.get(address)
        headers = "".join(f"{name}: {value}\n" for name, value in answer.items())
        seen[address] = answer.getvalue().decode() + headers
        waiting += [answer["Location"]] if "Location" in answer else []
        waiting += links(seen[address])
    seen["archive"] = dump(exported_story(article.pk, at=minutes(60)).line).decode()
    seen["dossier"] = repr(public_dossier(article, at=minutes(60)))
    return seen


@pytest.mark.parametrize("script", NAMES)
def test_a_withheld_name_is_readable_nowhere(client: Client, managing_editor: User, script: str) -> None:
    name, spellings, other = NAMES[script]
    article = story_of(name, spellings, other, managing_editor)
    pattern = readable(name)
    before = everything(client, article)
    assert sum(1 for page_text in before.values() if pattern.search(bare(page_text))) > 15
    withhold_words(
        article=article,
        words=name,
        ground="safety",
        reason="Threats to her.",
        user=managing_editor,
        at=minutes(30),
    )
    after = everything(client, article)
    assert len(after) > 15
    for address, page_text in after.items():
        page_text = unquote(unescape(page_text)).replace(other, "")
        found = pattern.search(bare(page_text))
        assert found is None, (address, bare(page_text)[max(0, found.start() - 80) : found.end() + 40])
    assert unescape(after["/stories/what-was-said/"]).count(other) == 1
    assert client.get(f"/author/{percent(slug_of_text(name))}/").status_code == 404
    assert "Knows [words withheld]" in after["/author/colleague/"]
    if script not in ("vietnamese", "thai", "japanese", "korean"):
        # There the other person is rightly found by this name.
        assert "what-was-said" not in client.get("/search/", {"q": name}).content.decode()
    assert "what-was-said" in client.get("/search/", {"q": "spoke"}).content.decode()


@pytest.mark.parametrize("script", NAMES)
def test_who_withholds_sees_each_place_and_what_only_looks_like_it(
    managing_editor: User, script: str
) -> None:
    name, spellings, other = NAMES[script]
    found = find_occurrences(story_of(name, spellings, other, managing_editor), name, at=minutes(60))
    assert {place.field for place in found.places} == {
        *(
            "headline",
            "dek",
            "dateline",
            "disclosure",
            "text",
            "speaker",
            "speaker_title",
            "title",
            "description",
        ),
        *("alt_text", "caption", "credit", "credited_as", "party", "sentence", "was", "now"),
    }
    # The link in the text, the source, the picture and the card.
    assert len(found.links) == 4
    goes_on = script not in ("accents", "vietnamese", "chinese", "hebrew")
    assert [place.span.found for place in found.near] == ([other, other] if goes_on else []), script


@pytest.mark.parametrize("name", ["李", "J", "क", "م", "이", "—", "ก"])
def test_one_letter_is_refused_with_what_to_do(managing_editor: User, name: str) -> None:
    article = begin(wanted("A letter", text(f"<p>Of {name} alone.</p>")), user=managing_editor)
    with pytest.raises(Refused, match=r"fewer than two letters.*full name, or choose the whole version"):
        withhold_words(
            article=article, words=name, ground="safety", reason="Threats to her.", user=managing_editor
        )


def test_a_story_by_somebody_withheld_is_missing_from_their_page_alone(
    client: Client, managing_editor: User
) -> None:
    author = Author.objects.create(slug="jo-doe", name="Jo Doe")
    for number in (1, 2):
        story = wanted(f"Story {number}", bylines=(byline(author),))
        article = begin(story, user=managing_editor, at=minutes(number))
        go_live(article, user=managing_editor, at=minutes(number))
    withhold_words(
        article=article,
        words="Jo Doe",
        ground="safety",
        reason="Threats to her.",
        user=managing_editor,
        at=minutes(9),
    )
    page = client.get("/author/jo-doe/").content.decode()
    assert "Story 1" in page
    assert "Story 2" not in page
    assert "By [words withheld]" in " ".join(re.sub(r"<[^>]+>", "", client.get("/").content.decode()).split())


def test_a_slug_that_holds_the_name_is_named_nowhere_once_the_story_has_another(
    client: Client, managing_editor: User
) -> None:
    story = wanted("What was said", text("<p>Jo Doe spoke.</p>"), slug="jo-doe-spoke")
    article = begin(story, user=managing_editor, at=minutes(5))
    go_live(article, user=managing_editor, at=minutes(10))
    change(article, user=managing_editor, at=minutes(20), slug="what-was-said", dek="A talk")
    go_live(
        article, user=managing_editor, at=minutes(20), publication_class="minor", reason="Another address."
    )
    withhold_words(
        article=article, words="Jo Doe", ground="safety", reason="Threats to her.", user=managing_editor
    )
    assert client.get("/stories/jo-doe-spoke/")["Location"] == "/stories/what-was-said/"
    after = everything(client, article)
    assert "/stories/what-was-said/versions/1/" in after
    for address, page_text in after.items():
        assert "jo-doe" not in bare(page_text), address


def test_the_joints_of_names_are_known_to_the_test() -> None:
    assert readable("Jo Doe").search(bare("see Jo%5FDOE"))
    assert not readable("Jo Doe").search(bare("Jo Doering"))
    assert list(chain(readable("अनिल").findall("अनिला"))) == []

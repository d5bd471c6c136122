"""A newsroom with a story in every state that readers may meet, and the addresses of all its pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from stories.actions.editing.pictures import store_picture
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import withhold_version, withhold_words
from stories.domain.snapshot import ImageBlock, StoryKind
from stories.models import Author, User
from tests.factories import begin, change, embed, go_live, minutes, png, text, wanted
from tests.public.stories import make_answer, make_corrected

TABLE = (
    "<h2>What it costs</h2><ul><li><p>one</p></li></ul>"
    "<table><tbody><tr><th><p>Town</p></th><th><p>A year</p></th></tr>"
    "<tr><td><p>Orland</p></td><td><p>$30,000</p></td></tr></tbody></table>"
)
ADDRESSES = [
    "/",
    "/section/technology/",
    "/author/ines-calder/",
    "/corrections/",
    "/corrections/?kind=typo&kind=developing",
    "/ledger/",
    "/search/",
    "/stories/corvid-answers/",
    "/stories/corvid-answers/versions/",
    "/stories/corvid-answers/versions/1/",
    "/stories/corvid-answers/compare/1...3/",
    "/stories/ferry-budget-approved/",
    "/stories/ferry-budget-approved/versions/1/",
    "/stories/ferry-budget-approved/compare/1...2/",
    "/stories/costs/",
    "/stories/costs/compare/1...2/",
    "/stories/costs/versions/2/",
    "/stories/costs/versions/",
    "/stories/came-back/",
    "/stories/arabic/",
    "/stories/skips/",
    "/stories/pictures/",
    "/stories/pictures/compare/1...2/",
    "/stories/hidden/",
    "/stories/hidden/versions/",
    "/pages/policy/",
]
WITHDRAWN = "/stories/taken-down/"
WITHHELD = "/stories/hidden/versions/1/"
UNKNOWN = "/nothing/here/"


def make_site(user: User) -> None:
    make_answer(user)
    make_corrected(user)
    portrait = store_picture(content=png(300, 300), user=user)
    Author.objects.filter(pk="ines-calder").update(
        bio="Ines covers https://example.org/the-council.\n\nShe mended trams.",
        picture=portrait,
        alt_text="Ines Calder at her desk",
        contact="@ines@example.social",
    )
    card = embed(description="All of it.")
    article = begin(wanted("Costs", text(TABLE), card), user=user)
    go_live(article, user=user, at=minutes(70))
    changed = TABLE.replace("$30,000", "$40,000").replace("<li><p>one</p></li>", "<li><p>two</p></li>")
    change(article, user=user, at=minutes(80), blocks=(card, text(changed)))
    start_developing(article=article, user=user, at=minutes(300))
    go_live(
        article,
        user=user,
        at=minutes(310),
        publication_class="developing",
        reason="Prices rise as we write.",
        cause="moved-on",
    )
    down = begin(wanted("Taken down"), user=user)
    go_live(down, user=user, at=minutes(90))
    withdraw(article=down, user=user, notice="We took this down.", reason="libel", at=minutes(95))
    back = begin(wanted("Came back"), user=user)
    go_live(back, user=user, at=minutes(90))
    withdraw(article=back, user=user, notice="We took this down.", reason="libel", at=minutes(95))
    reinstate(article=back, user=user, reason="settled", at=minutes(96))
    arabic = wanted("عنوان", text("<p>كلمات.</p>"), slug="arabic", language="ar", dek="سطر")
    go_live(begin(arabic, user=user), user=user, at=minutes(97))
    go_live(begin(wanted("Policy", kind=StoryKind.PAGE), user=user), user=user, at=minutes(98))
    # As imports write them: a third-level heading first, and a headline too long for lists.
    skips = wanted(
        "Skips a level " * 7, text("<h3>Facts</h3><p>One.</p><h3>More</h3>"), embed(), slug="skips"
    )
    go_live(begin(skips, user=user), user=user, at=minutes(99))
    make_pictures(user)
    make_hidden(user)


def make_hidden(user: User) -> None:
    """Create a story whose first version is withheld, and words of its second."""
    article = begin(wanted("Hidden", text("<p>The town sold the field to its mayor.</p>")), user=user)
    go_live(article, user=user, at=minutes(340))
    change(article, user=user, at=minutes(350), dek="Who owns the field")
    first = article.publications.get()
    go_live(article, user=user, at=minutes(350), publication_class="override", reason="A dek was written.")
    order: dict[str, Any] = {"user": user, "ground": "court", "reason": "An order.", "at": minutes(360)}
    withhold_version(publication=first, notice="A court is looking at this version.", **order)
    withhold_words(article=article, words="its mayor", **order)


def make_pictures(user: User) -> None:
    """Create a story whose second version has another picture, and its paragraphs in another order."""
    paragraphs = [
        text(f"<p>Paragraph {number} tells of a field, and of who owns it.</p>") for number in range(4)
    ]
    pictures = [
        ImageBlock(
            key=uuid4(),
            picture=store_picture(content=png(width, 300), user=user).pk,
            width=width,
            height=300,
            alt_text="A red field",
            caption="A field.",
            credit="Ada Lind",
        )
        for width in (640, 320)
    ]
    article = begin(wanted("Pictures", *paragraphs, pictures[0]), user=user)
    go_live(article, user=user, at=minutes(320))
    change(article, user=user, at=minutes(330), blocks=(*paragraphs[1:], paragraphs[0], pictures[1]))
    go_live(
        article,
        user=user,
        at=minutes(330),
        publication_class="override",
        reason="Another order of paragraphs.",
    )

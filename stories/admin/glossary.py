"""The desk's help: what its words mean. Developers' words stand in docs/glossary.md, with their places in the code."""

from __future__ import annotations

from typing import Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

Words = tuple[tuple[Promise, Promise], ...]

GLOSSARY: Final[tuple[tuple[str, Promise, Words], ...]] = (
    (
        "stories",
        gettext_lazy("Stories"),
        (
            (
                gettext_lazy("Draft"),
                gettext_lazy("A story that readers have not seen yet."),
            ),
            (
                gettext_lazy("Revision"),
                gettext_lazy(
                    "The story as it stood after one save. Each save makes one, with who saved it, when and why. Most "
                    "are never shown to readers."
                ),
            ),
            (
                gettext_lazy("Version"),
                gettext_lazy(
                    "The story as readers saw it from a time on: a revision that was published. Readers can open every "
                    "version and compare any two."
                ),
            ),
            (
                gettext_lazy("Edits waiting"),
                gettext_lazy(
                    "What was saved since the live version. Readers see it once somebody publishes it."
                ),
            ),
            (
                gettext_lazy("Block"),
                gettext_lazy("A piece of the body: text, a quote, a picture or a link card."),
            ),
            (
                gettext_lazy("Disclosure"),
                gettext_lazy("What readers should know about our interests in a story. It stands above it."),
            ),
            (
                gettext_lazy("Assigned"),
                gettext_lazy("Whoever a story is assigned to may write it, like whoever began it."),
            ),
            (
                gettext_lazy("Waiting for review"),
                gettext_lazy(
                    "Its writer thinks that it is ready. An editor publishes it, or sends it back and says what is "
                    "missing."
                ),
            ),
        ),
    ),
    (
        "publishing",
        gettext_lazy("Publishing"),
        (
            (
                gettext_lazy("Note to readers"),
                gettext_lazy(
                    "What readers are told of a change: a correction, a clarification, an update, a comment that was "
                    "added. Once published it stays; a further note can amend it."
                ),
            ),
            (
                gettext_lazy("Minor"),
                gettext_lazy(
                    "A change without a note: spelling, or a few words of style. Auditors see the reason."
                ),
            ),
            (
                gettext_lazy("Transcription"),
                gettext_lazy(
                    "Spelling or punctuation inside a quote, checked against its source. It needs no note."
                ),
            ),
            (
                gettext_lazy("Override"),
                gettext_lazy(
                    "A change of substance without a note. Only managing editors may, and auditors see who did and why."
                ),
            ),
            (
                gettext_lazy("Change of substance"),
                gettext_lazy(
                    "A figure, a name, a headline, who said what, quoted words, or more than a few words. Readers are "
                    "told of it."
                ),
            ),
            (
                gettext_lazy("Fix what is live"),
                gettext_lazy(
                    "Mend what readers see now. A rewrite that waits stays untouched, and has the fix in it too."
                ),
            ),
            (
                gettext_lazy("Developing"),
                gettext_lazy(
                    "For some hours each change of a story needs one line and no note. It ends with a closing summary "
                    "for readers."
                ),
            ),
            (
                gettext_lazy("Embargo"),
                gettext_lazy("A promise not to publish before a time. Until then nobody can."),
            ),
            (
                gettext_lazy("Web address"),
                gettext_lazy(
                    "The story’s end of it, the slug, can change; the old one leads on to the new for ever."
                ),
            ),
        ),
    ),
    (
        "comment",
        gettext_lazy("Asking for comment"),
        (
            (
                gettext_lazy("Request for comment"),
                gettext_lazy(
                    "Somebody whom we asked, and what came of it. The story’s page says by itself whom we asked and "
                    "who has not answered, unless the request is not shown to readers."
                ),
            ),
            (
                gettext_lazy("Comment desk"),
                gettext_lazy(
                    "Deadlines, contacts, calls and answers. Readers never see them, and no confidential source is "
                    "kept there."
                ),
            ),
            (
                gettext_lazy("Terms"),
                gettext_lazy(
                    "On the record: it can be used. Background: it can, and not under their name. Off the record: "
                    "nothing of what they said is kept. Disputed: an editor decides first."
                ),
            ),
        ),
    ),
    (
        "down",
        gettext_lazy("Taking down"),
        (
            (
                gettext_lazy("Take back"),
                gettext_lazy(
                    "Undo one’s own publication within a few minutes. Readers are told that it happened."
                ),
            ),
            (
                gettext_lazy("Withdraw"),
                gettext_lazy(
                    "Take a published story down, with a notice at its address. It can be brought back."
                ),
            ),
            (
                gettext_lazy("Withhold"),
                gettext_lazy(
                    "Hide a version, or words wherever they stand, for now. A second managing editor confirms it or "
                    "lifts it."
                ),
            ),
            (
                gettext_lazy("Erase"),
                gettext_lazy(
                    "Delete words, a picture, a version or a story for good, by order. It takes two people, and the "
                    "record says that something was there."
                ),
            ),
            (
                gettext_lazy("Discard"),
                gettext_lazy("Put a draft away. Nothing is deleted, and it can be recovered."),
            ),
        ),
    ),
    (
        "record",
        gettext_lazy("The record"),
        (
            (
                gettext_lazy("Ledger"),
                gettext_lazy(
                    "The list of everything that happened, each entry tied to the one before, so that nobody can "
                    "change or remove one unseen."
                ),
            ),
            (
                gettext_lazy("Question, sign-off"),
                gettext_lazy(
                    "An auditor asks about an entry, and whoever made it answers; or says that it is in order."
                ),
            ),
            (
                gettext_lazy("Dossier"),
                gettext_lazy(
                    "Everything about one story in order, to be read or handed out as a file that proves itself."
                ),
            ),
            (
                gettext_lazy("Second person"),
                gettext_lazy(
                    "Somebody other than whoever asked, for what one alone should not decide: withholding, erasing, "
                    "handing out a dossier."
                ),
            ),
        ),
    ),
)


@require_safe
def glossary_view(request: HttpRequest) -> HttpResponse:
    """Show what the desk's words mean."""
    return TemplateResponse(
        request,
        "admin/stories/desk/glossary.html",
        {**admin.site.each_context(request), "title": _("What the words mean"), "glossary": GLOSSARY},
    )

"""Find words anywhere in a story, and replace them in one revision."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from stories.actions.actors import site_text
from stories.actions.editing.revise import revise
from stories.actions.errors import ErasedSince, MergeConflict, Refused
from stories.actions.permissions import require_edit
from stories.admin.page.frame import article_or_404, number_in, page_context
from stories.admin.page.labels import place_label
from stories.admin.page.status import StatusDetails, status_of
from stories.domain.editing.find_replace import FieldMatch, find_matches, replace_matches, replacement_text
from stories.domain.snapshot import StorySnapshot
from stories.domain.text.find import SearchWords
from stories.models import Article, Revision
from stories.queries.publishing.versions import published_note_keys
from stories.queries.story.snapshots import latest_revision, snapshot_at


class FindForm(forms.Form):
    """What to look for, and what to replace it with."""

    words = forms.CharField(label=gettext_lazy("Find"), max_length=200, required=False)
    instead = forms.CharField(
        label=gettext_lazy("Replace with"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Left empty, the places are only listed."),
    )
    match_case = forms.BooleanField(label=gettext_lazy("Match case"), required=False)
    whole_words = forms.BooleanField(label=gettext_lazy("Whole words"), required=False)
    keep_case = forms.BooleanField(
        label=gettext_lazy("Keep the original’s capitals"),
        required=False,
        help_text=gettext_lazy("“Smith” stays capitalised, “SMITH” in capitals; else it is put in as typed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name in ("words", "instead"):
            self.fields[name].widget.attrs["class"] = "vTextField"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPlace:
    """A place as the page lists it. `instead` is the replacement; `hint` says why the place is not ticked."""

    found: FieldMatch
    place: str
    instead: str
    ticked: bool
    hint: str = ""
    fixed: bool = False


@dataclass(kw_only=True)
class StorySearch:
    """A search of a story as it read at one revision."""

    model_admin: ModelAdmin[Article]
    request: HttpRequest
    article: Article
    data: QueryDict
    base: int
    story: StorySnapshot
    form: FindForm = field(init=False)
    words: SearchWords = field(init=False)
    found: list[FieldMatch] = field(init=False)

    def __post_init__(self) -> None:
        self.form = FindForm(self.data if "words" in self.data else None)
        typed = self.form.cleaned_data if self.form.is_valid() else {}
        self.words = SearchWords(
            typed.get("words", ""),
            match_case=typed.get("match_case", False),
            whole_words=typed.get("whole_words", False),
        )
        self.instead: str = typed.get("instead", "")
        self.keep_case: bool = typed.get("keep_case", False)
        self.found = find_matches(self.story, self.words)

    def published_notes(self) -> frozenset[UUID]:
        """Return the notes that readers have seen or are to see. They are amended by further notes, never edited."""
        return published_note_keys(self.article) if self.story.update_notes else frozenset()

    def places(self, status: StatusDetails) -> list[ListedPlace]:
        published = self.published_notes()
        chosen = set(self.data.getlist("place")) if self.request.method == "POST" else None
        return [self.listed_place(found, status, published, chosen) for found in self.found]

    def listed_place(
        self, found: FieldMatch, status: StatusDetails, published: frozenset[UUID], chosen: set[str] | None
    ) -> ListedPlace:
        fixed = found.key in published
        hint = ""
        if fixed:
            hint = _("Published, so it stays. Add a note that amends it.")
        elif found.field == "slug" and status.live is not None:
            hint = _("The story’s address would change when this goes live; the old one leads on to the new.")
        elif found.field == "was":
            hint = _("This note says what was wrong.")
        return ListedPlace(
            found=found,
            place=capfirst(place_label([self.story], found.key, found.field)),
            instead=replacement_text(found, self.instead, keep_case=self.keep_case) if self.instead else "",
            ticked=not fixed and (found.name in chosen if chosen is not None else not hint),
            hint=hint,
            fixed=fixed,
        )

    def show(self, *, problem: str = "") -> HttpResponse:
        """Show the page. `problem` says why nothing was replaced."""
        status = status_of(self.article, at=timezone.now())
        places = self.places(status)
        return TemplateResponse(
            self.request,
            "admin/stories/story/find_replace.html",
            {
                **page_context(self.model_admin, self.request, self.article, _("Find in this story")),
                "status": status,
                "form": self.form,
                "words": self.words.text,
                "instead": self.instead,
                "places": places,
                "replaceable": [place for place in places if not place.fixed],
                "base": self.base,
                "reason": self.data.get("reason") or self.default_reason,
                "problem": problem,
                "media": self.model_admin.media + self.form.media,
            },
        )

    @property
    def default_reason(self) -> str:
        if not self.instead:
            return ""
        replaced = site_text(lambda: _("“%(old)s” replaced by “%(new)s”."))
        return replaced % {"old": self.words.text, "new": self.instead}

    def replace(self) -> HttpResponse:
        """Replace the ticked places in one revision, or show the page again with the reason why not."""
        require_edit(self.request.user, self.article)
        published = self.published_notes()
        ticked = set(self.data.getlist("place"))
        chosen = [found for found in self.found if found.name in ticked and found.key not in published]
        if not self.instead.strip():
            return self.show(problem=_("Nothing was replaced: fill in “Replace with”."))
        if not chosen:
            return self.show(problem=_("Nothing was replaced: tick the places first."))
        story = replace_matches(self.story, chosen, self.instead, keep_case=self.keep_case)
        reason = self.data.get("reason", "").strip()[:2000] or self.default_reason
        try:
            revision = revise(
                article=self.article, story=story, base=self.base, user=self.request.user, reason=reason
            )
        except MergeConflict:
            return self.search_again().show(
                problem=_(
                    "Somebody changed the same words since this page was opened. Nothing was replaced. Below stands "
                    "what is found in the story as it reads now."
                )
            )
        except ErasedSince:
            raise
        except Refused as refusal:
            return self.show(problem=str(refusal))
        messages.success(self.request, self.result_message(revision, len(chosen)))
        return HttpResponseRedirect(f"{self.request.path}?{self.query()}")

    def search_again(self) -> StorySearch:
        """Return the same search of the story as it reads now, with every place ticked that may be."""
        data = self.data.copy()
        base = latest_revision(self.article.pk)
        search = StorySearch(
            model_admin=self.model_admin,
            request=self.request,
            article=self.article,
            data=data,
            base=base,
            story=snapshot_at(self.article.pk, base),
        )
        data.setlist("place", [found.name for found in search.found if found.field not in ("slug", "was")])
        return search

    def result_message(self, revision: Revision | None, count: int) -> str:
        """Describe what was replaced, and what is left."""
        if revision is None:
            return _("They read so already. Nothing was saved.")
        done = ngettext(
            "“%(old)s” was replaced by “%(new)s” in %(count)s place, as revision %(number)s.",
            "“%(old)s” was replaced by “%(new)s” in %(count)s places, as revision %(number)s.",
            count,
        ) % {
            "old": self.words.text,
            "new": self.instead,
            "count": count,
            "number": revision.number,
        }
        left = len(find_matches(snapshot_at(self.article.pk, revision.number), self.words))
        if not left:
            return f"{done} " + _("It stands nowhere else.")
        rest = ngettext("It still stands in %(count)s place.", "It still stands in %(count)s places.", left)
        return f"{done} {rest % {'count': left}}"

    def query(self) -> str:
        """Return the query string of the same search. Without the replacement, so as not to offer it again."""
        query = QueryDict(mutable=True)
        for name in ("words", "match_case", "whole_words"):
            if value := self.data.get(name):
                query[name] = value
        return query.urlencode()


def find_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Search a story's working copy. A POST replaces words, against the revision that the page showed."""
    article = article_or_404(model_admin, request, article_id)
    posted = request.method == "POST"
    newest = latest_revision(article.pk)
    seen = number_in(request.POST, "base") if posted else newest
    base = seen if 1 <= seen <= newest else newest
    search = StorySearch(
        model_admin=model_admin,
        request=request,
        article=article,
        data=request.POST if posted else request.GET,
        base=base,
        story=snapshot_at(article.pk, base),
    )
    if not posted:
        return search.show()
    if base != seen:
        return search.show(problem=_("This page did not arrive as it was sent. Nothing was replaced."))
    return search.replace()

"""The page on which a change is reviewed before it goes live, for publishing and for fixing what is live."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.actions.errors import ErasedSince, MergeConflict, PublishRefused, Refused
from stories.actions.permissions import may_override
from stories.admin.page.frame import page_context
from stories.admin.publishing.missed_corrections import missed_corrections
from stories.admin.publishing.review_context import ReviewedChange
from stories.admin.publishing.review_forms import (
    EMBARGO,
    IN_STORY,
    NOW,
    FurtherNoteForm,
    FurtherNotes,
    ReviewForm,
    notes_of,
)
from stories.models import Article, Publication, PublicationClass
from stories.queries.publishing.addresses import holder_of
from stories.queries.publishing.withholdings import mask_of


@dataclass
class Review:
    """A change under review, with the forms that describe it."""

    model_admin: ModelAdmin[Article]
    request: HttpRequest
    article: Article
    reviewed_change: ReviewedChange
    form: ReviewForm
    further: forms.BaseFormSet[FurtherNoteForm]
    is_fix: bool
    address: str

    def _typed_was(self) -> str:
        """Return what the form says was wrong. A first publication has no such field."""
        return (self.form["was"].value() or "") if "was" in self.form.fields else ""

    def _slug_holder(self) -> Article | None:
        """Return the other story that owns this slug's address, so that this one can't be first published under it."""
        if not self.reviewed_change.is_first:
            return None
        return holder_of(self.reviewed_change.story.slug, excluding=self.article.pk)

    def submit(self, publish: Callable[[dict[str, Any]], Publication]) -> HttpResponse:
        """Publish with `publish`, which gets the typed values; or show the errors, with all that was typed."""
        if not all([self.form.is_valid(), self.further.is_valid()]):
            return self.show()
        try:
            publication = publish({**self.form.publish_values(), "notes": notes_of(self.form, self.further)})
        except (MergeConflict, ErasedSince):
            raise
        except PublishRefused as refusal:
            self.form.refuse(refusal.about, str(refusal))
        except (Refused, PermissionDenied) as refusal:
            self.form.refuse("", str(refusal) or _("You may not do this. Nothing was published."))
        else:
            address = reverse("admin:stories_article_published", args=[self.article.pk, publication.pk])
            return HttpResponseRedirect(address)
        return self.show()

    def show(self, *, meanwhile: str = "", fresh: bool = False) -> HttpResponse:
        """Show the page. `meanwhile` says what happened since it was last shown; `fresh`, that nothing is typed yet."""
        title = _("Review this fix") if self.is_fix else _("Review and publish")
        return TemplateResponse(
            self.request,
            "admin/stories/publishing/review.html",
            {
                **page_context(self.model_admin, self.request, self.article, title),
                # The headline under review: edits that wait may have another.
                "subtitle": self.reviewed_change.after.headline,
                "review": self.reviewed_change,
                "status": self.reviewed_change.status,
                "comparison": self.reviewed_change.comparison,
                "rebased": self.reviewed_change.rebased(),
                "slug_holder": self._slug_holder(),
                "form": self.form,
                "further": self.further,
                "is_masked": mask_of(self.article.pk).holds(self.reviewed_change.after),
                "missed_corrections": missed_corrections(
                    self.reviewed_change, self.article, typed=self._typed_was()
                ),
                "is_fix": self.is_fix,
                "address": self.address,
                "meanwhile": meanwhile,
                "fresh": fresh,
                "media": self.model_admin.media + self.form.media,
            },
        )


def begin_review(
    model_admin: ModelAdmin[Article],
    request: HttpRequest,
    article: Article,
    reviewed_change: ReviewedChange,
    *,
    is_fix: bool,
    carried: Mapping[str, Any],
    data: QueryDict | None = None,
) -> Review:
    """Begin a review with what is proposed, or with what was typed (`data`). `carried` are the page's hidden fields."""
    status = reviewed_change.status
    bound: dict[str, Any] = {}
    if data is not None:
        data = data.copy()
        for name, value in carried.items():
            data[name] = str(value)
        bound = {"data": data}
    form = ReviewForm(
        reviewed_change=reviewed_change,
        developing=status.developing_until is not None,
        may_override=may_override(request.user, article),
        is_fix=is_fix,
        initial={**_initial_values(reviewed_change), **carried},
        **bound,
    )
    prefilled = bound if data is not None and "note-TOTAL_FORMS" in data else {}
    name = "admin:stories_article_fix" if is_fix else "admin:stories_article_publish"
    return Review(
        model_admin=model_admin,
        request=request,
        article=article,
        reviewed_change=reviewed_change,
        form=form,
        further=FurtherNotes(prefix="note", **prefilled),
        is_fix=is_fix,
        address=reverse(name, args=[article.pk]),
    )


def _initial_values(reviewed_change: ReviewedChange) -> dict[str, Any]:
    """Return the initial values of the form."""
    proposal, status = reviewed_change.proposal, reviewed_change.status
    offer = proposal.corrections[0] if proposal.corrections else None
    until = status.embargo.until if status.embargo else None
    rebased = reviewed_change.rebased()
    return {
        "kind": _proposed_kind(reviewed_change),
        "text": "" if reviewed_change.notes else reviewed_change.proposed_text,
        "was": offer.was if offer else "",
        "now": offer.now if offer else "",
        "when": EMBARGO if until else NOW,
        "live_from": until,
        "promised": status.embargo.reason if status.embargo else "",
        # Nothing is proposed if the pending publication can't be put on top: somebody has to decide.
        "pending": "rebase" if rebased and not rebased.conflicts else "",
    }


def _proposed_kind(reviewed_change: ReviewedChange) -> str:
    proposal = reviewed_change.proposal
    if reviewed_change.notes:
        return IN_STORY
    if reviewed_change.asks_what_happened:
        # The user's answer decides: a correction, or an update.
        return proposal.note_kind or ""
    if reviewed_change.status.developing_until is not None and not proposal.text:
        return str(PublicationClass.DEVELOPING)
    return proposal.publication_class or proposal.note_kind or ""

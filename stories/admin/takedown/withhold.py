"""Withhold a version, or words wherever they occur; and decide on another person's withholding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import Actor
from stories.actions.errors import Refused
from stories.actions.permissions import is_within_limit, require_withhold
from stories.actions.takedown.withholdings import (
    GROUNDS,
    LONGEST,
    clean_words,
    confirm_withholding,
    lift_withholding,
    withhold_version,
    withhold_words,
)
from stories.admin.page.decision import ReasonForm, posted
from stories.admin.page.frame import article_or_404, number_in, page_context
from stories.admin.page.labels import place_label
from stories.admin.page.status import status_of
from stories.models import Article, Publication, Withholding
from stories.queries.publishing.withholdings import withholdings_in_force
from stories.queries.takedown.occurrences import Occurrence, Occurrences, find_occurrences

# Nobody would look through more.
MOST_NEAR = 20

GROUND_CHOICES = [("", gettext_lazy("Choose the category")), *((each.value, each.label) for each in GROUNDS)]


class WithholdForm(ReasonForm):
    """The grounds of a withholding, and the notice to readers."""

    ground = forms.ChoiceField(label=gettext_lazy("Category"), choices=GROUND_CHOICES, required=False)
    notice = forms.CharField(
        label=gettext_lazy("What readers are told"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "They see it in the place of a version. Left empty, a neutral sentence says that it is not shown: an "
            "order can forbid to say why."
        ),
    )
    field_order = ["ground", "notice", "reason"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """An occurrence of the words, with the name of its place as editors know it."""

    occurrence: Occurrence
    name: str


def withhold_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Show what would be hidden, and hide it: `words`, or the version with the number `version`."""
    article = article_or_404(model_admin, request, article_id)
    require_withhold(request.user, article)
    at = timezone.now()
    data = request.POST or request.GET
    words = " ".join(data.get("words", "")[: 2 * LONGEST].split())
    versions = list(Publication.objects.live(at=at).filter(article=article).order_by("live_from"))
    number = number_in(data, "version")
    version = versions[number - 1] if not words and 1 <= number <= len(versions) else None
    form = WithholdForm(**posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            withholding = _withhold(request, article, version, words, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _(
                    "It is hidden from readers now. Another managing editor confirms or lifts that within a day."
                ),
            )
            return HttpResponseRedirect(
                reverse("admin:stories_article_withheld", args=[article.pk, withholding.pk])
            )
    found, problem = None, ""
    if words:
        try:
            clean_words(article, words)
        except Refused as refusal:
            problem = str(refusal)
        else:
            found = find_occurrences(article, words, at=at)
    return TemplateResponse(
        request,
        "admin/stories/takedown/withhold.html",
        {
            **page_context(model_admin, request, article, _("Withhold")),
            "status": status_of(article, at=at),
            "words": words,
            "longest": LONGEST,
            "problem": problem,
            **occurrences_context(found, request.user),
            "versions": list(enumerate(versions, start=1))[::-1],
            "number": number if version is not None else 0,
            "form": form,
            "standing": [(each, each.is_overdue(at=at)) for each in _withholdings_in_force(article)],
            "media": model_admin.media + form.media,
        },
    )


def withheld_view(
    model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int, number: int
) -> HttpResponse:
    """Let a second person confirm a withholding, or lift it."""
    article = article_or_404(model_admin, request, article_id)
    require_withhold(request.user, article)
    at = timezone.now()
    withholding = get_object_or_404(
        Withholding.objects.select_related("publication"), pk=number, article=article
    )
    form = ReasonForm(**posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if request.POST.get("decision") == "lift":
                lift_withholding(withholding=withholding, user=request.user, reason=reason)
                done = _("Readers see it again.")
            else:
                confirm_withholding(withholding=withholding, user=request.user, reason=reason)
                done = _("Confirmed. It stays hidden until somebody lifts that.")
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("admin:stories_article_withhold", args=[article.pk]))
    standing = withholdings_in_force().filter(pk=withholding.pk).first()
    found = find_occurrences(article, withholding.words, at=at) if withholding.words else None
    return TemplateResponse(
        request,
        "admin/stories/takedown/withheld.html",
        {
            **page_context(model_admin, request, article, _("What is withheld")),
            "status": status_of(article, at=at),
            "withholding": withholding,
            "version": _number_of(withholding),
            "standing": standing,
            "decisions": withholding.decisions.order_by("pk"),
            "overdue": standing is not None and standing.decided is None and standing.is_overdue(at=at),
            "due": withholding.decide_by,
            "is_own": withholding.user_id == request.user.pk,
            **occurrences_context(found, request.user),
            "form": form,
            "media": model_admin.media + form.media,
        },
    )


def _withhold(
    request: HttpRequest, article: Article, version: Publication | None, words: str, form: WithholdForm
) -> Withholding:
    """Withhold the version if one was chosen, else the words. Raises Refused."""
    values = {name: form.cleaned_data[name] for name in ("ground", "notice", "reason")}
    if version is not None:
        return withhold_version(publication=version, user=request.user, **values)
    return withhold_words(article=article, words=words, user=request.user, **values)


def occurrences_context(found: Occurrences | None, user: Actor) -> dict[str, Any]:
    """Return what admin/stories/takedown/occurrences.html reads: where words were found, None if none were sought."""
    return {
        "found": found,
        # Each with whether this user may withhold them there.
        "elsewhere": [
            (story, is_within_limit(user, story.section)) for story in (found.elsewhere if found else ())
        ],
        "places": _named_places(found.places if found else ()),
        "near": _named_places(found.near[:MOST_NEAR] if found else ()),
    }


def _named_places(places: Iterable[Occurrence]) -> list[NamedPlace]:
    """Return occurrences of words, each with the name of its place."""
    return [
        NamedPlace(occurrence=each, name=capfirst(place_label([each.story], each.key, each.field)))
        for each in places
    ]


def _withholdings_in_force(article: Article) -> list[Withholding]:
    return list(withholdings_in_force().filter(article=article).select_related("publication"))


def _number_of(withholding: Withholding) -> int:
    """Return the number of the version that is withheld, 0 if words are."""
    publication = withholding.publication
    if publication is None:
        return 0
    siblings = Publication.objects.not_cancelled().filter(article=withholding.article_id)
    return int(siblings.filter(live_from__lte=publication.live_from).count())

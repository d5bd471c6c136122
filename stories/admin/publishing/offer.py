"""Offer a story for publication, take the offer back, or return the story to its writer."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.errors import Refused
from stories.actions.permissions import may_publish, require_offer
from stories.actions.publishing.review_requests import offer, take_back
from stories.admin.page.decision import nothing_to_publish
from stories.admin.page.erased_since import clear_autosave
from stories.admin.page.frame import article_or_404, number_in, page_context
from stories.admin.page.status import StatusDetails, status_of
from stories.admin.publishing.review_context import build_reviewed_change
from stories.models import Article, Revision
from stories.queries.story.snapshots import snapshot_at

GIVE_BACK = "give-back"
TAKE_BACK = "take-back"


class OfferForm(forms.Form):
    """An offer, with what the editor should know."""

    reason = forms.CharField(
        label=gettext_lazy("What should the editor know?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "What is checked and what is not, who else is asked, by when it is wanted. Readers do not see it."
        ),
    )


class GiveBackForm(forms.Form):
    """The return of a story, with what is missing."""

    reason = forms.CharField(
        label=gettext_lazy("What is missing?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=gettext_lazy("The writer reads this with the story. Readers do not see it."),
    )


def offer_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the page on which a writer offers a story, and an editor answers the offer."""
    article = article_or_404(model_admin, request, article_id)
    require_offer(request.user, article)
    status = status_of(article, at=timezone.now())
    if status.offer is None and (status.waiting == 0 or status.withdrawal or status.discarded):
        return nothing_to_publish(model_admin, request, article, status)
    step = request.POST.get("step", "")
    form = _form(request, article, status, step)
    if request.method == "POST" and form.is_valid():
        try:
            done = _carry_out(request, article, status, step, form.cleaned_data["reason"])
        except (Refused, PermissionDenied) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            done_at = reverse("admin:stories_article_change", args=[article.pk])
            return clear_autosave(request, HttpResponseRedirect(done_at))
    return _show(model_admin, request, article, status, form)


def _form(request: HttpRequest, article: Article, status: StatusDetails, step: str) -> forms.Form:
    posted = request.POST if request.method == "POST" else None
    if _gives_back(request, article, status):
        return GiveBackForm(posted if step == GIVE_BACK else None)
    return OfferForm(posted, initial={"reason": status.offer.reason if status.offer else ""})


def _gives_back(request: HttpRequest, article: Article, status: StatusDetails) -> bool:
    """Return whether the offer is somebody else's and this user may answer it."""
    return (
        status.offer is not None
        and status.offer.user_id != request.user.pk
        and may_publish(request.user, article)
    )


def _carry_out(request: HttpRequest, article: Article, status: StatusDetails, step: str, reason: str) -> str:
    """Carry out the posted step, and return a sentence on what was done."""
    if step == GIVE_BACK:
        take_back(article=article, user=request.user, reason=reason)
        return _("The story is sent back. Its writer sees what you wrote on the desk’s front page.")
    if step == TAKE_BACK:
        take_back(article=article, user=request.user)
        return _("The story no longer waits for review. Nothing in it was changed.")
    number = number_in(request.POST, "revision") or status.revision
    offer(article=article, revision=number, user=request.user, reason=reason)
    if number < status.revision:
        return _(
            "Revision %(number)s is sent for review. The story was saved again since: should that be "
            "sent too?"
        ) % {"number": number}
    return _("Revision %(number)s is sent for review. The editors see it on the desk’s front page.") % {
        "number": number
    }


def _show(
    model_admin: ModelAdmin[Article],
    request: HttpRequest,
    article: Article,
    status: StatusDetails,
    form: forms.Form,
) -> HttpResponse:
    gives_back = _gives_back(request, article, status)
    # An offer is shown at the offered revision, unless a newer one is live; a new offer takes the newest revision.
    at_offered = (
        status.offer is not None and gives_back and status.offer.revision.number > status.live_revision
    )
    number = status.offer.revision.number if status.offer and at_offered else status.revision
    title = _("Waiting for review") if status.offer else _("Send for review")
    return TemplateResponse(
        request,
        "admin/stories/publishing/offer.html",
        {
            **page_context(model_admin, request, article, title),
            "status": status,
            "review": build_reviewed_change(status, story=snapshot_at(article.pk, number)),
            "revision": Revision.objects.get(article=article, number=number),
            "form": form,
            "gives_back": gives_back,
            "is_own": status.offer is not None and status.offer.user_id == request.user.pk,
            "media": model_admin.media + form.media,
        },
    )

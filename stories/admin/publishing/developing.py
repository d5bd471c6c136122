"""Developing mode: switched on for a story, on for longer, or ended with a note that sums it up."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.errors import Refused
from stories.actions.permissions import require_publish
from stories.actions.publishing.developing_mode import end_developing, start_developing
from stories.admin.page.decision import ReasonForm
from stories.admin.page.erased_since import clear_autosave
from stories.admin.page.frame import article_or_404, page_context
from stories.admin.page.status import StatusDetails, status_of
from stories.admin.publishing.review_forms import PENDING
from stories.domain.snapshot import NoteKind, UpdateNote
from stories.models import Article
from stories.models.update_notes import KIND_LABELS
from stories.time_labels import time_label


class SummaryForm(forms.Form):
    """The one note that sums up what developed."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
        initial=NoteKind.UPDATE.value,
    )
    text = forms.CharField(
        label=gettext_lazy("What developed, in one note"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=gettext_lazy("It goes live at once, as an update to what readers see now."),
    )
    pending = forms.ChoiceField(
        label=gettext_lazy("What happens to the scheduled version?"),
        required=False,
        choices=PENDING,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, is_pending: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_pending:
            del self.fields["pending"]

    def note(self) -> UpdateNote:
        values = self.cleaned_data
        return UpdateNote(key=uuid4(), kind=NoteKind(values["kind"]), text=values["text"].strip())


def developing_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Start, extend or end a story's developing mode."""
    article = article_or_404(model_admin, request, article_id)
    require_publish(request.user, article)
    status = status_of(article, at=timezone.now())
    step = request.POST.get("step", "")
    start = ReasonForm(prefix="start", data=request.POST if step == "start" else None)
    end = SummaryForm(
        prefix="end",
        data=request.POST if step == "end" else None,
        is_pending=status.pending is not None,
        initial={"pending": "rebase"},
    )
    answer = _act(request, article, status, start, end) if request.method == "POST" else None
    if answer is not None:
        return clear_autosave(request, answer)
    return TemplateResponse(
        request,
        "admin/stories/publishing/developing.html",
        {
            **page_context(model_admin, request, article, _("Developing mode")),
            "status": status,
            "start_form": start,
            "end_form": end,
            "media": model_admin.media + start.media + end.media,
        },
    )


def _act(
    request: HttpRequest, article: Article, status: StatusDetails, start: ReasonForm, end: SummaryForm
) -> HttpResponse | None:
    """Start or end the mode as the posted form asks; return None if the form has to be shown again."""
    form: Any = end if end.is_bound else start
    if not form.is_valid():
        return None
    try:
        if form is start:
            mode = start_developing(article=article, user=request.user, reason=form.cleaned_data["reason"])
            assert mode.until is not None
            messages.success(
                request,
                _("Readers are told that the story is developing, until %(time)s.")
                % {"time": time_label(mode.until)},
            )
            return HttpResponseRedirect(reverse("admin:stories_article_change", args=[article.pk]))
        publication = end_developing(
            article=article,
            note=form.note(),
            user=request.user,
            pending=form.cleaned_data.get("pending", ""),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    return HttpResponseRedirect(reverse("admin:stories_article_published", args=[article.pk, publication.pk]))

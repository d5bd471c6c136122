"""An auditor's question, shown and answered in the admin."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.audit.questions import answer_question
from stories.actions.errors import Refused
from stories.actions.permissions import may_answer, may_read_ledger
from stories.actions.texts import MOST_CHARACTERS
from stories.models import Question
from stories.queries.ledger.lines import lines_of


class AnswerForm(forms.Form):
    """An answer to an auditor."""

    reason = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "It is entered into the ledger and cannot be changed afterwards. Readers do not see it. Name no source."
        ),
    )


def question_view(request: HttpRequest, number: int) -> HttpResponse:
    """Show a question, what it is about, the answers so far, and the form of another one. Eleven queries."""
    question = get_object_or_404(Question.objects.select_related("article", "entry"), pk=number)
    is_allowed = may_answer(request.user, question)
    if not is_allowed and not may_read_ledger(request.user):
        raise PermissionDenied(
            _("This question was put to somebody else. They may answer it, and so may a managing editor.")
        )
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_question(question=question, user=request.user, reason=form.cleaned_data["reason"])
        except (Refused, PermissionDenied) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Your answer is entered. The auditor who asked sees it with the entry.")
            )
            return HttpResponseRedirect(reverse("desk:question", args=[question.pk]))
    return TemplateResponse(
        request,
        "admin/stories/desk/question.html",
        {
            **admin.site.each_context(request),
            "title": _("A question from an auditor"),
            "question": question,
            "line": lines_of([question.entry_id])[0],
            "answers": question.answers.order_by("pk"),
            "form": form,
            "may_answer": is_allowed,
        },
    )

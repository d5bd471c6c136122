"""Reset the second factor of somebody who has lost theirs."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.accounts.factors import reset_factors
from stories.actions.errors import Refused
from stories.actions.permissions import may_reset_factors
from stories.actions.texts import MOST_CHARACTERS
from stories.models import User


class ResetForm(forms.Form):
    """Why somebody's second factor is reset."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "For the record: how you know that it is this person who asks. Whoever has stolen a password asks too."
        ),
    )


def reset_factors_view(request: HttpRequest, number: int) -> HttpResponse:
    """Say what a reset does to an account, and reset its second factor."""
    person = get_object_or_404(User, pk=number)
    if not may_reset_factors(request.user, person):
        raise PermissionDenied(
            _("A managing editor may reset the second factor of others, but of nobody who has more rights.")
        )
    form = ResetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reset_factors(person=person, user=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("The second factor of %(name)s is reset. A mail tells them so.")
                % {"name": person.get_full_name()},
            )
            return HttpResponseRedirect(reverse("admin:stories_user_change", args=[person.pk]))
    return TemplateResponse(
        request,
        "admin/stories/sign_in/reset_factors.html",
        {
            **admin.site.each_context(request),
            "title": _("Reset the second factor"),
            "subtitle": person.get_full_name(),
            "person": person,
            "form": form,
        },
    )

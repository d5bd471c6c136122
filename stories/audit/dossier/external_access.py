"""Outside auditors: giving them stories, and the list of stories that they were given."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import name_of
from stories.actions.audit.dossier_access import end_access, give_access, is_outside_auditor
from stories.actions.errors import Refused
from stories.actions.permissions import require_giving_out
from stories.audit.dossier.dossier import accessible_article, dossier_context
from stories.audit.pages import page
from stories.domain.text.whole_number import whole_number
from stories.models import AuditAccess, User
from stories.queries.dossier.access import accesses_of_auditor, accesses_to
from stories.queries.publishing.versions import Version, live_versions_of

# The form's default end of access: about as long as most inquiries take.
USUAL = timedelta(days=30)


def _date_time_widget() -> forms.SplitDateTimeWidget:
    """Return a widget with the browser's own controls for a day and a time."""
    return forms.SplitDateTimeWidget(
        date_attrs={"type": "date", "aria-label": _("Until: date")},
        time_attrs={"type": "time", "aria-label": _("Until: time")},
        date_format="%Y-%m-%d",
        time_format="%H:%M",
    )


class AccessForm(forms.Form):
    """A form that gives a story to an outside auditor: until when, how much of it, and why."""

    auditor = forms.ModelChoiceField(label=gettext_lazy("Outside auditor"), queryset=User.objects.none())
    until = forms.SplitDateTimeField(label=gettext_lazy("Until"))
    full = forms.TypedChoiceField(
        label=gettext_lazy("How much of it"),
        coerce=lambda value: value == "full",
        choices=[
            ("public", gettext_lazy("the public part: versions, notes, proofs")),
            ("full", gettext_lazy("all of it but the desk’s contacts: drafts, reasons, names of who edits")),
        ],
        initial="public",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It goes into the ledger’s record. Never who a source is."),
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"until": (at + USUAL).replace(second=0, microsecond=0)}
        self.fields["until"].widget = _date_time_widget()
        field: Any = self.fields["auditor"]
        field.queryset = outside_auditors()
        field.label_from_instance = name_of


def outside_auditors() -> QuerySet[User]:
    """Return the accounts that a story can be given to, by name. There are few, so each one's rights are checked."""
    users = User.objects.with_perm("stories.see_given_stories", include_superusers=False)
    auditors = [user.pk for user in users if is_outside_auditor(user)]
    return User.objects.filter(pk__in=auditors).order_by("display_name", "email")


def access_view(request: HttpRequest, article_id: int) -> HttpResponse:
    """Give a story to an outside auditor, or take it back."""
    at = timezone.now()
    article, access_of_user = accessible_article(request, article_id, at=at)
    require_giving_out(request.user, article)
    form = AccessForm(request.POST if "give" in request.POST else None, at=at)
    if "give" in request.POST and form.is_valid():
        try:
            access = give_access(article=article, user=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s sees this story now.") % {"name": access.auditor_name})
            return HttpResponseRedirect(request.path)
    elif "end" in request.POST:
        number = whole_number(request.POST["end"], digits=18) or 0
        try:
            access = end_access(article=article, auditor_id=number, user=request.user, at=at)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(name)s sees this story no more.") % {"name": access.auditor_name})
        return HttpResponseRedirect(request.path)
    return page(
        request,
        "dossier_access.html",
        _("Outside auditors"),
        **dossier_context(request, article, access_of_user, at),
        form=form,
        accesses=accesses_to(article.pk),
    )


def given_stories_view(request: HttpRequest) -> HttpResponse:
    """List the stories that an outside auditor was given, each with its end. Two queries."""
    if not request.user.has_perm("stories.see_given_stories"):
        raise PermissionDenied(
            _(
                "This list is for auditors from outside, to whom the newsroom gives the dossiers of some stories. "
                "Ask a managing editor."
            )
        )
    at = timezone.now()
    assert request.user.pk is not None  # the view requires a sign-in
    given = accesses_of_auditor(request.user.pk, at=at)
    live = {
        version.article_id: version
        for version in live_versions_of([each.article_id for each in given], at=at)
    }
    return page(
        request,
        "given.html",
        _("Stories given to you"),
        given=[(each, _name(each, live)) for each in given],
        at=at,
    )


def _name(access: AuditAccess, live: dict[int, Version]) -> str:
    """Return the story's headline, as far as its auditor may know it."""
    if access.full:
        return str(access.article.headline)
    version = live.get(access.article_id)
    return version.headline if version is not None else _("A story that readers can’t see now")

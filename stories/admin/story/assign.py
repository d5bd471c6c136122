"""Assign a story to somebody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import name_of
from stories.actions.editing.assignments import assign
from stories.actions.permissions import require_assign
from stories.admin.page.decision import ReasonForm, decide, posted
from stories.admin.page.frame import article_or_404
from stories.admin.page.status import status_of
from stories.models import Article, User
from stories.queries.publishing.withdrawals import assignee_of


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's takes none when the code runs
    def label_from_instance(self, obj: User) -> str:
        return name_of(obj)


class AssignForm(ReasonForm):
    to = PersonField(
        label=gettext_lazy("Assign to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody"),
    )
    field_order = ["to", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        writers = User.objects.with_perm(
            "stories.add_article", backend="django.contrib.auth.backends.ModelBackend"
        )
        self.fields["to"].queryset = writers.order_by("display_name", "email")  # type: ignore[attr-defined]
        self.fields["reason"].label = _("What is to be done? (optional)")


def assign_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Assign a story to a person, or take it from whoever has it."""
    article = article_or_404(model_admin, request, article_id)
    require_assign(request.user, article)
    standing = assignee_of(article.pk)

    def act(values: dict[str, Any]) -> str:
        assignment = assign(article=article, to=values["to"], user=request.user, reason=values["reason"])
        if values["to"] is None:
            return _("The story is assigned to nobody.")
        return _("The story is assigned to %(name)s.") % {"name": assignment.assignee_name}

    return decide(
        model_admin,
        request,
        article,
        title=_("Assign the story"),
        explanation=_(
            "Whoever is assigned a story may change it and send it for review. What they change in a "
            "live story goes live once an editor publishes it."
        ),
        button=_("Assign"),
        form=AssignForm(initial={"to": standing.assignee_id if standing else None}, **posted(request)),
        act=act,
        status=status_of(article, at=timezone.now()),
    )

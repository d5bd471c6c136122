"""Set an embargo, the promise not to publish before a time, or lift it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.permissions import require_publish
from stories.actions.publishing.embargoes import set_embargo
from stories.admin.page.decision import decide, posted
from stories.admin.page.frame import article_or_404
from stories.admin.page.moments import SplitMomentField
from stories.admin.page.status import status_of
from stories.admin.story_form.forms import add_zone_to_label, set_aria_label
from stories.models import Article


class EmbargoForm(forms.Form):
    until = SplitMomentField(
        label=gettext_lazy("Not before"),
        required=False,
        help_text=gettext_lazy("Left empty, the embargo is lifted."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Promised to whom, or why it is lifted"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_zone_to_label(self.fields["until"])
        set_aria_label(self.fields["until"])


def embargo_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Set or lift a story's embargo."""
    article = article_or_404(model_admin, request, article_id)
    require_publish(request.user, article)
    status = status_of(article, at=timezone.now())

    def act(values: dict[str, Any]) -> str:
        set_embargo(article=article, until=values["until"], user=request.user, reason=values["reason"])
        return _("The embargo stands.") if values["until"] else _("The embargo is lifted.")

    return decide(
        model_admin,
        request,
        article,
        title=_("Embargo"),
        explanation=_("Nobody can publish a story under embargo for a time before the embargo ends."),
        button=_("Save the embargo"),
        form=EmbargoForm(
            initial={"until": status.embargo.until if status.embargo else None}, **posted(request)
        ),
        act=act,
        status=status,
    )

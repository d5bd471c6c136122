"""Publish a story: what changes for readers, when it goes live, under which class. Cancel; embargo."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.cancel import cancel
from stories.actions.errors import Refused
from stories.actions.people import may_override, may_publish
from stories.actions.publish import CHOSEN, publish
from stories.actions.set_embargo import set_embargo
from stories.admin.forms import say_label
from stories.admin.history import compared, opened_article, page_context
from stories.admin.status import StoryStatus, status_of
from stories.domain.snapshot import EMPTY, PublicStory, UpdateNote
from stories.models import Article, PublicationClass
from stories.queries.snapshots import snapshot_at

NOW, LATER = "now", "later"

CLASS_HELP = {
    PublicationClass.MINOR: gettext_lazy("Minor: a typo or a style fix. Readers see no note."),
    PublicationClass.TRANSCRIPTION: gettext_lazy(
        "Transcription: spelling or punctuation inside a quote, checked against its source."
    ),
    PublicationClass.DEVELOPING: gettext_lazy(
        "Developing: the story moves on. The reason is shown to readers in the list of versions."
    ),
    PublicationClass.OVERRIDE: gettext_lazy(
        "Override: a change of substance without a note. The auditors see who decided it, and why."
    ),
}


class PublishForm(forms.Form):
    """When a revision goes live; and where no new note tells readers of it, why none does."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[(NOW, gettext_lazy("Now")), (LATER, gettext_lazy("At a time"))],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    live_from = forms.SplitDateTimeField(
        label=gettext_lazy("Goes live on"), required=False, widget=AdminSplitDateTime
    )
    publication_class = forms.ChoiceField(
        label=gettext_lazy("Without a note, because it is"), required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("What changed, and why?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )

    def __init__(self, *args: Any, classes: list[PublicationClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if classes:
            self.fields["publication_class"].choices = [(each, CLASS_HELP[each]) for each in classes]  # type: ignore[attr-defined]
        else:
            del self.fields["publication_class"]
        say_label(self.fields["live_from"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("when") == LATER and not values.get("live_from") and "live_from" not in self.errors:
            self.add_error("live_from", _("Say on which day and at which time it goes live."))
        return values

    def goes_live(self) -> datetime | None:
        """When it goes live; None for now."""
        return self.cleaned_data["live_from"] if self.cleaned_data["when"] == LATER else None


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it cancelled?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )


class EmbargoForm(forms.Form):
    until = forms.SplitDateTimeField(
        label=gettext_lazy("Not before"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=gettext_lazy("Left empty, the embargo is lifted."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Promised to whom, or why it is lifted"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_label(self.fields["until"])


def publish_view(model_admin: Any, request: HttpRequest, article_id: int) -> HttpResponse:
    """The page from which a story is published, scheduled, cancelled, put under embargo."""
    article = opened_article(model_admin, request, article_id)
    if not may_publish(request.user):
        raise PermissionDenied(_("You may not publish. Ask an editor to publish this story."))
    at = timezone.now()
    status = status_of(article, at=at)
    before = snapshot_at(article.pk, status.live.revision.number).public() if status.live else EMPTY.public()
    wanted = _asked_for(request, status)
    after = snapshot_at(article.pk, wanted).public()
    notes = new_notes(before, after)
    action = request.POST.get("action", "")

    def posted(name: str) -> dict[str, Any]:
        return {"data": request.POST} if action == name else {}

    classes = [] if status.live is None or notes else _classes(request)
    publish_form = PublishForm(classes=classes, initial={"revision": wanted}, **posted("publish"))
    cancel_form = CancelForm(prefix="cancel", **posted("cancel"))
    until = status.embargo.until if status.embargo else None
    embargo_form = EmbargoForm(prefix="embargo", initial={"until": until}, **posted("embargo"))
    if request.method == "POST":
        done = ""
        try:
            if action == "publish" and publish_form.is_valid():
                done = _publish(request, article, publish_form)
            elif action == "cancel" and status.pending and cancel_form.is_valid():
                cancel(
                    publication=status.pending, user=request.user, reason=cancel_form.cleaned_data["reason"]
                )
                done = _("The publication was cancelled. What is live stays as it is.")
            elif action == "embargo" and embargo_form.is_valid():
                done = _set_embargo(request, article, embargo_form)
        except Refused as refusal:
            messages.error(request, str(refusal))
        if done:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("admin:stories_article_publish", args=[article.pk]))
    return TemplateResponse(
        request,
        "admin/stories/article/publish.html",
        {
            **page_context(model_admin, request, article, _("Publish")),
            "status": status,
            "revision": wanted,
            "notes": notes,
            "publish_form": publish_form,
            "cancel_form": cancel_form,
            "embargo_form": embargo_form,
            "comparison": compared(before, after) if status.live else None,
            "nothing_new": status.waiting == 0,
            "media": model_admin.media + publish_form.media + embargo_form.media,
        },
    )


def new_notes(before: PublicStory, after: PublicStory) -> list[UpdateNote]:
    """The notes that readers of `before` have not seen."""
    known = {note.key for note in before.update_notes}
    return [note for note in after.update_notes if note.key not in known]


def _asked_for(request: HttpRequest, status: StoryStatus) -> int:
    """The revision that the page showed when it was sent: what was looked at is what is published."""
    posted = request.POST.get("revision", "")
    number = int(posted) if posted.isdecimal() and len(posted) < 10 else status.revision
    return number if 1 <= number <= status.revision else status.revision


def _classes(request: HttpRequest) -> list[PublicationClass]:
    return [each for each in CHOSEN if each != PublicationClass.OVERRIDE or may_override(request.user)]


def _publish(request: HttpRequest, article: Article, form: PublishForm) -> str:
    publication = publish(
        article=article,
        revision=form.cleaned_data["revision"],
        user=request.user,
        publication_class=form.cleaned_data.get("publication_class", ""),
        reason=form.cleaned_data["reason"],
        live_from=form.goes_live(),
    )
    values = {"number": publication.revision.number}
    if publication.live_from > publication.recorded_at:
        return _("Revision %(number)s is scheduled. It goes live by itself.") % values
    return _("Revision %(number)s is live.") % values


def _set_embargo(request: HttpRequest, article: Article, form: EmbargoForm) -> str:
    values = form.cleaned_data
    set_embargo(article=article, until=values["until"], user=request.user, reason=values["reason"])
    return _("The embargo stands.") if values["until"] else _("The embargo is lifted.")

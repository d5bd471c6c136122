"""The desk's side of a comment request: deadline, contacts, attempts. None of it is part of the story."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from stories.actions.errors import Refused
from stories.actions.keep_desk_record import keep_desk_record
from stories.actions.log_attempt import log_attempt
from stories.actions.people import may_edit
from stories.admin.log_entries import BareLog
from stories.models import CommentRequest, ContactAttempt, DeskRecord


class ContactAttemptInline(admin.StackedInline):
    """Attempts are added and kept; what happened is not edited afterwards."""

    model = ContactAttempt
    extra = 0
    fieldsets = [(None, {"fields": [("at", "channel", "terms"), "summary", "user_name"]})]
    readonly_fields = ["user_name"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DeskRecord)
class DeskRecordAdmin(BareLog):
    """One record a request. It is begun from the story's form, where the request stands."""

    inlines = [ContactAttemptInline]
    fields = ["story", "party", "deadline", "contact", "statement"]
    readonly_fields = ["story", "party"]
    list_display = ["party", "story", "deadline"]
    list_select_related = ["article"]
    search_fields = ["party"]
    ordering = ["deadline", "pk"]
    actions = None

    class Media:
        css = {"all": ["stories/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only for a request that the address names: a record without one would belong to nothing."""
        wanted = _request_named(request)
        return wanted is not None and may_edit(request.user, wanted.parent)

    def has_change_permission(self, request: HttpRequest, obj: DeskRecord | None = None) -> bool:
        if obj is None or obj.article_id is None:
            return super().has_change_permission(request)
        return may_edit(request.user, obj.article)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form_class = super().get_form(request, obj, change, **kwargs)
        # The page that begins a record shows which request it is for.
        wanted = None if change else _request_named(request)
        if wanted is None:
            return form_class

        article, key, party = wanted.parent, wanted.key, wanted.party

        class BeginningForm(form_class):  # type: ignore[misc, valid-type]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.instance.article = article
                self.instance.request_key, self.instance.party = key, party

        return BeginningForm

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            # Another record belongs to another request, which this page does not know.
            context = {"show_save_and_add_another": False, **(extra_context or {})}
            return super().changeform_view(request, object_id, form_url, context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: DeskRecord, form: Any, change: bool) -> None:
        obj.pk = keep_desk_record(
            article=obj.article,
            request_key=obj.request_key,
            user=request.user,
            deadline=obj.deadline,
            contact=obj.contact,
            statement=obj.statement,
        ).pk

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for attempt in formset.save(commit=False):
            log_attempt(
                record=form.instance,
                user=request.user,
                at=attempt.at,
                channel=attempt.channel,
                terms=attempt.terms,
                summary=attempt.summary,
            )

    @admin.display(description=_("story"), ordering="article")
    def story(self, record: DeskRecord) -> str:
        if record.article_id is None:
            return "—"
        address = reverse("admin:stories_article_change", args=[record.article_id])
        return format_html('<a href="{}">{}</a>', address, record.article.headline)


def go_to_desk_record(model_admin: Any, request: HttpRequest, article_id: int, key: UUID) -> HttpResponse:
    """On to the record of a request, or to the form that begins it."""
    record = (
        DeskRecord.objects.filter(article=article_id, request_key=key).values_list("pk", flat=True).first()
    )
    if record is not None:
        return HttpResponseRedirect(reverse("admin:stories_deskrecord_change", args=[record]))
    address = reverse("admin:stories_deskrecord_add")
    return HttpResponseRedirect(f"{address}?{urlencode({'request': str(key)})}")


def _request_named(request: HttpRequest) -> CommentRequest | None:
    try:
        key = UUID(request.GET.get("request", ""))
    except ValueError:
        return None
    return CommentRequest.objects.filter(key=key).select_related("parent").first()

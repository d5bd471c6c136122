"""The desk's side of a comment request: deadline, contacts, attempts. None of it is part of the story."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy as _

from stories.actions.errors import Refused
from stories.actions.keep_desk_record import KeepRefused, keep_desk_record, reading
from stories.actions.log_attempt import log_attempt
from stories.actions.people import (
    may_edit,
    may_see_all_desk_records,
    may_see_desk_records,
    stories_of,
)
from stories.admin.bad_addresses import BadAddresses
from stories.admin.log_entries import BareLog
from stories.models import CommentRequest, ContactAttempt, DeskRecord


class RecordList(ChangeList):
    """The list of records, as far as somebody may read them."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        records = super().get_queryset(request, exclude_parameters)
        if may_see_all_desk_records(request.user):
            return records
        return records.filter(article__in=stories_of(request.user).values("pk"))


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


class DeskRecordForm(forms.ModelForm):
    """A record as somebody opened it, and what came between: that is told, and what they typed stays."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    # Why the action refused what was sent; None the first time round.
    refusal: ClassVar[Refused | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = reading(self.instance if self.instance.pk else None)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.refusal is None:
            return values
        told: list[Any] = [str(self.refusal)]
        if isinstance(self.refusal, KeepRefused):
            # Theirs is shown now, so the next save is made in its knowledge.
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data[self.add_prefix("seen")] = reading(self.refusal.record)  # type: ignore[index]
            told += _as_saved(self.refusal.record)
        raise ValidationError(told)


@admin.register(DeskRecord)
class DeskRecordAdmin(BadAddresses, BareLog):
    """One record a request. It is begun from the story's form, where the request stands."""

    form = DeskRecordForm
    inlines = [ContactAttemptInline]
    fields = ["story", "party", "deadline", "contact", "statement", "seen"]
    readonly_fields = ["story", "party"]
    list_display = ["party", "story", "deadline"]
    list_select_related = ["article"]
    search_fields = ["party"]
    ordering = ["deadline", "pk"]
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ["stories/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only for a request that the address names: a record without one would belong to nothing."""
        wanted = _request_named(request)
        return wanted is not None and may_edit(request.user, wanted.parent)

    def has_view_permission(self, request: HttpRequest, obj: DeskRecord | None = None) -> bool:
        allowed = super().has_view_permission(request, obj)
        if obj is None or obj.article_id is None:
            return allowed
        return allowed and may_see_desk_records(request.user, obj.article)

    def has_change_permission(self, request: HttpRequest, obj: DeskRecord | None = None) -> bool:
        if obj is None or obj.article_id is None:
            return super().has_change_permission(request)
        return may_edit(request.user, obj.article)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: DeskRecord | None = None) -> Any:
        fields = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fields
        return [name for name in fields if name != "seen"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form_class = super().get_form(request, obj, change, **kwargs)
        # The page that begins a record shows which request it is for.
        wanted = None if change else _request_named(request)

        class AskedForm(form_class):  # type: ignore[misc, valid-type]
            refusal = getattr(request, "refusal", None)

            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                if wanted is not None:
                    self.instance.article = wanted.parent
                    self.instance.request_key, self.instance.party = wanted.key, wanted.party

        return AskedForm

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # Another record belongs to another request, which this page does not know.
        context = {"show_save_and_add_another": False, **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except Refused as refusal:
            # Once more, with the refusal as a problem of the form: so it comes back with all that was typed.
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: DeskRecord, form: Any, change: bool) -> None:
        obj.pk = keep_desk_record(
            article=obj.article,
            request_key=obj.request_key,
            user=request.user,
            deadline=obj.deadline,
            contact=obj.contact,
            statement=obj.statement,
            seen=form.cleaned_data["seen"],
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

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordList

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


def _as_saved(record: DeskRecord | None) -> list[str]:
    """What somebody else's record says, field by field."""
    if record is None:
        return []
    deadline = date_format(localtime(record.deadline), "DATETIME_FORMAT") if record.deadline else ""
    theirs = {"deadline": deadline, "contact": record.contact, "statement": record.statement}
    labels = {field.name: field.verbose_name for field in record._meta.concrete_fields}
    return [
        gettext("Theirs, %(field)s: %(value)s") % {"field": labels[name], "value": value or "—"}
        for name, value in theirs.items()
    ]


def _request_named(request: HttpRequest) -> CommentRequest | None:
    try:
        key = UUID(request.GET.get("request", ""))
    except ValueError:
        return None
    return CommentRequest.objects.filter(key=key).select_related("parent").first()

"""Parties asked for comment: the public side, which is part of the story, and the desk's, which never is."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.domain.snapshot import RequestStatus
from stories.models.record.recording import StoryPart

STATUS_LABELS = {
    RequestStatus.PENDING: _("pending"),
    RequestStatus.RECEIVED: _("received"),
    RequestStatus.DECLINED: _("declined"),
    RequestStatus.NO_RESPONSE: _("no response"),
    RequestStatus.WITHDRAWN: _("withdrawn"),
}


class CommentRequest(StoryPart):
    """One party asked for comment, with what readers may know of it."""

    party = models.CharField(_("who is asked"), max_length=300)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=[(status.value, label) for status, label in STATUS_LABELS.items()],
        default=RequestStatus.PENDING.value,
    )
    requested_at = models.DateTimeField(_("asked"), null=True, blank=True)
    responded_at = models.DateTimeField(_("answered"), null=True, blank=True)
    asked_how = models.CharField(
        _("how they were asked"),
        max_length=200,
        blank=True,
        help_text=_("As in “by e-mail and phone”. Readers see it."),
    )
    shown = models.BooleanField(_("shown to readers"), default=True)
    sentence = models.TextField(
        _("sentence"),
        blank=True,
        max_length=1000,
        help_text=_("Left empty, the page composes the sentence by itself."),
    )

    class Meta(StoryPart.Meta):
        verbose_name = _("comment request")
        verbose_name_plural = _("comment requests")
        indexes = [
            models.Index(name="request_by_state", fields=["status", "requested_at"]),
        ]
        constraints = [
            models.CheckConstraint(name="request_has_party", condition=~models.Q(party="")),
            models.CheckConstraint(
                name="request_state_known",
                condition=models.Q(status__in=[status.value for status in RequestStatus]),
            ),
            models.CheckConstraint(
                name="request_answered_after_asked",
                condition=models.Q(responded_at__isnull=True)
                | models.Q(requested_at__isnull=True)
                | models.Q(responded_at__gte=models.F("requested_at")),
            ),
            models.CheckConstraint(
                name="request_pending_is_unanswered",
                condition=models.Q(responded_at__isnull=True) | ~models.Q(status=RequestStatus.PENDING.value),
            ),
        ]

    def __str__(self) -> str:
        return self.party

    def clean(self) -> None:
        if self.responded_at and self.status == RequestStatus.PENDING:
            raise ValidationError(
                {
                    "status": _(
                        "This request has an answer’s time, so it is no longer pending. Choose what came."
                    )
                }
            )
        if self.responded_at and self.requested_at and self.responded_at < self.requested_at:
            raise ValidationError({"responded_at": _("The answer can’t be earlier than the request.")})


class DeskModel(models.Model):
    """The desk's internal data on a story. Readers never see it, and changing it is never an edit."""

    class Meta:
        abstract = True


class Terms(models.TextChoices):
    """The terms on which somebody speaks; *disputed* if they named them only afterwards, and on their own."""

    ON_THE_RECORD = "on-the-record", _("on the record")
    BACKGROUND = "background", _("background")
    OFF_THE_RECORD = "off-the-record", _("off the record")
    DISPUTED = "disputed", _("disputed")


class DeskRecord(DeskModel):
    """The desk's side of one comment request: deadline, contact, and the statement until it is placed.

    It refers to the request's key rather than its row, so that it survives a request that an editor removes from the
    story, and belongs to it again if it is restored.
    """

    article = models.ForeignKey(
        "stories.Article", on_delete=models.PROTECT, related_name="desk_records", verbose_name=_("story")
    )
    request_key = models.UUIDField(_("request"), unique=True, editable=False)
    party = models.CharField(_("who is asked"), max_length=300)
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True, db_index=True)
    contact = models.TextField(
        _("contact"),
        blank=True,
        max_length=2000,
        help_text=_(
            "Press office, spokesperson. Never a confidential source: their identity is not kept here."
        ),
    )
    statement = models.TextField(
        _("statement"),
        blank=True,
        help_text=_(
            "What they sent, until it stands in the story. Never who a source is that is not to be named."
        ),
    )
    # The terms of the statement; "" before there is one.
    terms = models.CharField(_("terms"), max_length=20, choices=Terms.choices, blank=True, editable=False)

    class Meta(DeskModel.Meta):
        verbose_name = _("desk record")
        # The admin's name for the list of these records.
        verbose_name_plural = _("comment desk")
        constraints = [
            models.CheckConstraint(
                name="desk_record_off_record_is_bare",
                condition=~models.Q(terms="off-the-record") | models.Q(statement=""),
            ),
            models.CheckConstraint(
                name="desk_record_terms_known", condition=models.Q(terms__in=["", *Terms.values])
            ),
        ]

    def __str__(self) -> str:
        return self.party


class ContactAttempt(DeskModel):
    """One attempt to contact a party, or (`answered`) one answer of theirs.

    Off the record, only the fact and its time are stored.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")
        MESSAGE = "message", _("message")
        IN_PERSON = "in-person", _("in person")
        LETTER = "letter", _("letter")

    record = models.ForeignKey(
        DeskRecord, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("desk record")
    )
    at = models.DateTimeField(_("when"))
    answered = models.BooleanField(_("they answered"), default=False)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    user_id = models.BigIntegerField(_("by (number)"), null=True, editable=False)
    user_name = models.CharField(_("by"), max_length=200, editable=False)
    terms = models.CharField(
        _("terms"), max_length=20, choices=Terms.choices, default=Terms.ON_THE_RECORD.value
    )
    summary = models.TextField(_("what came of it"), blank=True, max_length=5000)

    class Meta(DeskModel.Meta):
        verbose_name = _("contact attempt")
        verbose_name_plural = _("contact attempts")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                name="attempt_off_record_is_bare",
                condition=~models.Q(terms="off-the-record") | models.Q(summary=""),
            ),
            models.CheckConstraint(
                name="attempt_terms_known",
                condition=models.Q(terms__in=Terms.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.at:%Y-%m-%d %H:%M}"

    def clean(self) -> None:
        if self.terms == Terms.OFF_THE_RECORD and self.summary:
            raise ValidationError(
                {
                    "summary": _(
                        "Off the record keeps the time and the fact alone. Empty this, or change the terms."
                    )
                }
            )


class TermsDecision(DeskModel):
    """An editor's decision on disputed terms, with a reason. A record's newest one counts."""

    record = models.ForeignKey(
        DeskRecord, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("desk record")
    )
    at = models.DateTimeField(_("when"))
    terms = models.CharField(_("terms"), max_length=20, choices=Terms.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    user_id = models.BigIntegerField(_("by (number)"), null=True, editable=False)
    user_name = models.CharField(_("by"), max_length=200, editable=False)

    class Meta(DeskModel.Meta):
        verbose_name = _("decision on terms")
        verbose_name_plural = _("decisions on terms")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                name="decision_decides",
                condition=models.Q(terms__in=["on-the-record", "background", "off-the-record"]),
            ),
            models.CheckConstraint(name="decision_says_why", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_terms_display()} {self.at:%Y-%m-%d %H:%M}"

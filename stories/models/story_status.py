"""Each story's status, for the desk's lists: derived from its events, and updated with each of them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stories.models.comment_requests import DeskModel


class StoryStatus(DeskModel):
    """What the journals say of one story, in columns that lists can filter and order by.

    Nothing here depends on the time at which it is read: what is live follows from `first_live_from` and
    `last_live_from`, and the reader passes the time. `actions.record.story_status` writes it; it proves nothing.
    """

    article = models.OneToOneField(
        "stories.Article", on_delete=models.CASCADE, primary_key=True, related_name="story_status"
    )
    begun_by_id = models.BigIntegerField(null=True)
    begun_by = models.CharField(_("begun by"), max_length=200, blank=True)
    # The newest revision.
    newest = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(_("last edit"), null=True)
    edited_by_id = models.BigIntegerField(null=True)
    edited_by = models.CharField(_("last edited by"), max_length=200, blank=True)
    # The newest publication that is not cancelled, live or not: its revision's number (0 without one), its address,
    # and how many there are.
    published = models.PositiveIntegerField(default=0)
    address = models.CharField(max_length=200, blank=True)
    publications = models.PositiveIntegerField(default=0)
    first_live_from = models.DateTimeField(null=True)
    last_live_from = models.DateTimeField(null=True)
    # When the oldest unpublished edit was made; empty for a draft.
    waiting_since = models.DateTimeField(_("edits waiting since"), null=True)
    withdrawn = models.BooleanField(default=False)
    discarded = models.BooleanField(default=False)
    developing_until = models.DateTimeField(null=True)
    embargo_until = models.DateTimeField(null=True)
    assignee_id = models.BigIntegerField(null=True)
    assignee = models.CharField(_("assigned to"), max_length=200, blank=True)
    # The open review request; empty if there is none.
    offered_at = models.DateTimeField(_("sent for review"), null=True)
    offered_by = models.CharField(_("sent for review by"), max_length=200, blank=True)
    open_requests = models.PositiveIntegerField(_("open requests"), default=0)

    class Meta(DeskModel.Meta):
        verbose_name = _("story’s status")
        verbose_name_plural = _("stories’ status")
        indexes = [
            models.Index(name="status_by_edit", fields=["-edited_at", "-article"]),
            models.Index(name="status_by_editor", fields=["edited_by_id", "-edited_at"]),
            models.Index(name="status_by_beginner", fields=["begun_by_id", "-edited_at"]),
            models.Index(name="status_by_assignee", fields=["assignee_id", "-edited_at"]),
            models.Index(name="status_by_live_from", fields=["last_live_from"]),
            models.Index(name="status_by_appearance", fields=["first_live_from", "article"]),
            models.Index(
                name="status_waiting",
                fields=["waiting_since"],
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(name="status_offered", fields=["offered_at"], condition=Q(offered_at__isnull=False)),
            models.Index(
                name="status_developing",
                fields=["developing_until"],
                condition=Q(developing_until__isnull=False),
            ),
            models.Index(name="status_by_publications", fields=["publications", "-edited_at"]),
            models.Index(name="status_withdrawn", fields=["article"], condition=Q(withdrawn=True)),
            models.Index(name="status_discarded", fields=["article"], condition=Q(discarded=True)),
        ]

    def __str__(self) -> str:
        return str(self.article_id)

    def is_live(self, at: datetime) -> bool:
        """Return whether readers see a version of it at a time."""
        return self.first_live_from is not None and self.first_live_from <= at and not self.withdrawn

    def pending_from(self, at: datetime) -> datetime | None:
        """Return when the version that is pending at a time goes live, None if there is none."""
        return self.last_live_from if self.last_live_from is not None and self.last_live_from > at else None

    def version(self, at: datetime) -> int:
        """Return the number of the newest version at a time, 0 before the first."""
        return self.publications - (1 if self.pending_from(at) else 0)

    @property
    def is_draft(self) -> bool:
        """Whether nothing of it is published or scheduled."""
        return self.publications == 0

"""Addresses of the audit desk, under the admin's."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from stories.audit.entry import entry_page
from stories.audit.figures import figures_page
from stories.audit.front_page import front_page
from stories.audit.ledger import ledger_list
from stories.audit.pages import for_auditors
from stories.audit.queues import queue_page
from stories.audit.verification import verification


class SequenceConverter(IntConverter):
    """The sequence of an entry: a whole number that every database can hold."""

    regex = "[0-9]{1,18}"


register_converter(SequenceConverter, "sequence")

app_name = "audit"
urlpatterns = [
    path("", for_auditors(front_page), name="front"),
    path("verification/", for_auditors(verification), name="verification"),
    path("ledger/", for_auditors(ledger_list), name="ledger"),
    path("ledger/<sequence:sequence>/", for_auditors(entry_page), name="entry"),
    path("queues/<slug:name>/", for_auditors(queue_page), name="queue"),
    path("figures/", for_auditors(figures_page), name="figures"),
]

"""Addresses of the audit desk, under the admin's."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path, register_converter
from django.urls.converters import IntConverter

from stories.audit.dossier.dossier import dossier_view
from stories.audit.dossier.external_access import access_view, given_stories_view
from stories.audit.dossier.files import picture_view, public_file_view
from stories.audit.dossier.orders import decide_view, order_view, orders_view, take_view
from stories.audit.figures import figures_page
from stories.audit.front_page import front_page
from stories.audit.ledger.entry import entry_page
from stories.audit.ledger.ledger_list import ledger_list
from stories.audit.pages import for_auditors
from stories.audit.queues import queue_page
from stories.audit.verification import verification


class RowNumberConverter(IntConverter):
    """The number of a row: a whole number that every database can store."""

    regex = "[0-9]{1,18}"


register_converter(RowNumberConverter, "row")

# Outside auditors use these views too: each checks what its reader was given.
_signed_in = admin.site.admin_view

app_name = "audit"
urlpatterns = [
    path("", for_auditors(front_page), name="front"),
    path("verification/", for_auditors(verification), name="verification"),
    path("ledger/", for_auditors(ledger_list), name="ledger"),
    path("ledger/<row:sequence>/", for_auditors(entry_page), name="entry"),
    path("queues/<slug:name>/", for_auditors(queue_page), name="queue"),
    path("figures/", for_auditors(figures_page), name="figures"),
    path("given/", _signed_in(given_stories_view), name="given"),
    path("dossiers/", _signed_in(orders_view), name="dossier_orders"),
    path("dossiers/<row:order_id>/decide/", _signed_in(decide_view), name="dossier_decide"),
    path("dossiers/<row:order_id>/file/", _signed_in(take_view), name="dossier_take"),
    path("dossier/<row:article_id>/", _signed_in(dossier_view), name="dossier"),
    path("dossier/<row:article_id>/public.zip", _signed_in(public_file_view), name="dossier_public_file"),
    path("dossier/<row:article_id>/full/", _signed_in(order_view), name="dossier_order"),
    path("dossier/<row:article_id>/access/", _signed_in(access_view), name="dossier_access"),
    path(
        "dossier/<row:article_id>/pictures/<slug:digest>/", _signed_in(picture_view), name="dossier_picture"
    ),
]

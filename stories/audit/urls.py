"""Addresses of the audit desk, under the admin's."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from stories.audit.dossier_files import picture_view, public_file_view
from stories.audit.dossier_orders import decide_view, order_view, orders_view, take_view
from stories.audit.dossiers import dossier_view
from stories.audit.front_page import front_page
from stories.audit.given_stories import access_view, given_view
from stories.audit.pages import for_auditors

# Outside auditors come here too: each of these views asks what its reader was given.
_inside = admin.site.admin_view

app_name = "audit"
urlpatterns = [
    path("", for_auditors(front_page), name="front"),
    path("given/", _inside(given_view), name="given"),
    path("dossiers/", _inside(orders_view), name="dossier_orders"),
    path("dossiers/<number:order_id>/decide/", _inside(decide_view), name="dossier_decide"),
    path("dossiers/<number:order_id>/file/", _inside(take_view), name="dossier_take"),
    path("dossier/<number:article_id>/", _inside(dossier_view), name="dossier"),
    path("dossier/<number:article_id>/public.zip", _inside(public_file_view), name="dossier_public_file"),
    path("dossier/<number:article_id>/full/", _inside(order_view), name="dossier_order"),
    path("dossier/<number:article_id>/access/", _inside(access_view), name="dossier_access"),
    path(
        "dossier/<number:article_id>/pictures/<slug:digest>/", _inside(picture_view), name="dossier_picture"
    ),
]

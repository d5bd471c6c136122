"""Full dossiers: requested by one person, approved or refused by another, and available for seven days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST

from stories.actions.actors import site_locale
from stories.actions.audit.dossier_orders import (
    HANDED_OUT_FOR,
    approve_dossier,
    download_dossier,
    order_dossier,
    refuse_dossier,
)
from stories.actions.errors import Refused
from stories.actions.permissions import (
    DOSSIER_ORDERS_ONLY,
    may_give_out,
    may_see_dossier_orders,
    require_dossier_order,
    require_giving_out,
)
from stories.audit.dossier.dossier import accessible_article, dossier_context
from stories.audit.dossier.files import as_download
from stories.audit.pages import page
from stories.domain.text.whole_number import whole_number
from stories.models import Article, DossierOrder
from stories.queries.dossier.export import full_dossier

PAGE_LENGTH = 50


class DossierReasonForm(forms.Form):
    """Why a dossier is requested, or refused."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It goes into the ledger’s record. Never who a source is."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """A request, its state, and what the user may do with it."""

    order: DossierOrder
    state: str
    may_decide: bool
    may_download: bool
    until: datetime | None


def order_view(request: HttpRequest, article_id: int) -> HttpResponse:
    """Request a story's full dossier, and list the requests for it that the user may see."""
    at = timezone.now()
    article, access = accessible_article(request, article_id, at=at)
    require_dossier_order(request.user, article, at=at)
    form = DossierReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            order_dossier(article=article, user=request.user, reason=form.cleaned_data["reason"], at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("You have asked for the full dossier. Once somebody else approves it, it is here.")
            )
            return HttpResponseRedirect(request.path)
    orders = _orders(request).filter(article=article)
    return page(
        request,
        "dossier_order.html",
        _("Full dossier"),
        **dossier_context(request, article, access, at),
        form=form,
        orders=[_order_row(order, request, at) for order in orders[:PAGE_LENGTH]],
        days=HANDED_OUT_FOR.days,
    )


def orders_view(request: HttpRequest) -> HttpResponse:
    """List every request for a full dossier, newest first."""
    if not may_see_dossier_orders(request.user):
        raise PermissionDenied(DOSSIER_ORDERS_ONLY)
    at = timezone.now()
    number = whole_number(request.GET.get("page", "")) or 1
    found = Paginator(_orders(request), PAGE_LENGTH).get_page(number)
    return page(
        request,
        "dossier_orders.html",
        _("Requests for full dossiers"),
        is_inside=True,
        found=found,
        orders=[_order_row(order, request, at) for order in found.object_list],
        at=at,
    )


@require_POST
def decide_view(request: HttpRequest, order_id: int) -> HttpResponse:
    """Approve or refuse a request."""
    if not may_see_dossier_orders(request.user):
        # Who may not read the requests must not learn which there are.
        raise PermissionDenied(DOSSIER_ORDERS_ONLY)
    order = get_object_or_404(DossierOrder.objects.select_related("article"), pk=order_id)
    require_giving_out(request.user, order.article)
    reason = request.POST.get("reason", "")
    try:
        if "approve" in request.POST:
            approve_dossier(order=order, user=request.user, reason=reason)
            messages.success(
                request, _("The dossier is approved. Who asked for it and you can have its file now.")
            )
        elif "refuse" in request.POST:
            refuse_dossier(order=order, user=request.user, reason=reason)
            messages.success(request, _("The dossier is refused."))
        else:
            messages.error(request, _("Nothing was decided. Press “Approve” or “Refuse”."))
    except Refused as refusal:
        messages.error(request, str(refusal))
        if reason:
            messages.warning(request, _("You had written: “%(words)s”") % {"words": reason})
    return HttpResponseRedirect(reverse("audit:dossier_order", args=[order.article_id]))


@require_POST
def take_view(request: HttpRequest, order_id: int) -> HttpResponse | FileResponse:
    """Serve the full dossier's file, after recording who downloads it."""
    at = timezone.now()
    order = get_object_or_404(_orders(request), pk=order_id)
    try:
        download_dossier(order=order, user=request.user, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("audit:dossier_order", args=[order.article_id]))
    with site_locale():
        # The file is one and the same, whoever is handed it.
        return as_download(full_dossier(Article.objects.get(pk=order.article_id), at=at))


def _orders(request: HttpRequest) -> QuerySet[DossierOrder]:
    """Return the requests that a user may see: those in the house all, an outside auditor their own."""
    orders = DossierOrder.objects.select_related("article", "approval").order_by("-pk")
    return orders if may_see_dossier_orders(request.user) else orders.filter(user_id=request.user.pk)


def _order_row(order: DossierOrder, request: HttpRequest, at: datetime) -> OrderRow:
    approval = getattr(order, "approval", None)
    user_id = request.user.pk
    until = approval.recorded_at + HANDED_OUT_FOR if approval and approval.approved else None
    if approval is None:
        state = _("waits for a second person")
    elif not approval.approved:
        state = _("refused by %(name)s") % {"name": approval.user_name}
    elif until is not None and until <= at:
        state = _("approved by %(name)s; the time to fetch it is over") % {"name": approval.user_name}
    else:
        state = _("approved by %(name)s") % {"name": approval.user_name}
    return OrderRow(
        order=order,
        state=state,
        may_decide=approval is None
        and may_give_out(request.user, order.article)
        and order.user_id != user_id,
        may_download=until is not None
        and until > at
        and user_id in (order.user_id, approval and approval.user_id),
        until=until,
    )

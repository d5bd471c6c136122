"""Figures over time, as tables."""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.audit.pages import page
from stories.queries.audit.figures import MonthlyFigures, monthly_figures

MONTHS: Final = 12


def figures_page(request: HttpRequest) -> HttpResponse:
    """Show the last twelve months, by section. Two queries besides the frame's."""
    at = timezone.now()
    found = monthly_figures(since=_first_month(at), at=at)
    months = [(month, list(rows)) for month, rows in groupby(found, key=_month)]
    return page(request, "figures.html", _("Figures over time"), months=months, count=MONTHS)


def _month(figure: MonthlyFigures) -> date:
    return figure.month


def _first_month(at: datetime) -> datetime:
    """Return the start of the first of the twelve months."""
    local = timezone.localtime(at)
    months = local.year * 12 + local.month - MONTHS
    return local.replace(
        year=months // 12, month=months % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )

"""The ledger's tables refuse what no action writes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from stories.models import LedgerEntry
from stories.models.record.recording import append
from stories.models.roles import EDITOR
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_an_event_is_entered_once() -> None:
    make.begin(user=make.make_user(EDITOR))
    entry = LedgerEntry.objects.latest("sequence")
    values = {field.attname: getattr(entry, field.attname) for field in LedgerEntry._meta.concrete_fields}
    with pytest.raises(IntegrityError, match=r"ledger_event_once|append-only"), transaction.atomic():
        append(LedgerEntry(**values | {"sequence": entry.sequence + 1}))

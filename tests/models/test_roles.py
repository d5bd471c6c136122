"""The groups come with `migrate`, and a newsroom's own changes to them are retained."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER, ROLES

pytestmark = pytest.mark.django_db


def permissions(role: str) -> set[str]:
    return set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))


def test_each_group_may_do_what_its_role_does() -> None:
    for role, codenames in ROLES.items():
        assert permissions(role) == set(codenames)
    assert "publish_article" not in permissions(REPORTER)
    assert "publish_article" in permissions(EDITOR)
    assert "override_article" not in permissions(EDITOR)
    assert "override_article" in permissions(MANAGING_EDITOR)
    writes_nothing = {"audit_ledgerentry", "export_dossier"}
    assert all(codename.startswith("view_") for codename in permissions(AUDITOR) - writes_nothing)


def test_migrating_again_keeps_what_a_newsroom_changed() -> None:
    Group.objects.get(name=EDITOR).permissions.clear()
    Group.objects.get(name=AUDITOR).delete()
    call_command("migrate", verbosity=0)
    assert permissions(EDITOR) == set()
    assert permissions(AUDITOR) == set(ROLES[AUDITOR])

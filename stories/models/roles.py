"""The groups that a newsroom starts with. They come with `migrate`; a newsroom may change them afterwards."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.models import Group, Permission

REPORTER: Final = "Reporter"
EDITOR: Final = "Editor"
MANAGING_EDITOR: Final = "Managing editor"
AUDITOR: Final = "Auditor"
# May sign in, and see the stories that `AuditAccess` lists, until its time.
OUTSIDE_AUDITOR: Final = "Outside auditor"

_SEE = ["view_article", "view_section", "view_author", "view_deskrecord", "view_contactattempt"]
_WRITE = [*_SEE, "add_article", "change_own_draft", "change_deskrecord", "add_contactattempt"]
_EDIT = [
    *_WRITE,
    "change_article",
    "publish_article",
    "add_section",
    "change_section",
    "add_author",
    "change_author",
]
_JOURNALS = ["view_revision", "view_publication", "view_cancellation", "view_embargo", "view_ledgerentry"]

ROLES: Final[dict[str, list[str]]] = {
    REPORTER: _WRITE,
    EDITOR: [*_EDIT, "view_revision", "view_publication"],
    MANAGING_EDITOR: [
        *_EDIT,
        *_JOURNALS,
        "override_article",
        "withdraw_article",
        "withhold_article",
        "erase_article",
        "export_dossier",
        # They are given no stories; the permission lets them add others to the outside auditors’ group.
        "see_given_stories",
        "view_user",
        "add_user",
        "change_user",
        "view_group",
    ],
    AUDITOR: [*_SEE, *_JOURNALS, "audit_ledgerentry", "export_dossier"],
    OUTSIDE_AUDITOR: ["see_given_stories"],
}


# The permissions over stories that an account's limit to sections narrows.
NARROWED: Final = frozenset(
    f"stories.{codename}"
    for codename in (
        "change_article",
        "publish_article",
        "override_article",
        "withdraw_article",
        "withhold_article",
        "erase_article",
        "export_dossier",
    )
)


# Who holds one of these decides on what readers see, on the record, or on what others may do.
GRAVE_PERMISSIONS: Final = (
    "stories.publish_article",
    "stories.override_article",
    "stories.withdraw_article",
    "stories.withhold_article",
    "stories.erase_article",
    "stories.audit_ledgerentry",
    "stories.export_dossier",
    "stories.add_user",
    "stories.change_user",
    "stories.delete_user",
    "auth.add_group",
    "auth.change_group",
    "auth.delete_group",
)


def make_groups(sender: Any, **kwargs: Any) -> None:
    """Create the groups that are missing, after `migrate`. An existing group keeps its permissions."""
    # Permissions are created app by app by this same signal: a role waits until all of its own exist.
    if sender.name not in ("stories", "django.contrib.auth"):
        return
    present = set(Group.objects.filter(name__in=ROLES).values_list("name", flat=True))
    for name, codenames in ROLES.items():
        permissions = Permission.objects.filter(
            codename__in=codenames, content_type__app_label__in=["stories", "auth"]
        )
        if name not in present and len(permissions) == len(codenames):
            # Bypasses the signals that record a change of rights: what comes with the software is nobody's change.
            (group,) = Group.objects.bulk_create([Group(name=name)])
            through: Any = Group.permissions.through
            through.objects.bulk_create(
                [through(group=group, permission=permission) for permission in permissions]
            )

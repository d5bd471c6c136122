"""Change what people decide about their own account: display name, language, time zone, mails."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.record.rights import rights_changes_by
from stories.actions.texts import clean_text
from stories.models import User

_COLUMNS = ("display_name", "language", "time_zone", "muted_mails")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSettings:
    """A person's settings. An empty language or time zone is the site's; `muted_mails` are those they do not want."""

    display_name: str
    language: str = ""
    time_zone: str = ""
    muted_mails: tuple[str, ...] = ()


@transaction.atomic
def change_own_settings(*, user: User, settings: OwnSettings) -> bool:
    """Save somebody's own settings; return whether anything changed. A new display name is entered into the ledger.

    Raises PermissionDenied for an account that is closed, ValidationError by field.
    """
    stored = User.objects.select_for_update().filter(pk=user.pk, is_active=True).first()
    if stored is None:
        raise PermissionDenied(_("This account is closed."))
    before = [getattr(stored, column) for column in _COLUMNS]
    stored.display_name = " ".join(clean_text(settings.display_name, _("display name")).split())
    stored.language, stored.time_zone = settings.language, settings.time_zone
    stored.muted_mails = sorted(set(settings.muted_mails))
    if [getattr(stored, column) for column in _COLUMNS] == before:
        return False
    others = {field.name for field in User._meta.fields} - set(_COLUMNS)
    stored.full_clean(exclude=others, validate_unique=False, validate_constraints=False)
    with rights_changes_by(user):
        stored.save(update_fields=_COLUMNS)
    return True

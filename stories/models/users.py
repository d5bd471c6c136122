"""Accounts: everybody who may sign in. The record names them by id and name, never by a foreign key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from stories.domain.text.controls import without_controls, without_directions
from stories.domain.text.legible import is_legible
from stories.domain.times import time_zones
from stories.models.authors import Author
from stories.models.mail_kinds import MailKind
from stories.models.sections import Section

# The languages that the site has texts in, each by its own name.
DESK_LANGUAGES: Final = {"en": "English", "es": "Español"}


class LowerEmailField(models.EmailField):
    """An e-mail address in lower case, however it is entered: in a form, a script or a query.

    RFC 5321 (2.4) lets mail servers distinguish capitals, but none that people use does.
    """

    def to_python(self, value: Any) -> Any:
        return _lower(super().to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = _lower(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        return _lower(super().get_prep_value(value))

    def deconstruct(self) -> Any:
        """Return it as Django's own column: the case of an address does not concern the database."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs


def check_time_zone(value: str) -> None:
    """Raise ValidationError for what is no name of a time zone."""
    if value not in time_zones():
        raise ValidationError(_("This is not the name of a time zone, such as Europe/Madrid."))


def check_muted_mails(value: object) -> None:
    """Raise ValidationError for anything but a list of kinds of mail."""
    if not isinstance(value, list) or not set(map(str, value)) <= set(MailKind.values):
        raise ValidationError(_("These are not kinds of mail."))


class AccountManager(UserManager["User"]):
    """Django's manager of accounts, for accounts that are named by their e-mail address."""

    use_in_migrations = False

    def create_user(self, email: str, password: str | None = None, **values: Any) -> User:  # type: ignore[override]
        return self._create(email, password, **{"is_staff": False, "is_superuser": False, **values})

    def create_superuser(self, email: str, password: str | None = None, **values: Any) -> User:  # type: ignore[override]
        return self._create(email, password, **{**values, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=username)

    def _create(self, email: str, password: str | None, **values: Any) -> User:
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=email, **values)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A person's account, or a script's. People sign in by the e-mail address, which nobody else has.

    Mails of the desk go there, and it tells people apart: see `queries.accounts.tied_accounts`.
    """

    username = None  # type: ignore[assignment]

    # One name, as its owner writes it: not everybody's name has two parts in this order.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(
        _("display name"),
        max_length=150,
        help_text=_("How the desk, its mails and the record name the person."),
    )
    email = LowerEmailField(
        _("email address"),
        unique=True,
        error_messages={"unique": _("Another account has this e-mail address. Each needs one of its own.")},
    )

    sections = models.ManyToManyField(
        Section,
        blank=True,
        related_name="limited_accounts",
        verbose_name=_("sections"),
        help_text=_(
            "What this account’s groups let it do to stories, it may do in these sections alone. None "
            "chosen: in every section. Stories that the person began or is assigned stay theirs to "
            "write, and a superuser has no limit."
        ),
    )
    author = models.OneToOneField(
        Author,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="account",
        help_text=_("Who this person is in bylines. They may edit that author’s profile."),
    )
    # Empty: as the site.
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=list(DESK_LANGUAGES.items())
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[check_time_zone])
    muted_mails: models.JSONField[Any, Any] = models.JSONField(
        _("mails not wanted"), default=list, blank=True, validators=[check_muted_mails]
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    objects = AccountManager()  # type: ignore[misc]

    class Meta(AbstractUser.Meta):
        abstract = False
        constraints = [
            # With the unique index: no two differ only in case, however they are written, and none is empty.
            models.CheckConstraint(
                name="user_email_in_small_letters",
                condition=models.Q(email=Lower("email")) & ~models.Q(email=""),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def clean(self) -> None:
        """Keep the display name one legible line: it stands in mails and in the record."""
        super().clean()
        typed = self.display_name
        self.display_name = " ".join(without_controls(without_directions(typed)).split())
        if typed and not is_legible(self.display_name):
            raise ValidationError({"display_name": _("Nothing of this name can be seen. Write it out.")})

    @cached_property
    def section_limit(self) -> frozenset[str]:
        """The slugs of the sections that the account is limited to, empty for no limit. One query, once an object."""
        if self.is_superuser:
            return frozenset()
        return frozenset(
            type(self).sections.through.objects.filter(user=self).values_list("section", flat=True)
        )

    @staticmethod
    def not_limited_from(section: str | None) -> models.Q:
        """Return the condition on accounts that their `section_limit` lets them act in a section."""
        return models.Q(is_superuser=True) | models.Q(sections=None) | models.Q(sections=section)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Let no session live on under a former SECRET_KEY.

        Django would give it another key: it would be in no list of the account's sessions, and nothing could end it.
        """
        yield from ()

    def get_full_name(self) -> str:
        """Return the display name; if a script gave the account none, what stands before the @ of its address."""
        return self.display_name.strip() or self.email.partition("@")[0]

    def get_short_name(self) -> str:
        return self.get_full_name()

    @contextmanager
    def locale(self) -> Iterator[None]:
        """Show texts and times in this person's language and time zone, until the block ends."""
        # A zone that the server's data no longer has is as good as none.
        zone = ZoneInfo(self.time_zone) if self.time_zone in time_zones() else None
        with (
            translation.override(self.language or settings.LANGUAGE_CODE),
            timezone.override(zone or timezone.get_default_timezone()),
        ):
            yield


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value

"""Find accounts by the e-mail address that they have now."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from stories.models import User


class EmailBackend(AuthenticationBackend):
    """Signs people in by the address of their account.

    django-allauth would look at its own table of addresses first. That table stays empty: of two places one would be
    stale some day, and an address that somebody gave up would still let them in.
    """

    def _authenticate_by_email(self, email: str, password: str) -> AbstractBaseUser | None:
        return self._check_password(User.objects.filter(email=email).first(), password)

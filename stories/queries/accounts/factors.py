"""The factors of accounts beside the password: authenticator apps, passkeys, recovery codes."""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import Final

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, QuerySet

from stories.models import User
from stories.models.roles import GRAVE_PERMISSIONS

# With one of these an account is protected. Recovery codes alone only replace one of them once.
SECOND_FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user_id: int) -> bool:
    """Return whether an account has an authenticator app or a passkey. One query."""
    return Authenticator.objects.filter(user_id=user_id, type__in=SECOND_FACTORS).exists()


def unprotected_accounts() -> QuerySet[User]:
    """Return the active accounts whose rights need a second factor, and that have none."""
    named = [permission.split(".") for permission in GRAVE_PERMISSIONS]
    grave = Permission.objects.filter(
        Q.create(
            [Q(content_type__app_label=app, codename=codename) for app, codename in named], connector=Q.OR
        )
    ).values("pk")
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    by_rights = Q(is_superuser=True) | Q(groups__permissions__in=grave) | Q(user_permissions__in=grave)
    return User.objects.filter(by_rights, ~Exists(factors), is_active=True).distinct()


def has_other_factor(factor: Authenticator) -> bool:
    """Return whether a factor's account has an authenticator app or a passkey besides it. One query."""
    others = Authenticator.objects.filter(user_id=factor.user_id, type__in=SECOND_FACTORS)
    return others.exclude(pk=factor.pk).exists()


def factor_name(factor: Authenticator) -> str:
    """Return how the ledger names a factor: its type, and a digest of what proves it.

    Of secrets that is a digest of the encrypted text, so that nothing can be guessed by it.
    """
    data = factor.data if isinstance(factor.data, dict) else {}
    if factor.type == Authenticator.Type.WEBAUTHN:
        credential = data.get("credential")
        response = credential.get("response") if isinstance(credential, dict) else None
        proof = response.get("attestationObject") if isinstance(response, dict) else None
    else:
        proof = [data.get("secret"), data.get("seed"), data.get("migrated_codes")]
    return f"{factor.type} {sha256(repr(proof).encode()).hexdigest()[:32]}"


def factors_by_account() -> defaultdict[int, set[str]]:
    """Return the names of all factors by the number of their account. One query."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for factor in Authenticator._base_manager.order_by("pk").iterator():
        found[factor.user_id].add(factor_name(factor))
    return found

"""Encrypt what proves a person's second factor: a copy of the database alone must not let anybody sign in.

The key is derived from SECRET_KEY. What a former key encrypted is read for as long as that is in SECRET_KEY_FALLBACKS.
"""

from __future__ import annotations

import logging
from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from stories.actions.errors import Refused

logger = logging.getLogger(__name__)

# Not a secret: it keeps this key apart from all else that is derived from SECRET_KEY.
SALT: Final = b"newsroom: factors of accounts, 1"


class SecretUnreadable(Refused):
    """A secret that no key of this site decrypts. Nothing may be computed from it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "What this site keeps of your authenticator app and your recovery codes cannot be read, since its "
                "secret key has changed. Use a passkey, or ask a managing editor to reset your second factor."
            )
        )


def encrypt_secret(text: str) -> str:
    """Return the text, encrypted with the site's present key."""
    return _cipher(*_keys()).encrypt(text.encode()).decode()


def decrypt_secret(encrypted: str) -> str:
    """Return what was encrypted with a key of this site. Raises SecretUnreadable."""
    try:
        text = _cipher(*_keys()).decrypt(encrypted.encode()).decode()
    except (InvalidToken, UnicodeError, AttributeError):
        text = ""
    if not text:
        logger.error(
            "The secret of a second factor cannot be decrypted with SECRET_KEY or any of SECRET_KEY_FALLBACKS. "
            "Give the key that it was made with in SECRET_KEY_FALLBACKS, or reset the factors of the account."
        )
        raise SecretUnreadable
    return text


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=8)
def _cipher(*keys: str) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=SALT, info=b"Fernet").derive(key.encode())

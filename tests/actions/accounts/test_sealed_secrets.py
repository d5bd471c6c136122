"""What proves a second factor is encrypted, and what can't be decrypted proves nothing."""

from __future__ import annotations

import logging

import pytest
from pytest_django import Settings

from stories.actions.accounts.sealed_secrets import SecretUnreadable, decrypt_secret, encrypt_secret


def test_what_is_encrypted_is_read_again_and_is_never_twice_the_same() -> None:
    one, other = encrypt_secret("JBSWY3DPEHPK3PXP"), encrypt_secret("JBSWY3DPEHPK3PXP")
    assert decrypt_secret(one) == decrypt_secret(other) == "JBSWY3DPEHPK3PXP"
    assert one != other
    assert "JBSWY3DPEHPK3PXP" not in one


def test_what_a_former_key_encrypted_is_read_while_that_key_is_named(settings: Settings) -> None:
    encrypted = encrypt_secret("secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert decrypt_secret(encrypted) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SecretUnreadable):
        decrypt_secret(encrypted)


@pytest.mark.parametrize("stored", ["", "JBSWY3DPEHPK3PXP", "ключ", None])
def test_what_was_not_encrypted_by_this_site_is_no_secret(
    stored: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(SecretUnreadable, match="secret key has changed"):
        decrypt_secret(stored)
    assert "SECRET_KEY_FALLBACKS" in caplog.text


def test_an_empty_secret_is_none(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SecretUnreadable):
        decrypt_secret(encrypt_secret(""))

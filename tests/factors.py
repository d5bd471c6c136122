"""Second factors of test people: an authenticator app, recovery codes, and a passkey without a browser."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from stories.models import User
from tests.factories import PASSWORD

UV = AuthenticatorData.FLAG.UV


def give_app(user: User) -> str:
    """Set up an authenticator app, and return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def give_codes(user: User) -> list[str]:
    """Make recovery codes, and return them."""
    return RecoveryCodes.activate(user).get_unused_codes()


def code_of(secret: str, *, later: int = 0) -> str:
    """Return the code that an app shows now, or so many periods later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def sign_in_by_password(client: Client, user: User) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def sign_in_with_app(client: Client, user: User, secret: str) -> None:
    """Sign in by password and code."""
    sign_in_by_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert "_auth_user_id" in client.session


class SoftPasskey:
    """A passkey in the test's own hands, which may sign for any site, recognise its owner or not."""

    def __init__(self, site: str = "http://testserver") -> None:
        self.site = site
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.number = b"a passkey of tests"

    def register(self, options: dict[str, Any], *, flags: int = UV) -> dict[str, Any]:
        """Return the answer to what a site asks when a passkey is added."""
        public = options["publicKey"]
        client_data = self._client_data("webauthn.create", public["challenge"])
        credential = AttestedCredentialData.create(
            Aaguid.NONE, self.number, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(
            sha256(public["rp"]["id"].encode()),
            AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT | flags,
            0,
            credential,
        )
        attestation = AttestationObject.create("none", data, {})
        return self._answer(
            clientDataJSON=websafe_encode(client_data), attestationObject=websafe_encode(attestation)
        )

    def sign(self, options: dict[str, Any], user: User, *, flags: int = UV) -> dict[str, Any]:
        """Return the answer to what a site asks when somebody signs in."""
        public = options["publicKey"]
        client_data = self._client_data("webauthn.get", public["challenge"])
        data = AuthenticatorData.create(sha256(public["rpId"].encode()), AuthenticatorData.FLAG.UP | flags, 1)
        return self._answer(
            clientDataJSON=websafe_encode(client_data),
            authenticatorData=websafe_encode(data),
            signature=websafe_encode(self.key.sign(data + client_data.hash, ec.ECDSA(SHA256()))),
            userHandle=websafe_encode(str(user.pk).encode()),
        )

    def give(self, user: User, *, rp: str = "testserver") -> Authenticator:
        """Add it to an account, past all pages."""
        options = {"publicKey": {"challenge": websafe_encode(b"any"), "rp": {"id": rp}}}
        added: Authenticator = WebAuthn.add(user, "A passkey", self.register(options)).instance
        return added

    def _client_data(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(challenge), self.site)

    def _answer(self, **response: str) -> dict[str, Any]:
        number = websafe_encode(self.number)
        return {
            "type": "public-key",
            "id": number,
            "rawId": number,
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }

"""Set up, use and remove second factors on one's own pages; each change is in the ledger and in a mail."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from stories.models import OutboxMessage, RightsChange, User
from stories.models.roles import EDITOR
from stories.queries.verification import Verification
from tests import factories as make
from tests.factors import (
    SoftPasskey,
    code_of,
    give_app,
    give_codes,
    sign_in_by_password,
    sign_in_with_app,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil(rights_recorded: None) -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def desk(client: Client, emil: User) -> Client:
    client.force_login(emil)
    return client


def changes(*, verified: bool = True) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the recorded changes of factors, each with who made it, without digests."""
    if verified:
        assert not list(Verification())
    rows = RightsChange.objects.order_by("pk")
    found = [
        (row.user_name, [(what, name.partition(" ")[0]) for what, name in row.changes if "factor" in what])
        for row in rows
    ]
    return [each for each in found if each[1]]


def mails() -> list[str]:
    return [message.payload["says"] for message in OutboxMessage.objects.order_by("pk")]


def set_up_app(client: Client, name: str = "mfa_activate_totp") -> str:
    """Set up an app on its page, and return its secret."""
    secret: str = client.get(reverse(name)).context["form"].secret
    response = client.post(reverse(name), {"code": code_of(secret)})
    assert response.status_code == 302, response.context["form"].errors
    return secret


def options_of(client: Client, name: str) -> dict[str, Any]:
    data: dict[str, Any] = client.get(reverse(name)).context["js_data"]
    return json.loads(json.dumps(dict(next(iter(data.values()))), default=dict))


def add_passkey(client: Client, passkey: SoftPasskey, **values: Any) -> Any:
    options = options_of(client, "mfa_add_webauthn")
    credential = json.dumps(passkey.register(options, **values))
    return client.post(reverse("mfa_add_webauthn"), {"name": "My phone", "credential": credential})


def test_an_app_is_set_up_with_recovery_codes_in_one_entry_and_one_mail(desk: Client, emil: User) -> None:
    secret = set_up_app(desk)
    assert changes() == [("Emil Editor", [("factor-added", "totp"), ("factor-added", "recovery_codes")])]
    assert len(mails()) == 1
    assert "An authenticator app was added. New recovery codes were made." in mails()[0]
    app = Authenticator.objects.get(type="totp")
    assert secret not in json.dumps(app.data)
    assert secret not in mails()[0]


def test_the_picture_for_the_app_names_the_newsroom(desk: Client) -> None:
    page = desk.get(reverse("mfa_activate_totp"), HTTP_HOST="localhost")
    assert "issuer=The%20Example%20Courier" in page.context["totp_url"]
    assert "localhost" not in page.context["totp_url"]


def test_a_wrong_code_sets_nothing_up(desk: Client) -> None:
    secret = desk.get(reverse("mfa_activate_totp")).context["form"].secret
    wrong = f"{(int(code_of(secret)) + 1) % 1_000_000:06}"
    response = desk.post(reverse("mfa_activate_totp"), {"code": wrong})
    assert "This code is wrong" in response.content.decode()
    assert not Authenticator.objects.exists()
    assert changes() == []


def test_the_code_that_set_the_app_up_does_not_sign_in_as_well(desk: Client, emil: User) -> None:
    secret = set_up_app(desk)
    window = Client()
    sign_in_by_password(window, emil)
    response = window.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert response.status_code == 200
    assert "_auth_user_id" not in window.session
    window.post(reverse("mfa_authenticate"), {"code": code_of(secret, later=1)})
    assert "_auth_user_id" in window.session


def test_if_the_ledger_fails_no_factor_is_added(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*written: object) -> None:
        raise RuntimeError("the ledger is away")

    secret = desk.get(reverse("mfa_activate_totp")).context["form"].secret
    passkey = SoftPasskey()
    options = options_of(desk, "mfa_add_webauthn")
    monkeypatch.setattr("stories.actions.record.rights.append_entries", fail)
    with pytest.raises(RuntimeError):
        desk.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    with pytest.raises(RuntimeError):
        desk.post(
            reverse("mfa_add_webauthn"), {"name": "x", "credential": json.dumps(passkey.register(options))}
        )
    assert not Authenticator.objects.exists()
    assert mails() == []


def test_an_app_is_replaced_and_the_former_one_is_void(desk: Client, emil: User, settings: Settings) -> None:
    former = set_up_app(desk)
    settings.REQUIRE_SECOND_FACTOR = True
    latter = set_up_app(desk, "mfa_replace_totp")
    assert changes()[1:] == [("Emil Editor", [("factor-removed", "totp"), ("factor-added", "totp")])]
    for secret, is_in in ((former, False), (latter, True)):
        window = Client()
        sign_in_by_password(window, emil)
        window.post(reverse("mfa_authenticate"), {"code": code_of(secret, later=1)})
        assert ("_auth_user_id" in window.session) is is_in


def test_the_last_factor_stays_while_it_is_required(desk: Client, settings: Settings) -> None:
    set_up_app(desk)
    settings.REQUIRE_SECOND_FACTOR = True
    page = reverse("mfa_deactivate_totp")
    for response in (desk.get(page), desk.post(page)):
        assert "this is the only one that you have" in response.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()
    settings.REQUIRE_SECOND_FACTOR = False
    desk.post(page)
    assert not Authenticator.objects.exists()
    assert changes()[1:] == [
        ("Emil Editor", [("factor-removed", "totp"), ("factor-removed", "recovery_codes")])
    ]


def test_the_last_passkey_stays_too(desk: Client, settings: Settings) -> None:
    add_passkey(desk, SoftPasskey())
    settings.REQUIRE_SECOND_FACTOR = True
    number = Authenticator.objects.get(type="webauthn").pk
    response = desk.post(reverse("mfa_remove_webauthn", args=[number]), follow=True)
    assert "this is the only one that you have" in response.content.decode()
    assert Authenticator.objects.filter(pk=number).exists()
    set_up_app(desk)
    desk.post(reverse("mfa_remove_webauthn", args=[number]))
    assert not Authenticator.objects.filter(pk=number).exists()
    assert changes()[-1] == ("Emil Editor", [("factor-removed", "webauthn")])


def test_nobody_removes_or_renames_anothers_passkey(desk: Client, managing_editor: User) -> None:
    passkey = SoftPasskey().give(managing_editor)
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        for number in (passkey.pk, 10**17):
            assert desk.post(reverse(name, args=[number]), {"name": "x"}).status_code == 404
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_new_recovery_codes_make_the_former_ones_void_and_are_recorded(desk: Client, emil: User) -> None:
    set_up_app(desk)
    former = desk.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    desk.post(reverse("mfa_generate_recovery_codes"))
    assert changes()[1:] == [
        ("Emil Editor", [("factor-removed", "recovery_codes"), ("factor-added", "recovery_codes")])
    ]
    assert "The recovery codes from before are void. New recovery codes were made." in mails()[-1]
    window = Client()
    sign_in_by_password(window, emil)
    window.post(reverse("mfa_authenticate"), {"code": former[0]})
    assert "_auth_user_id" not in window.session


def test_a_recovery_code_signs_in_once(emil: User) -> None:
    give_app(emil)
    code = give_codes(emil)[0]
    for is_in in (True, False):
        window = Client()
        sign_in_by_password(window, emil)
        window.post(reverse("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in window.session) is is_in


@pytest.mark.parametrize("name", ["mfa_authenticate", "mfa_reauthenticate"])
def test_wrong_codes_are_counted_in_the_database_and_then_the_right_one_waits_too(
    emil: User, name: str, settings: Settings
) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    secret = give_app(emil)
    window = Client()
    if name == "mfa_authenticate":
        sign_in_by_password(window, emil)
    else:
        window.force_login(emil)
    wrong = f"{(int(code_of(secret)) + 1) % 1_000_000:06}"
    for _time in range(5):
        assert "This code is wrong" in window.post(reverse(name), {"code": wrong}).content.decode()
    response = window.post(reverse(name), {"code": code_of(secret)})
    assert "Too many attempts have failed" in response.content.decode()


def test_using_or_renaming_a_factor_is_no_entry(desk: Client, emil: User) -> None:
    add_passkey(desk, SoftPasskey())
    before = changes()
    number = Authenticator.objects.get(type="webauthn").pk
    desk.post(reverse("mfa_edit_webauthn", args=[number]), {"name": "Blue key"})
    assert Authenticator.objects.get(pk=number).data["name"] == "Blue key"
    secret = give_app(emil)
    sign_in_with_app(Client(), emil, secret)
    assert len(changes()) == len(before) + 1


def test_secrets_of_a_lost_key_are_refused_with_a_sentence_and_a_log_line(
    desk: Client, emil: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    secret = set_up_app(desk)
    window = Client()
    settings.SECRET_KEY_FALLBACKS = []
    settings.SECRET_KEY = "another"
    sign_in_by_password(window, emil)
    with caplog.at_level(logging.ERROR):
        response = window.post(reverse("mfa_authenticate"), {"code": code_of(secret, later=1)})
    assert "its secret key has changed" in response.content.decode().replace("\n", " ")
    assert "_auth_user_id" not in window.session
    assert "cannot be decrypted with SECRET_KEY" in caplog.text
    settings.SECRET_KEY_FALLBACKS = ["a key for tests alone"]
    window.post(reverse("mfa_authenticate"), {"code": code_of(secret, later=1)})
    assert "_auth_user_id" in window.session


def test_ones_pages_open_and_make_new_codes_when_the_former_ones_cannot_be_read(
    desk: Client, settings: Settings, emil: User
) -> None:
    add_passkey(desk, SoftPasskey())
    session = dict(desk.session)
    settings.SECRET_KEY = "another"
    window = Client()
    window.force_login(User.objects.get(pk=emil.pk))
    assert session
    assert window.get(reverse("mfa_index")).status_code == 200
    for name in ("mfa_view_recovery_codes", "mfa_download_recovery_codes"):
        assert "its secret key has changed" in window.get(reverse(name), follow=True).content.decode()
    assert window.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    window.post(reverse("mfa_generate_recovery_codes"))
    assert len(window.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]) == 10


# ------------------------------------------------------------------------------------------------------ passkeys


def sign_in_with_passkey(client: Client, passkey: SoftPasskey, user: User, **values: Any) -> bool:
    """Sign in by a passkey alone, and return whether it was accepted."""
    data = client.get(reverse("mfa_login_webauthn"), HTTP_ACCEPT="application/json").json()
    credential = passkey.sign(data["request_options"], user, **values)
    client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(credential)})
    return "_auth_user_id" in client.session


def test_a_passkey_alone_signs_in_if_it_recognised_its_owner(desk: Client, emil: User) -> None:
    passkey = SoftPasskey()
    assert add_passkey(desk, passkey).status_code == 302
    assert sign_in_with_passkey(Client(), passkey, emil)
    assert not sign_in_with_passkey(Client(), passkey, emil, flags=0)


def test_a_passkey_of_an_account_that_may_not_sign_in_does_not_either(desk: Client, emil: User) -> None:
    passkey = SoftPasskey()
    add_passkey(desk, passkey)
    User.objects.filter(pk=emil.pk).update(is_active=False)
    assert not sign_in_with_passkey(Client(), passkey, emil)


def test_a_passkey_is_the_second_step_after_the_password(desk: Client, emil: User) -> None:
    passkey = SoftPasskey()
    add_passkey(desk, passkey)
    window = Client()
    sign_in_by_password(window, emil)
    options = options_of(window, "mfa_authenticate")
    window.post(reverse("mfa_authenticate"), {"credential": json.dumps(passkey.sign(options, emil, flags=0))})
    assert "_auth_user_id" in window.session


def test_the_site_of_passkeys_is_the_settings_whatever_host_is_asked(
    desk: Client, settings: Settings
) -> None:
    settings.SITE_URL = "https://news.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    page = desk.get(reverse("mfa_add_webauthn"), HTTP_HOST="evil.example")
    assert page.context["js_data"]["creation_options"]["publicKey"]["rp"] == {
        "name": "The Example Courier",
        "id": "news.example.org",
    }


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://testserver.evil.example",
        "https://sub.testserver",
        "https://testserver:8443",
        "http://testserver.",
    ],
)
@pytest.mark.parametrize("debug", [False, True])
def test_what_a_passkey_signed_for_another_origin_is_refused(
    desk: Client, emil: User, origin: str, debug: bool, settings: Settings
) -> None:
    settings.SITE_URL = "https://testserver"
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = debug
    forged = SoftPasskey(origin)
    response = add_passkey(desk, forged)
    if debug and origin == "https://testserver:8443":
        assert response.status_code == 302
        return
    assert "This code is wrong" in response.content.decode()
    assert not Authenticator.objects.exists()
    passkey = SoftPasskey("https://testserver")
    assert add_passkey(desk, passkey).status_code == 302
    passkey.site = origin
    assert not sign_in_with_passkey(Client(), passkey, emil)


@pytest.mark.parametrize(
    "credential",
    [
        "[]",
        "3",
        "{}",
        "null",
        "nonsense",
        '{"response": []}',
        '{"id": "x", "rawId": "x", "response": {"userHandle": 7}}',
    ],
)
def test_what_is_no_credential_at_all_is_refused(desk: Client, credential: str) -> None:
    Client().get(reverse("mfa_login_webauthn"), HTTP_ACCEPT="application/json")
    assert Client().post(reverse("mfa_login_webauthn"), {"credential": credential}).status_code == 302
    options_of(desk, "mfa_add_webauthn")
    response = desk.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential})
    assert response.status_code == 200
    assert not Authenticator.objects.exists()


def test_a_passkey_that_names_an_account_beyond_all_numbers_is_refused(emil: User) -> None:
    passkey = SoftPasskey()
    passkey.give(emil)
    for number in (10**30, -1, 0):
        assert not sign_in_with_passkey(Client(), passkey, User(pk=number))


def test_an_answer_is_accepted_once(desk: Client, emil: User) -> None:
    passkey = SoftPasskey()
    add_passkey(desk, passkey)
    window = Client()
    data = window.get(reverse("mfa_login_webauthn"), HTTP_ACCEPT="application/json").json()
    credential = json.dumps(passkey.sign(data["request_options"], emil))
    window.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert "_auth_user_id" in window.session
    again = Client()
    again.get(reverse("mfa_login_webauthn"), HTTP_ACCEPT="application/json")
    again.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert "_auth_user_id" not in again.session


def test_signing_in_needs_no_cache(emil: User, settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    secret = give_app(emil)
    cache.clear()
    sign_in_with_app(Client(), emil, secret)
    window = Client()
    sign_in_by_password(window, emil)
    window.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert "_auth_user_id" not in window.session

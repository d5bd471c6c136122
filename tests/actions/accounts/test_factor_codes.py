"""A code works once, wherever it arrives, and only in its time."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from pytest_django import Settings

from stories.actions.accounts.factor_codes import use_code
from stories.actions.accounts.sealed_secrets import SecretUnreadable
from stories.models import User
from tests.factors import code_of, give_app, give_codes

pytestmark = pytest.mark.django_db


def test_a_code_works_once_also_when_the_cache_has_lost_it(editor: User) -> None:
    secret = give_app(editor)
    code = code_of(secret)
    factor = use_code(editor, code)
    assert factor is not None
    assert factor.type == "totp"
    cache.clear()
    assert use_code(editor, code) is None
    assert use_code(editor, f"{code[:3]} {code[3:]}") is None


def test_an_earlier_code_is_void_once_a_later_one_was_used(editor: User) -> None:
    secret = give_app(editor)
    assert use_code(editor, code_of(secret, later=1)) is not None
    assert use_code(editor, code_of(secret)) is None
    assert use_code(editor, code_of(secret, later=-1)) is None


def test_a_code_of_another_time_is_wrong(editor: User) -> None:
    secret = give_app(editor)
    for later in (-3, 3):
        assert use_code(editor, code_of(secret, later=later)) is None


def test_a_recovery_code_works_once(editor: User) -> None:
    give_app(editor)
    first, second, *_rest = give_codes(editor)
    factor = use_code(editor, first)
    assert factor is not None
    assert factor.type == "recovery_codes"
    assert use_code(editor, first) is None
    assert use_code(editor, second) is not None


def test_nobody_elses_code_works(editor: User, reporter: User) -> None:
    secret = give_app(editor)
    codes = give_codes(editor)
    give_app(reporter)
    assert use_code(reporter, code_of(secret)) is None
    assert use_code(reporter, codes[0]) is None


def test_with_a_lost_key_no_code_is_right(editor: User, settings: Settings) -> None:
    secret = give_app(editor)
    codes = give_codes(editor)
    settings.SECRET_KEY = "another"
    for code in (code_of(secret), codes[0], "000000", ""):
        with pytest.raises(SecretUnreadable):
            use_code(editor, code)


def test_a_secret_that_was_emptied_in_the_database_makes_no_code_right(editor: User) -> None:
    give_app(editor)
    Authenticator.objects.update(data={"secret": ""})
    with pytest.raises(SecretUnreadable):
        use_code(editor, code_of(""))

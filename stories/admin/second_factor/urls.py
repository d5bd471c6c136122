"""Addresses of one's own second factors, named as django-allauth names them."""

from __future__ import annotations

from django.urls import path

from stories.admin.second_factor import views

urlpatterns = [
    path("", views.index, name="mfa_index"),
    path("authenticate/", views.authenticate, name="mfa_authenticate"),
    path("reauthenticate/", views.confirm_by_code, name="mfa_reauthenticate"),
    path("totp/activate/", views.activate_app, name="mfa_activate_totp"),
    path("totp/replace/", views.replace_app, name="mfa_replace_totp"),
    path("totp/deactivate/", views.deactivate_app, name="mfa_deactivate_totp"),
    path("recovery-codes/", views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/generate/", views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/download/", views.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("webauthn/", views.list_passkeys, name="mfa_list_webauthn"),
    path("webauthn/add/", views.add_passkey, name="mfa_add_webauthn"),
    path("webauthn/reauthenticate/", views.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("webauthn/keys/<number:pk>/remove/", views.remove_passkey, name="mfa_remove_webauthn"),
    path("webauthn/keys/<number:pk>/edit/", views.edit_passkey, name="mfa_edit_webauthn"),
    path("webauthn/login/", views.sign_in_by_passkey, name="mfa_login_webauthn"),
]

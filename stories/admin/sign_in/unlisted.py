"""Keep django-allauth's tables out of the admin.

Addresses are not read from its table, and factors and sessions have pages of their own, for their owners.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin

for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)

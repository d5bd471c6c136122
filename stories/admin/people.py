"""Accounts in the admin: a managing editor gives people their groups, and can make no one more than that."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

# What only a superuser may give: with either, an account could do anything.
RESERVED = ("is_superuser", "user_permissions")

admin.site.unregister(User)


@admin.register(User)
class PeopleAdmin(UserAdmin):
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Their password is theirs: whoever could set it could sign in as them.
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        given = super().get_readonly_fields(request, obj)
        return given if request.user.is_superuser else (*given, *RESERVED)

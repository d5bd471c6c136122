"""Accounts in the admin: a managing editor gives people groups, and can give nobody more than their own rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import ManyToManyField, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from stories.actions.record.rights import rights_changes_by
from stories.admin.page.bad_input import BadInputMixin
from stories.admin.recorded_rights import RecordedRightsMixin
from stories.models import User

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldsetSpec  # a type of Django's stubs alone

# Fields that only a superuser may set: either would let an account do anything.
RESERVED = ("is_superuser", "user_permissions")
PASSWORD_HELP = gettext_lazy(
    "A password is known to its owner alone. Whoever still knows it changes it by “Change password” on top of this "
    "page; whoever forgot it asks a superuser of this site for a new one."
)

admin.site.unregister(Group)


@admin.register(Group)
class GroupsAdmin(RecordedRightsMixin[Group], BadInputMixin[Group], GroupAdmin):
    class Media:
        js = ("stories/desk/accounts.js",)


@admin.register(User)
class PeopleAdmin(RecordedRightsMixin[User], BadInputMixin[User], UserAdmin):  # type: ignore[type-arg]  # Django's takes none when the code runs
    # In place of Django's own, which have a first and a last name.
    list_display = ("display_name", "email", "is_staff")
    search_fields = ("display_name", "email")
    ordering = ("display_name", "email")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (gettext_lazy("Personal info"), {"fields": ("display_name",)}),
        *(UserAdmin.fieldsets or ())[2:],
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "display_name", "usable_password", "password1", "password2"),
            },
        ),
    )
    # Both are set by the site.
    readonly_fields = ("last_login", "date_joined")

    class Media:
        js = ("stories/desk/accounts.js",)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (
            obj is not None and _has_more_rights(request, obj)
        )

    def get_readonly_fields(
        self, request: HttpRequest, obj: User | None = None
    ) -> list[str] | tuple[str, ...]:
        names = super().get_readonly_fields(request, obj)
        return names if request.user.is_superuser else (*names, *RESERVED)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> _FieldsetSpec:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or _may_set_password(request, obj):
            return fieldsets
        return [(None, {"fields": ("email",), "description": PASSWORD_HELP}), *fieldsets[1:]]

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField[Any] | None:
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs["queryset"] = _groups_within(request)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def user_change_password(  # the name of the argument in Django's URL
        self,
        request: HttpRequest,
        id: str,  # noqa: A002
        form_url: str = "",
    ) -> HttpResponse:
        """Set a password without asking for the old one, on Django's own page."""
        user = self.get_object(request, unquote(id))
        if user is not None and not _may_set_password(request, user):
            # Whoever sets it could sign in as that person, and write under their name.
            raise PermissionDenied(str(PASSWORD_HELP))
        with rights_changes_by(request.user):
            return super().user_change_password(request, id, form_url)


def _may_set_password(request: HttpRequest, person: User) -> bool:
    return request.user.is_superuser or request.user.pk == person.pk


def _permissions_of_user(request: HttpRequest) -> QuerySet[Permission]:
    return Permission.objects.filter(Q(user=request.user) | Q(group__user=request.user))


def _groups_within(request: HttpRequest) -> QuerySet[Group]:
    """Return the groups that grant no permission this user lacks."""
    above = Permission.objects.exclude(pk__in=_permissions_of_user(request).values("pk"))
    return Group.objects.exclude(pk__in=Group.objects.filter(permissions__in=above).values("pk"))


def _has_more_rights(request: HttpRequest, person: User) -> bool:
    """Return whether a person may do more than this user, now or once their account is active again."""
    if request.user.is_superuser:
        return False
    theirs = Permission.objects.filter(Q(user=person) | Q(group__user=person))
    return person.is_superuser or theirs.exclude(pk__in=_permissions_of_user(request).values("pk")).exists()

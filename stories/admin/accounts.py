"""Accounts in the admin: a managing editor invites people, gives them groups, and nobody more than their own rights."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import ManyToManyField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.accounts.account_changes import follow_address_change
from stories.actions.accounts.invitations import invite
from stories.actions.actors import section_limit
from stories.actions.errors import Refused
from stories.admin.account_access import STANDINGS, StandingFilter, access_view, invitation_of, standing_of
from stories.admin.page.bad_input import BadInputMixin
from stories.admin.recorded_rights import RecordedRightsMixin
from stories.models import Section, User
from stories.queries.accounts.rights import groups_within, has_more_rights, is_above, permissions_within
from stories.time_labels import time_label

# Fields that only a superuser may set: either would let an account do anything.
RESERVED = ("is_superuser", "user_permissions")

admin.site.unregister(Group)


@admin.register(Group)
class GroupsAdmin(RecordedRightsMixin[Group], BadInputMixin[Group], GroupAdmin):
    """Groups: who is no superuser gives them no right that they lack, and takes none from those who may do more."""

    class Media:
        js = ("stories/desk/accounts.js",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not section_limit(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or not is_above(obj, _user(request))
        )

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (
            obj is None or not is_above(obj, _user(request))
        )

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField[Any] | None:
        if db_field.name == "permissions" and request is not None:
            kwargs["queryset"] = permissions_within(_user(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class InviteForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's takes none when the code runs
    """Whom to invite, and into which groups."""

    class Meta:
        model = User
        fields = ("email", "display_name", "groups")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = self.fields["groups"]
        assert isinstance(groups, forms.ModelMultipleChoiceField)
        groups.required = True
        groups.widget = forms.CheckboxSelectMultiple()
        # Gives the widget its choices.
        groups.queryset = groups.queryset
        groups.help_text = _("What the person may do: as much as you yourself may, and no more.")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        known = User.objects.filter(email=email).first()
        if known is not None:
            raise forms.ValidationError(
                _("%(name)s has an account with this e-mail address. Look at it among the accounts.")
                % {"name": known.get_full_name()}
            )
        return email


class PersonForm(UserChangeForm):  # type: ignore[type-arg]  # likewise
    """An account without its password, which is known to its owner alone."""

    password = None  # type: ignore[assignment]
    # The digest of the account that this form was opened with.
    base = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["base"] = _digest(self.instance)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        # Ticks that were not there, or that somebody has taken away meanwhile, would change what nobody decided on.
        if values.get("base", "") not in ("", self.initial["base"]):
            raise forms.ValidationError(
                _(
                    "This account was changed since you opened the page, so nothing was saved. Open it in another "
                    "window, and look at what it may do now."
                )
            )
        return values


@admin.register(User)
class PeopleAdmin(RecordedRightsMixin[User], BadInputMixin[User], UserAdmin):  # type: ignore[type-arg]  # Django's takes none when the code runs
    form = PersonForm
    add_form = InviteForm
    add_form_template = "admin/stories/user/invite.html"
    # In place of Django's own, which have a first and a last name.
    list_display = ("display_name", "email", "standing", "is_staff")
    list_filter = (StandingFilter, "is_staff", "is_superuser", "groups")
    list_select_related = ("invitation",)
    search_fields = ("display_name", "email")
    ordering = ("display_name", "email")
    fieldsets = (
        (None, {"fields": ("email",)}),
        (gettext_lazy("Personal info"), {"fields": ("display_name", "author")}),
        (gettext_lazy("Limit to sections"), {"fields": ("sections",)}),
        *(UserAdmin.fieldsets or ())[2:3],
        (gettext_lazy("Dates"), {"fields": ("last_signed_in", "joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "display_name", "groups")}),)
    autocomplete_fields = ("author",)
    filter_horizontal = (*UserAdmin.filter_horizontal, "sections")
    # Both are set by the site.
    readonly_fields = ("last_signed_in", "joined")

    class Media:
        js = ("stories/desk/accounts.js",)

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, obj: User) -> str:
        return str(STANDINGS[standing_of(obj)])

    @admin.display(description=gettext_lazy("last sign-in"))
    def last_signed_in(self, obj: User) -> str:
        return time_label(obj.last_login) if obj.last_login else _("never")

    @admin.display(description=gettext_lazy("account since"))
    def joined(self, obj: User) -> str:
        return time_label(obj.date_joined)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> list[Any] | tuple[Any, ...]:
        fieldsets: list[Any] | tuple[Any, ...] = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return ((None, {"fields": ("email", "base")}), *fieldsets[1:])

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (
            obj is not None and has_more_rights(obj, than=_user(request))
        )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (
            obj is not None and has_more_rights(obj, than=_user(request))
        )

    def get_readonly_fields(
        self, request: HttpRequest, obj: User | None = None
    ) -> list[str] | tuple[str, ...]:
        names = super().get_readonly_fields(request, obj)
        if obj is not None and invitation_of(obj) is not None:
            # Accepting it makes the account active, and nothing else does.
            names = (*names, "is_active")
        return names if request.user.is_superuser else (*names, *RESERVED)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField[Any] | None:
        if db_field.name == "groups":
            kwargs["queryset"] = groups_within(_user(request)).order_by("name")
        if db_field.name == "sections" and (limit := section_limit(request.user)):
            kwargs["queryset"] = Section.objects.filter(pk__in=limit)
            # None chosen would be a wider limit than their own: none.
            kwargs["required"] = True
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        access = self.admin_site.admin_view(self.access)
        return [path("<id>/access/", access, name="stories_user_access"), *super().get_urls()]

    def access(self, request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 - as in Django's own addresses
        return access_view(self, request, self.get_object(request, unquote(id)))

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 - the name of the argument in Django's URL
        form_url: str = "",
    ) -> HttpResponse:
        """Lead on to where a link to set a password is sent: nobody types the password of somebody else."""
        return HttpResponseRedirect(reverse("admin:stories_user_access", args=[id]))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "title": _("Invite somebody")}
        try:
            return super().add_view(request, form_url, context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:
        if not change:
            invitation = invite(
                display_name=obj.display_name,
                email=obj.email,
                groups=list(form.cleaned_data["groups"]),
                user=request.user,
            )
            obj.pk = invitation.account_id
            obj.refresh_from_db()
            return
        # Nothing else: the person may have set a new password since the account was read.
        columns = {field.name for field in User._meta.concrete_fields}
        obj.save(update_fields=columns.intersection(form.changed_data))
        if "email" in form.changed_data and form.initial["email"] != obj.email:
            follow_address_change(obj, old_address=form.initial["email"], user=request.user)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(
            request,
            _("%(name)s is invited: a mail with a link goes to %(address)s.")
            % {"name": obj.get_full_name(), "address": obj.email},
        )
        return HttpResponseRedirect(reverse("admin:stories_user_changelist"))


def _digest(person: User) -> str:
    """Return a digest of all that the page of an account changes."""
    related = (person.groups, person.user_permissions, person.sections)
    keys = [sorted(map(str, each.values_list("pk", flat=True))) for each in related]
    flags = (person.is_active, person.is_staff, person.is_superuser)
    values = (person.email, person.display_name, person.author_id, flags, keys)
    return salted_hmac("stories.account", repr(values), algorithm="sha256").hexdigest()


def _user(request: HttpRequest) -> User:
    """Return who is signed in: nobody else opens a page of the admin."""
    assert isinstance(request.user, User)
    return request.user

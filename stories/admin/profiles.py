"""The profile of an author: of whoever is signed in, or of somebody else for who may change authors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.editing.profiles import Profile, change_profile, profile_of, store_profile_picture
from stories.actions.errors import Refused
from stories.actions.permissions import require_profile
from stories.admin.page.bad_input import NUL
from stories.admin.page.frame import PictureField, desk_picture
from stories.models import Author, User, profile_digest
from stories.queries.publishing.versions import live_stories


class ProfileForm(forms.Form):
    """What readers see of an author beside the name."""

    bio = forms.CharField(
        label=gettext_lazy("Bio"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField", "spellcheck": "true"}),
        help_text=gettext_lazy(
            "A few sentences for readers: what the author covers, and since when. An empty line begins a new "
            "paragraph, and addresses become links."
        ),
    )
    upload = forms.FileField(
        label=gettext_lazy("Picture file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=gettext_lazy("JPEG, PNG, WebP or GIF. Where it was taken is removed before it is kept."),
    )
    alt_text = forms.CharField(
        label=gettext_lazy("What the picture shows"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField", "spellcheck": "true"}),
        help_text=gettext_lazy("For readers who can’t see it."),
    )
    without_picture = forms.BooleanField(label=gettext_lazy("Show no picture any more"), required=False)
    contact = forms.CharField(
        label=gettext_lazy("Public contact"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy(
            "Optional, and for everybody to read: an e-mail address, an address that begins with https:// (a "
            "website, or Signal’s https://signal.me/…), or a handle such as @name@example.social."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("For the desk and the record; readers do not see it."),
    )
    # The picture's digest; an uploaded one stays with a form that is shown again.
    picture = PictureField()
    # The digest of the profile that this form was opened with.
    base = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, author: Author, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.author, self.user = author, user
        if not author.picture_id:
            del self.fields["without_picture"]
        if author.pk == user.author_id:
            # People owe nobody a reason for what they say of themselves.
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("without_picture"):
            values["picture"] = ""
        elif upload := values.get("upload"):
            try:
                picture = store_profile_picture(author=self.author, content=upload.read(), user=self.user)
            except Refused as refusal:
                self.add_error("upload", str(refusal))
            else:
                values["picture"] = self.data["picture"] = picture.pk  # type: ignore[index]
        return values

    def save(self) -> bool:
        """Save the profile; return whether anything changed. Problems are added to the fields that they concern."""
        values = self.cleaned_data
        profile = Profile(
            bio=values["bio"],
            picture=values["picture"],
            alt_text=values["alt_text"],
            contact=values["contact"],
        )
        changed = change_profile(
            author=self.author,
            profile=profile,
            user=self.user,
            base=values["base"],
            reason=values.get("reason", ""),
        )
        return changed is not None

    def add_problems(self, problems: ValidationError) -> None:
        """Show each problem at the field that it concerns."""
        for name, texts in problems.message_dict.items():
            self.add_error("upload" if name == "picture" else name, texts)


def own_profile_view(request: HttpRequest) -> HttpResponse:
    """Show and change the profile of whoever is signed in, or say how they get one."""
    user = request.user
    assert isinstance(user, User)  # the admin's own check
    if user.author is None:
        return TemplateResponse(
            request,
            "admin/stories/own_account/no_profile.html",
            {**admin.site.each_context(request), "title": _("Your profile")},
        )
    return _profile_page(request, user.author, user, reverse("desk:own_profile"))


def profile_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and change an author's profile."""
    if NUL in slug:
        raise Http404
    user = request.user
    assert isinstance(user, User)  # the admin's own check
    author = get_object_or_404(Author, pk=slug)
    return _profile_page(request, author, user, reverse("desk:profile", args=[slug]))


def _profile_page(request: HttpRequest, author: Author, user: User, address: str) -> HttpResponse:
    require_profile(user, author)
    profile = profile_of(author)
    initial = {
        "bio": profile.bio,
        "picture": profile.picture,
        "alt_text": profile.alt_text,
        "contact": profile.contact,
        "base": profile_digest(author),
    }
    data = (request.POST.copy(), request.FILES) if request.method == "POST" else ()
    form = ProfileForm(author, user, *data, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = form.save()
        except ValidationError as problems:
            form.add_problems(problems)
        except (Refused, PermissionDenied) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("The profile is saved. Readers see it within a minute.")
                if changed
                else _("Nothing changed, so nothing was saved."),
            )
            return HttpResponseRedirect(address)
    digest = "" if "picture" in form.errors else str(form["picture"].value() or "")
    is_own = author.pk == user.author_id
    return TemplateResponse(
        request,
        "admin/stories/own_account/profile.html",
        {
            **admin.site.each_context(request),
            "title": _("Your profile") if is_own else _("Profile of %(name)s") % {"name": author.name},
            "author": author,
            "form": form,
            "picture": desk_picture(digest, 0) if digest else "",
            "is_public": bool(live_stories(at=timezone.now(), limit=1, author=author.pk)),
        },
    )

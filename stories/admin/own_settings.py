"""A person's own settings: display name, language, time zone, mails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.errors import Refused
from stories.actions.own_settings import OwnSettings, change_own_settings
from stories.domain.times import time_zones
from stories.models import DESK_LANGUAGES, MailKind, User

_REGIONS = frozenset(
    (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
)


class OwnSettingsForm(forms.Form):
    """What people decide about their own account."""

    display_name = forms.CharField(
        label=gettext_lazy("Display name"),
        max_length=150,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "name"}),
        help_text=gettext_lazy(
            "How the desk, its mails and the record name you from now on. What is recorded already keeps the name "
            "that you had. Bylines have a name of their own."
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the desk"),
        required=False,
        help_text=gettext_lazy(
            "For the desk and for mails to you. Readers’ pages, and what the record keeps, are in the site’s language."
        ),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy(
            "In which the desk shows times, and reads those that you type. The record keeps them in UTC."
        ),
    )
    mails = forms.MultipleChoiceField(
        label=gettext_lazy("Mails that you want"),
        choices=MailKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What only you can decide on, and what concerns the record, is sent in any case. The desk’s front page "
            "shows all of it, whatever is sent."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site_language = dict(settings.LANGUAGES).get(settings.LANGUAGE_CODE.partition("-")[0], "")
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", _("as the site (%(language)s)") % {"language": _(site_language)}),
            *DESK_LANGUAGES.items(),
        ]
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            ("", _("as the site (%(zone)s)") % {"zone": settings.TIME_ZONE}),
            *_zones(),
        ]

    def settings(self) -> OwnSettings:
        """Return the settings as chosen. The form must be valid."""
        values = self.cleaned_data
        return OwnSettings(
            display_name=values["display_name"],
            language=values["language"],
            time_zone=values["time_zone"],
            muted_mails=tuple(kind for kind in MailKind.values if kind not in values["mails"]),
        )


def settings_view(request: HttpRequest) -> HttpResponse:
    """Show and change the settings of whoever is signed in."""
    user = request.user
    assert isinstance(user, User)  # the admin's own check
    initial = {
        "display_name": user.display_name,
        "language": user.language,
        "time_zone": user.time_zone,
        "mails": [kind for kind in MailKind.values if kind not in user.muted_mails],
    }
    form = OwnSettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_own_settings(user=user, settings=form.settings())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            with User.objects.get(pk=user.pk).locale():
                done = (
                    _("Your settings are saved.") if changed else _("Nothing changed, so nothing was saved.")
                )
            messages.success(request, done)
            return HttpResponseRedirect(reverse("desk:settings"))
    return TemplateResponse(
        request,
        "admin/stories/own_account/settings.html",
        {**admin.site.each_context(request), "title": _("Your settings"), "form": form},
    )


def _zones() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the time zones by region, as the groups of a list; without old names and those of offsets."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(time_zones()):
        region, _slash, place = zone.partition("/")
        if place and region in _REGIONS:
            groups.setdefault(region, []).append((zone, place.replace("_", " ")))
    yield "UTC", [("UTC", "UTC")]
    yield from groups.items()

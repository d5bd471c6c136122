"""The admin's own pages of sign-in and password, which lead to those of the account."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.admin.sign_in.next_page import is_page_of_this_site


def admin_login(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the sign-in, the only one there is; whoever is signed in and may not enter is told so."""
    if request.user.is_authenticated and not (request.user.is_staff and request.user.is_active):
        raise PermissionDenied(
            _("You are signed in as %(name)s, whose account does not open the desk. Ask a managing editor.")
            % {"name": request.user.get_full_name()}
        )
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    if not is_page_of_this_site(wanted):
        wanted = reverse("admin:index")
    if request.user.is_authenticated:
        return HttpResponseRedirect(wanted)
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")

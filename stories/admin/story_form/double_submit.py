"""Forms of new stories that were sent already: each begins one story, however often it arrives."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from stories.models import Article, User

_SESSION_KEY = "stories_begun"
# More than anybody has open at once.
_MOST_FORMS = 50


def story_begun_by_form(request: HttpRequest) -> Article | None:
    """Return the story that this very form has begun already, by the number that it was opened with.

    Call it in the transaction that begins the story: it waits there for the same person's other requests, so
    that of two clicks the second finds what the first made.
    """
    # Not FOR UPDATE, which every row that names this person would have to wait for, the admin's log with it.
    assert request.user.pk is not None  # nobody else gets past the sign-in
    list(User.objects.select_for_update(no_key=True).filter(pk=request.user.pk).values_list("pk"))
    begun = _stored(request).get(_token(request))
    return Article.objects.filter(pk=begun).first() if begun else None


def remember_story_begun(request: HttpRequest, article: Article) -> None:
    """Keep in the session which story this form began; stored in the transaction that begins it."""
    if token := _token(request):
        kept = _stored(request) | {token: article.pk}
        request.session[_SESSION_KEY] = dict(list(kept.items())[-_MOST_FORMS:])
        request.session.save()


def _stored(request: HttpRequest) -> dict[str, int]:
    # Read anew: this request's own copy may be older than what another one has just stored.
    return dict(type(request.session)(request.session.session_key).get(_SESSION_KEY, {}))


def _token(request: HttpRequest) -> str:
    try:
        return str(UUID(request.POST.get("opened", "")))
    except ValueError:
        return ""

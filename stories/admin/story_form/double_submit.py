"""Protection against double submits: a form of a new story begins one story, however often it arrives."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from stories.models import Article, User

_SESSION_KEY = "stories_begun"
# More forms than anybody has open at once.
_MOST_FORMS = 50


def story_begun_by_form(request: HttpRequest) -> Article | None:
    """Return the story that this very form has begun already, by the number that it was opened with.

    Call it in the transaction that begins the story: it waits there for the same person's other requests, so that the
    second of two clicks finds what the first made.
    """
    # Not FOR UPDATE, which would block every insert that refers to this user, the admin's log among them.
    assert request.user.pk is not None  # the admin requires a sign-in
    list(User.objects.select_for_update(no_key=True).filter(pk=request.user.pk).values_list("pk"))
    article_id = _stored(request).get(_token(request))
    return Article.objects.filter(pk=article_id).first() if article_id else None


def remember_story_begun(request: HttpRequest, article: Article) -> None:
    """Store in the session which story this form began. Call it in the transaction that begins the story."""
    if token := _token(request):
        stored = _stored(request) | {token: article.pk}
        request.session[_SESSION_KEY] = dict(list(stored.items())[-_MOST_FORMS:])
        request.session.save()


def _stored(request: HttpRequest) -> dict[str, int]:
    # Read again: this request's own copy may be older than what another request has just stored.
    return dict(type(request.session)(request.session.session_key).get(_SESSION_KEY, {}))


def _token(request: HttpRequest) -> str:
    try:
        return str(UUID(request.POST.get("opened", "")))
    except ValueError:
        return ""

"""Stories as plain data: the working copy, and any revision.

A story at revision n is, for each tracked model, the newest history row of each object up to n, without deleted ones.
Either costs one query a tracked model, however long the history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, OuterRef, Subquery

from stories.domain import snapshot as domain
from stories.models.articles import Article
from stories.models.erasures import Erasure
from stories.models.integrity.registry import PART_MODELS, PART_TUPLES, history_model
from stories.models.record.recording import StoryPart, TrackedModel
from stories.models.record.revisions import Revision

# Plain text in the database, an enum in the domain.
_ENUMERATED: dict[type, dict[str, type]] = {
    domain.StorySnapshot: {"kind": domain.StoryKind},
    domain.CommentRequest: {"status": domain.RequestStatus},
    domain.UpdateNote: {"kind": domain.NoteKind},
}

# The history rows of a story's parts, by the number of the revision that wrote them.
_Changes = dict[int, list[tuple[type[domain.Part], Any]]]


@dataclass(frozen=True)
class WorkingRows:
    """The rows of an article's working copy, and the story that they store."""

    article: Article
    parts: dict[UUID, StoryPart]
    story: domain.StorySnapshot


def _attribute(model: type[TrackedModel], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.attname)


# The fields of each kind of part, each with the attribute of the row that stores it.
COLUMNS: Final[dict[type[domain.Part], tuple[tuple[str, str], ...]]] = {
    part: tuple((field.name, _attribute(model, field.name)) for field in fields(part))
    for part, model in PART_MODELS.items()
}
# The same for the plain fields of a story.
STORY_COLUMNS: Final = tuple((name, _attribute(Article, name)) for name in domain.STORY_FIELDS)


def _plain(kind: type, name: str, value: Any) -> Any:
    enumerated = _ENUMERATED.get(kind, {}).get(name)
    if enumerated is not None:
        return enumerated(value)
    # An empty reference is "" in a snapshot, which has no NULL.
    return "" if value is None and name in ("section", "picture") else value


def _part(kind: type[domain.Part], row: Any) -> domain.Part:
    return kind(**{name: _plain(kind, name, getattr(row, attribute)) for name, attribute in COLUMNS[kind]})


def _story(article: Any, rows: Iterable[tuple[type[domain.Part], Any]]) -> domain.StorySnapshot:
    return _assemble(article, ((kind, row.ordering, row.id, _part(kind, row)) for kind, row in rows))


def _assemble(
    article: Any, placed: Iterable[tuple[type[domain.Part], int, int, domain.Part]]
) -> domain.StorySnapshot:
    in_order: dict[str, list[tuple[int, int, domain.Part]]] = {name: [] for name in domain.PART_FIELDS}
    for kind, ordering, number, part in placed:
        in_order[PART_TUPLES[kind]].append((ordering, number, part))
    values: dict[str, Any] = {
        name: _plain(domain.StorySnapshot, name, getattr(article, attribute))
        for name, attribute in STORY_COLUMNS
    }
    for name, parts in in_order.items():
        values[name] = tuple(part for _, _, part in sorted(parts, key=lambda entry: entry[:2]))
    read = hasattr(article, "newest_erasure")
    return domain.StorySnapshot(**values, erasure=article.newest_erasure or 0 if read else None)


def working_rows(article: Article) -> WorkingRows:
    """Return the working copy of an article, as rows by key and as the story that they store.

    One query a kind of part; the article itself is taken as given.
    """
    found = [
        (kind, row)
        for kind, model in PART_MODELS.items()
        for row in model._default_manager.filter(parent=article)
    ]
    return WorkingRows(
        article=article, parts={row.key: row for _, row in found}, story=_story(article, found)
    )


def working_snapshot(article: Article) -> domain.StorySnapshot:
    """Return the story as its working copy reads now. One query more than its rows."""
    # Queried before the rows: an erasure in between makes the story look older than it is, never newer.
    erasure = latest_state(article.pk)[1]
    return replace(working_rows(article).story, erasure=erasure)


def snapshot_at(article_id: int, revision: int) -> domain.StorySnapshot:
    """Return the story as it read at a revision, by its number.

    Raises Revision.DoesNotExist if the article had no such revision. One query a tracked model.
    """
    articles = _as_of(Article, article_id, revision)
    if not articles or not revision >= 1:
        raise Revision.DoesNotExist(f"Article {article_id} has no revision {revision}.")
    return _story(
        articles[0],
        [
            (kind, row)
            for kind, model in PART_MODELS.items()
            for row in _as_of(model, article_id, revision)
            if row.history_type != "-"
        ],
    )


def snapshots_at(article_id: int, revisions: Iterable[int]) -> dict[int, domain.StorySnapshot]:
    """Return the story as it read at each of several revisions, by their numbers.

    Raises Revision.DoesNotExist. One query a tracked model, however many the revisions: the history is replayed, and is
    in memory until this returns.
    """
    return snapshots_of_each({article_id: set(revisions)})[article_id]


def snapshots_of_each(revisions: Mapping[int, Set[int]]) -> dict[int, dict[int, domain.StorySnapshot]]:
    """Return several stories, each as it read at several revisions; by the article's id and the revision's number.

    Raises Revision.DoesNotExist. One query a tracked model: the histories are replayed, and are in memory meanwhile.
    """
    upto = max((number for numbers in revisions.values() for number in numbers), default=0)
    articles: defaultdict[int, dict[int, Any]] = defaultdict(dict)
    for row in _history_values(Article, revisions, upto):
        articles[row.id][row.revision] = row
    changes: defaultdict[int, _Changes] = defaultdict(dict)
    for kind, model in PART_MODELS.items():
        for row in _history_values(model, revisions, upto):
            changes[row.parent_id].setdefault(row.revision, []).append((kind, row))
    return {
        article: _replayed(article, articles[article], changes[article], numbers)
        for article, numbers in revisions.items()
    }


def _history_values(model: type[TrackedModel], articles: Iterable[int], upto: int) -> Iterable[Any]:
    """Return the history of some stories in order, for a replay: as values, which cost less than rows."""
    part = next((kind for kind, each in PART_MODELS.items() if each is model), None)
    columns = {attribute for _name, attribute in (COLUMNS[part] if part else STORY_COLUMNS)}
    placing = {"parent_id", "ordering", "history_type"} if part else set()
    rows: Any = history_model(model).objects.filter(
        **{f"{_story_of(model)}__in": articles, "revision__lte": upto}
    )
    found: Iterable[Any] = rows.order_by("history_id").values_list(
        *sorted({"id", "revision"} | placing | columns), named=True
    )
    return found


def _replayed(
    article_id: int, articles: Mapping[int, Any], changes: _Changes, numbers: Set[int]
) -> dict[int, domain.StorySnapshot]:
    article = None
    placed: dict[tuple[type[domain.Part], int], tuple[type[domain.Part], int, int, domain.Part]] = {}
    found: dict[int, domain.StorySnapshot] = {}
    for number in sorted({*articles, *changes, *numbers}):
        article = articles.get(number, article)
        for kind, row in changes.get(number, ()):
            placed.pop((kind, row.id), None)
            if row.history_type != "-":
                placed[kind, row.id] = (kind, row.ordering, row.id, _part(kind, row))
        if number in numbers:
            if article is None:
                raise Revision.DoesNotExist(f"Article {article_id} has no revision {number}.")
            found[number] = _assemble(article, placed.values())
    return found


def snapshot_pair(
    article_id: int, first: int, second: int
) -> tuple[domain.StorySnapshot, domain.StorySnapshot]:
    """Return the story as it read at two revisions, by their numbers, in as many queries as for one.

    Raises Revision.DoesNotExist if the article had no such revision.
    """
    articles = _as_of(Article, article_id, first, second)
    parts = [
        (kind, row) for kind, model in PART_MODELS.items() for row in _as_of(model, article_id, first, second)
    ]
    return (
        _snapshot_from(article_id, articles, parts, first),
        _snapshot_from(article_id, articles, parts, second),
    )


def snapshots_between(
    article_id: int, first: int, last: int, others: Iterable[int] = ()
) -> dict[int, domain.StorySnapshot]:
    """Return the story at each revision from `first` to `last`, and at some others, by number.

    Number 0 is before the story began. Raises Revision.DoesNotExist. Two queries a tracked model. Reads no more than
    how the story was at `first` and at the others, and what was written since `first`.
    """
    numbers = {*range(first, last + 1), *others}
    starts = sorted({first, *others} - {0})

    def rows(model: type[TrackedModel]) -> list[Any]:
        since = history_of(model, article_id).filter(revision__gt=first, revision__lte=last)
        return [*(_as_of(model, article_id, *starts) if starts else ()), *since]

    articles = rows(Article)
    parts = [(kind, row) for kind, model in PART_MODELS.items() for row in rows(model)]
    return {
        number: _snapshot_from(article_id, articles, parts, number) if number else domain.EMPTY
        for number in sorted(numbers)
    }


def _snapshot_from(
    article_id: int, articles: Sequence[Any], parts: Iterable[tuple[type[domain.Part], Any]], revision: int
) -> domain.StorySnapshot:
    """Return the story at a revision, from rows that include the newest ones up to it."""
    newest: dict[tuple[type[domain.Part] | None, int], Any] = {}
    for kind, row in [(None, article) for article in articles] + list(parts):
        present = newest.get((kind, row.id))
        if row.revision <= revision and (present is None or present.history_id < row.history_id):
            newest[kind, row.id] = row
    article = newest.pop((None, article_id), None)
    if article is None:
        raise Revision.DoesNotExist(f"Article {article_id} has no revision {revision}.")
    return _story(
        article, [(kind, row) for (kind, _id), row in newest.items() if kind and row.history_type != "-"]
    )


def _as_of(model: type[TrackedModel], article_id: int, *revisions: int) -> Sequence[Any]:
    """Return the newest history row of each object up to each of the revisions, including deletions."""
    parameters = [number for revision in revisions for number in (article_id, revision)]
    return list(history_model(model).objects.raw(_as_of_sql(model, len(revisions)), parameters))


@cache
def _as_of_sql(model: type[TrackedModel], revisions: int) -> str:
    """Return the SQL of `_as_of`, cached: composing it for many kinds of parts takes longer than answering it."""
    history = history_model(model).objects
    first, *others = (_newest_up_to(history, {_story_of(model): 1}, 2) for _ in range(revisions))
    newest = history.filter(history_id__in=first.union(*others, all=True) if others else first)
    if model is Article:
        # Read with the first rows: a later erasure makes the story look older than it is, never newer.
        newest = newest.annotate(newest_erasure=_newest_erasure("id"))
    sql, parameters = newest.query.sql_with_params()
    assert parameters == (1, 2) * revisions
    return str(sql)


def _newest_up_to(history: Any, of: dict[str, int], revision: int) -> Any:
    """Return the ids of the newest history rows of each object up to a revision."""
    upto = history.filter(**of, revision__lte=revision).order_by()
    return upto.values("id").annotate(newest=Max("history_id")).values("newest")


def snapshots_of(revisions: Mapping[int, int]) -> dict[int, domain.StorySnapshot]:
    """Return several stories, each as it read at a revision; both by the article's id and the revision's number.

    Raises Revision.DoesNotExist if one had no such revision. One query a tracked model, however many stories.
    """
    if not revisions:
        return {}
    articles = {row.id: row for row in _as_of_each(Article, "id", revisions)}
    parts: dict[int, list[tuple[type[domain.Part], Any]]] = {}
    for kind, model in PART_MODELS.items():
        for row in _as_of_each(model, "parent_id", revisions):
            if row.history_type != "-":
                parts.setdefault(row.parent_id, []).append((kind, row))
    for article, revision in revisions.items():
        if article not in articles:
            raise Revision.DoesNotExist(f"Article {article} has no revision {revision}.")
    return {article: _story(row, parts.get(article, ())) for article, row in articles.items()}


def _as_of_each(model: Any, of: str, revisions: Mapping[int, int]) -> Iterable[Any]:
    history = history_model(model).objects
    first, *others = (
        _newest_up_to(history, {of: article}, revision) for article, revision in revisions.items()
    )
    found: Iterable[Any] = history.filter(history_id__in=first.union(*others, all=True) if others else first)
    return found


def history_of(model: type[TrackedModel], article_id: int) -> Any:
    """Return the history rows of one model of a story, in the order in which they were written."""
    return history_model(model).objects.filter(**{_story_of(model): article_id}).order_by("history_id")


def _story_of(model: type[TrackedModel]) -> str:
    """Return the column of a model's history that names the story."""
    return "id" if model is Article else "parent_id"


def _newest_erasure(article: str) -> Any:
    return Subquery(Erasure.objects.filter(article=OuterRef(article)).order_by("-pk").values("pk")[:1])


def latest_state(article_id: int) -> tuple[int, int]:
    """Return the numbers of an article's newest revision and newest erasure, 0 before the first. One query."""
    revisions = Revision.objects.filter(article_id=article_id).order_by("-number")
    states = revisions.annotate(newest_erasure=_newest_erasure("article"))
    number, erasure = states.values_list("number", "newest_erasure").first() or (0, 0)
    return number, erasure or 0


def latest_revision(article_id: int) -> int:
    """Return the number of an article's newest revision, 0 before its first."""
    return Revision.objects.filter(article_id=article_id).aggregate(newest=Max("number"))["newest"] or 0

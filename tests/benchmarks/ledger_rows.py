"""A ledger of any length, straight into the tables: rows as the actions leave them, chained and covered.

Past the models, for which a million entries would take an hour; so it knows every column. What it writes is held to
the models by the verification, which must find nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from stories.domain.ledger import GENESIS, magnitude
from stories.domain.text.search_form import indexed
from stories.domain.text.segments import plain_text
from stories.models.integrity.canonical import CURRENT_FORM

AT_ONCE: Final = 20_000
PEOPLE: Final = 60
YEARS: Final = timedelta(days=4 * 365)
# What happens to a story in fifty steps; each tenth of the stories has them in another order.
_STEPS: Final = (
    *["revision"] * 26,
    *["noted"] * 3,
    *["minor"] * 6,
    *["transcription"] * 2,
    "override",
    *["assignment"] * 4,
    *["review-request"] * 4,
    *["embargo"] * 2,
)
WORDS: Final = [f"word{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(2_000)]

_SIGNED: Final = ("id", "article_id", "user_id", "user_name", "recorded_at", "salt", "reason")
_COLUMNS: Final = {
    "revision": (*_SIGNED, "number", "attention", "source_revision", "source_kind", "changes"),
    "publication": (
        *(
            *_SIGNED,
            "revision_id",
            "base_id",
            "address_id",
            "live_from",
            "publication_class",
            "source",
            "cause",
        ),
    ),
    "assignment": (*_SIGNED, "assignee_id", "assignee_name"),
    "reviewrequest": (*_SIGNED, "revision_id", "offered"),
    "embargo": (*_SIGNED, "until"),
    "article": (
        *("id", "kind", "headline", "dek", "slug", "section_id", "section_name", "language", "dateline"),
        "disclosure",
    ),
    "textblock": ("id", "parent_id", "key", "ordering", "region", "text"),
    "storyaddress": ("slug", "article_id"),
    "partkey": ("key", "article_id", "holder"),
    "publicationcard": (
        *("publication_id", "kind", "headline", "dek", "section", "section_name", "language", "bylines"),
        *("words_added", "words_removed", "significance", "salt"),
    ),
    "searchtext": (
        "publication_id",
        "headline",
        "dek",
        "text",
        "language",
        "headline_words",
        "text_words",
    ),
    "ledgerentry": (
        *(
            "sequence",
            "kind",
            "event_id",
            "article_id",
            "recorded_at",
            "user_id",
            "user_name",
            "publication_class",
            "size",
        ),
        *("payload", "digest"),
    ),
    "entrytext": ("entry_id", "text"),
    "dailyhead": ("day", "entry_id"),
}
_HISTORY: Final = ("history_id", "history_date", "history_type", "revision", "salt")
_COLUMNS.update({f"historical{name}": (*_COLUMNS[name], *_HISTORY) for name in ("article", "textblock")})

_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def write_ledger(entries: int, *, of: int) -> None:
    """Write so many entries, fifty a story, from the beginning of four years that would end now with `of` of them."""
    writer = _Writer(entries, of)
    with transaction.atomic():
        writer.begin()
        writer.flush()
    for start in range(0, entries, AT_ONCE):
        with transaction.atomic():
            for _ in range(min(AT_ONCE, entries - start)):
                writer.append()
            writer.flush()
    with transaction.atomic():
        writer.settle()
        writer.flush()


def repeat_ledger(entries: int, *, of: int) -> None:
    """Repeat the first so many entries, each time of other stories and later, until there are `of`.

    Copies prove nothing, and their events are those of the first: they are there to be looked through.
    """
    columns = "kind, {event}, {article}, {time}, user_id, user_name, publication_class, size, payload, digest"
    names = columns.format(event="event_id", article="article_id", time="recorded_at")
    for copy in range(1, of // entries):
        seconds = YEARS.total_seconds() * copy * entries / of
        if connection.vendor == "postgresql":
            time = f"recorded_at + interval '{seconds} seconds'"
        else:
            time = f"strftime('%Y-%m-%d %H:%M:%f', recorded_at, '+{seconds} seconds')"
        # Each kind of event once: a copy's is beyond all of the first.
        event = f"event_id + {copy * entries}"
        values = columns.format(event=event, article=f"article_id + {copy * entries // 50}", time=time)
        shift = copy * entries // 50
        told = {"id": f"id + {shift}", "slug": f"'story-' || (id + {shift})"}
        of_article = ", ".join(told.get(name, name) for name in _COLUMNS["article"])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO stories_article ({', '.join(_COLUMNS['article'])}) SELECT {of_article}"  # noqa: S608
                f" FROM stories_article WHERE id <= {entries // 50}"
            )
            cursor.execute(
                f"INSERT INTO stories_ledgerentry (sequence, {names}) SELECT sequence + {copy * entries}, {values}"  # noqa: S608
                f" FROM stories_ledgerentry WHERE sequence <= {entries}"
            )
            cursor.execute(
                f"INSERT INTO stories_entrytext (entry_id, text) SELECT entry_id + {copy * entries}, text"  # noqa: S608
                f" FROM stories_entrytext WHERE entry_id <= {entries}"
            )


def _digest(salt: bytes, *row: Any) -> str:
    return sha256(salt + _dump(row).encode()).hexdigest()


def _told(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class _Writer:
    """Every round is one event of every story; rows are gathered, and flushed together."""

    def __init__(self, entries: int, of: int) -> None:
        self.stories = max(1, entries // 50)
        self.random = Random(5)
        self.sequence, self.digest = 0, GENESIS
        self.newest_of: dict[int, int] = {}
        self.day = date.min
        self.apart = YEARS / of
        self.began = timezone.now().astimezone(UTC) - YEARS
        self.orders = [["revision", "first", *self.random.sample(_STEPS, len(_STEPS))] for _ in range(10)]
        self.rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.counts: dict[str, int] = defaultdict(int)
        # Of each story: its newest revision's row and number, its newest publication, its text.
        self.revisions: list[tuple[int, int]] = [(0, 0)] * self.stories
        self.publications: list[int | None] = [None] * self.stories
        self.texts = [""] * self.stories

    def append(self) -> None:
        self.sequence += 1
        round_, story = divmod(self.sequence - 1, self.stories)
        step = self.orders[story % 10][round_ % 50]
        user = min(int(self.random.expovariate(0.08)), PEOPLE - 1) + 1
        self.at = (self.began + self.sequence * self.apart).replace(tzinfo=UTC)
        self.signed = (story + 1, user, f"Person{user} Penn", self.at)
        write = {
            "revision": self._revision,
            "assignment": self._assignment,
            "review-request": self._review_request,
            "embargo": self._embargo,
        }.get(step)
        if write is None:
            self._publication(story, step)
        else:
            write(story)

    # -------------------------------------------------------------------------------------------- each event

    def _revision(self, story: int) -> None:
        before, number = self.revisions[story][0], self.revisions[story][1] + 1
        words = self.random.choice((1, 2, 3, 5, 20, 150))
        changes: list[list[Any]] = (
            [["text", "changed", 1, [1], words, words // 2]] if before else [["story", "begun", 1, [], 60, 0]]
        )
        reason, salt, pk = self._reason(), self._salt(), self._number("revision")
        self.revisions[story] = (pk, number)
        self.rows["revision"].append(
            (pk, *self.signed, salt, reason, number, "", None, "", json.dumps(changes))
        )
        self.texts[story] = f"<p>The council met and heard {WORDS[number]} and {self._reason()}</p>"
        kind = "~" if before else "+"
        covered = [self._history("textblock", self._block(story), number, kind)]
        if not before:
            covered.append(self._history("article", self._article(story), number, kind))
        facts = {"revision": number, "taken": [None, ""], "changes": changes, "rows": covered}
        came = sum(change[-2] + change[-1] for change in changes)
        self._entry("revision", pk, facts, _digest(salt, "revision", reason, ""), reason, came)

    def _publication(self, story: int, step: str) -> None:
        (revision, _), base = self.revisions[story], self.publications[story]
        reason, salt, pk = self._reason() or "Why not", self._salt(), self._number("publication")
        source = "the transcript" if step == "transcription" else ""
        slug, headline = f"story-{story + 1}", self._headline(story)
        self.rows["publication"].append(
            (pk, *self.signed, salt, reason, revision, base, slug, self.at, step, source, "")
        )
        words = self.random.choice((0, 1, 4, 30, 200)) if base else 0
        weight, text, card_salt = "wording" if base else "", plain_text(self.texts[story]), self._salt()
        told = ["story", headline, "", "city", "City", "en", [], words, 0, weight]
        self.rows["publicationcard"].append((pk, *told[:6], "[]", *told[7:], card_salt))
        forms = [indexed(each, language="en") for each in (headline, text)]
        self.rows["searchtext"].append((pk, headline, "", text, "en", *forms))
        shown = _dump({"card": told, "notes": [], "pictures": []})
        facts = {
            "revision_event": revision,
            "base": base,
            "live_from": _told(self.at),
            "class": step,
            "address": slug,
            "cause": "",
            "shown": _digest(card_salt, "publication", shown),
            "words": [words, 0],
        }
        self.publications[story] = pk
        said = "\n".join(filter(None, (reason, source)))
        self._entry("publication", pk, facts, _digest(salt, "publication", reason, source), said, words, step)

    def _assignment(self, story: int) -> None:
        self._plain("assignment", "assignment", (7, "Person7 Penn"), {"assignee": [7, "Person7 Penn"]})

    def _review_request(self, story: int) -> None:
        revision = self.revisions[story][0]
        facts = {"revision_event": revision, "offered": True}
        self._plain("review-request", "reviewrequest", (revision, True), facts)

    def _embargo(self, story: int) -> None:
        self._plain("embargo", "embargo", (None,), {"until": None})

    def _plain(self, kind: str, model: str, values: tuple[Any, ...], facts: dict[str, Any]) -> None:
        reason, salt, pk = self._reason(), self._salt(), self._number(model)
        self.rows[model].append((pk, *self.signed, salt, reason, *values))
        self._entry(kind, pk, facts, _digest(salt, model, reason), reason)

    def _entry(
        self, kind: str, pk: int, facts: dict[str, Any], said: str, text: str, words: int = 0, step: str = ""
    ) -> None:
        article, user, name, at = self.signed
        payload = _dump(
            {
                **facts,
                "sequence": self.sequence,
                "after": self.newest_of.get(article),
                "kind": kind,
                "event": pk,
                "at": _told(at),
                "article": article,
                "by": [user, name],
                "form": CURRENT_FORM,
                "said": said,
            }
        )
        self.newest_of[article] = self.sequence
        if at.date() > self.day and self.sequence > 1:
            self.rows["dailyhead"].append((self.day.isoformat(), self.sequence - 1))
        self.day = at.date()
        self.digest = sha256(self.digest + sha256(payload.encode()).digest()).digest()
        self.rows["ledgerentry"].append(
            (self.sequence, kind, pk, article, at, user, name, step, magnitude(words), payload, self.digest)
        )
        if text:
            self.rows["entrytext"].append((self.sequence, text))

    # -------------------------------------------------------------------------------------------- their parts

    def _history(self, model: str, row: tuple[Any, ...], revision: int, kind: str) -> list[Any]:
        number, salt = self._number(f"historical{model}"), self._salt()
        self.rows[f"historical{model}"].append((*row, number, self.at, kind, revision, salt))
        plain = [str(value) if isinstance(value, UUID) else value for value in row]
        digest = _digest(salt, model, *plain, number, _told(self.at), kind, revision)
        key = str(row[2]) if model == "textblock" else str(row[0])
        return [model, key, kind, number, digest]

    def _article(self, story: int) -> tuple[Any, ...]:
        headline, slug = self._headline(story), f"story-{story + 1}"
        return (story + 1, "story", headline, "", slug, None, "City", "en", "", "")

    def _block(self, story: int) -> tuple[Any, ...]:
        return (story + 1, story + 1, UUID(int=story + 1), 0, "main", self.texts[story])

    def _headline(self, story: int) -> str:
        return f"Story {story + 1} of {WORDS[story % 2_000]}"

    def _reason(self) -> str:
        """Ten words of a vocabulary in which few are common; “ordinary” stands in all, “quagmire” in very few."""
        if self.random.random() < 0.2:
            return ""
        words = [WORDS[min(int(self.random.paretovariate(0.6)) - 1, 1_999)] for _ in range(10)]
        return " ".join(["the", *words, *["quagmire"] * (self.sequence % 100_000 < 2), "ordinary"])

    def _salt(self) -> bytes:
        return self.random.randbytes(16)

    def _number(self, model: str) -> int:
        self.counts[model] += 1
        return self.counts[model]

    # ------------------------------------------------------------------------------------------- into the tables

    def begin(self) -> None:
        """The stories, and the addresses that they go live under."""
        self.rows["article"] = [self._article(story) for story in range(self.stories)]
        numbers = range(1, self.stories + 1)
        self.rows["storyaddress"] = [(f"story-{number}", number) for number in numbers]
        self.rows["partkey"] = [(UUID(int=number), number, "blocks") for number in numbers]

    def settle(self) -> None:
        """Their text as its newest history has it."""
        self.rows["textblock"] = [self._block(story) for story in range(self.stories)]

    def flush(self) -> None:
        for model, rows in self.rows.items():
            _insert(f"stories_{model}", _COLUMNS[model], rows)
        self.rows.clear()


def _insert(table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
            cursor.executemany(statement, [tuple(map(_adapted, row)) for row in rows])


def _adapted(value: Any) -> Any:
    """A value as Django has SQLite hold it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.hex if isinstance(value, UUID) else value

"""Clients who write at random, and readers who read all the while, over HTTP; each request is written down."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock
from typing import Any, Final

from tests.drills.histories.history import (
    FIX,
    LIFT,
    PUBLISH,
    REINSTATE,
    SAVE,
    SAVE_DEK,
    WITHDRAW,
    WITHHOLD,
    Log,
    Outcome,
    Read,
    Write,
)
from tests.drills.histories.record import NOTHING, WORD, reason_of
from tests.drills.site import Answer, Person, Site

DESK: Final = "/admin/stories/article/"
# How often each is done.
WEIGHTS: Final = {SAVE: 36, SAVE_DEK: 8, PUBLISH: 16, FIX: 14, WITHHOLD: 9, LIFT: 9, WITHDRAW: 2}
# For how many seconds a client waits for an answer.
PATIENCE: Final = 30
# How often a form is sent again whose answer was lost.
MOST_SENT: Final = 3


@dataclass
class Newsroom:
    """What clients share: the stories by number and slug, the numbers of writes, what is withheld, the log."""

    site: Site
    log: Log
    stories: dict[int, str]
    over: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    numbers: Any = field(default_factory=lambda: count(1))
    # Who withheld which word of which story, and the address at which somebody else decides on it.
    withheld: list[tuple[str, int, str, str]] = field(default_factory=list)
    # What went wrong in a client or a reader itself.
    failures: list[BaseException] = field(default_factory=list)

    def next_number(self) -> int:
        with self.lock:
            return next(self.numbers)


def word_of(number: int) -> str:
    """Return the word of a write: letters alone, of one length, and no word of any language."""
    letters = ""
    for _ in range(5):
        number, rest = divmod(number, 26)
        letters = chr(97 + rest) + letters
    return f"q{letters}q"


def words_in(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(WORD.findall(text))))


@dataclass
class Sent:
    """What became of a form that was sent."""

    outcome: Outcome
    answer: str
    location: str = ""
    times: int = 1


@dataclass
class Client:
    """One editor, who does one thing after the other."""

    newsroom: Newsroom
    name: str
    random: random.Random

    def __post_init__(self) -> None:
        self.person = self.newsroom.site.signed_in(self.name)
        self.person.patience = PATIENCE
        # Of a reader, who has no session.
        self.reader = Person(self.newsroom.site.address, patience=PATIENCE)

    def live(self) -> None:
        """Write until it is over."""
        try:
            while not self.newsroom.over.is_set():
                self.once()
                time.sleep(self.random.uniform(0, 0.2))
        except Exception as failure:
            self.newsroom.failures.append(failure)

    def once(self) -> None:
        kinds, weights = zip(*WEIGHTS.items(), strict=True)
        (kind,) = self.random.choices(kinds, weights)
        story = self.random.choice(list(self.newsroom.stories))
        act: dict[str, Callable[[int], None]] = {
            SAVE: self.save,
            SAVE_DEK: self.save_dek,
            PUBLISH: self.publish,
            FIX: self.fix,
            WITHHOLD: self.withhold,
            LIFT: self.lift,
            WITHDRAW: self.withdraw,
        }
        act[kind](story)

    # ------------------------------------------------------------------------------------------ what they do

    def save(self, story: int) -> None:
        number = self.newsroom.next_number()
        if form := self._typed(f"{DESK}{story}/change/", SAVE, word_of(number)):
            form |= {"why": reason_of(number), "_continue": "Save"}
            self._write(number, SAVE, story, f"{DESK}{story}/change/", form, word=word_of(number))

    def save_dek(self, story: int) -> None:
        number, path = self.newsroom.next_number(), f"{DESK}{story}/change/"
        form = self.person.form(path)
        if not form:
            return
        saw, form["dek"] = form["dek"], word_of(number)
        form |= {"why": reason_of(number), "_continue": "Save"}
        self._write(number, SAVE_DEK, story, path, form, word=word_of(number), saw=saw)

    def publish(self, story: int) -> None:
        number, path = self.newsroom.next_number(), f"{DESK}{story}/publish/"
        if (form := self.person.form(path)) and "when" in form:
            self._write(number, PUBLISH, story, path, form | self._announced(number))

    def fix(self, story: int) -> None:
        number, path = self.newsroom.next_number(), f"{DESK}{story}/fix/"
        typed = self._typed(path, FIX, word_of(number))
        if not typed:
            return
        review = self.person.form_in(self.person.send(path, typed))
        if "wanted" in review:
            form = review | self._announced(number)
            self._write(number, FIX, story, path, form, word=word_of(number))

    def withhold(self, story: int) -> None:
        slug = self.newsroom.stories[story]
        words = words_in(self.reader.get(f"/stories/{slug}/data.json").text)
        path = f"{DESK}{story}/withhold/"
        form = self.person.form(path)
        if not words or not form:
            return
        word, number = self.random.choice(words), self.newsroom.next_number()
        form |= {"words": word, "version": "", "ground": "legal", "reason": reason_of(number), "notice": ""}
        sent = self._write(number, WITHHOLD, story, path, form, word=word)
        if sent.outcome == "ok":
            with self.newsroom.lock:
                self.newsroom.withheld.append((self.name, story, word, sent.location))

    def lift(self, _story: int) -> None:
        with self.newsroom.lock:
            others = [each for each in self.newsroom.withheld if each[0] != self.name]
            if not others:
                return
            chosen = self.random.choice(others)
            self.newsroom.withheld.remove(chosen)
        _by, story, word, path = chosen
        form = self.person.form(path)
        if not form:
            with self.newsroom.lock:
                self.newsroom.withheld.append(chosen)
            return
        number = self.newsroom.next_number()
        form |= {"decision": "lift", "reason": reason_of(number)}
        self._write(number, LIFT, story, path, form, word=word)

    def withdraw(self, story: int) -> None:
        """Withdraw a story, and bring it back a moment later; or bring back what is withdrawn."""
        path = f"{DESK}{story}/withdraw/"
        form = self.person.form(path)
        if form.get("decides") == "withdraw":
            self._decide(WITHDRAW, story, path, form | {"notice": "It is away for a moment."})
            time.sleep(self.random.uniform(0.5, 2))
        while not self.newsroom.over.is_set():
            form = self.person.form(path)
            if form.get("decides") == "withdraw":
                return
            if form:
                self._decide(REINSTATE, story, path, form)
            time.sleep(0.2)

    def _decide(self, kind: str, story: int, path: str, form: dict[str, Any]) -> None:
        number = self.newsroom.next_number()
        self._write(number, kind, story, path, form | {"reason": reason_of(number)})

    def _typed(self, path: str, kind: str, word: str) -> dict[str, Any]:
        """Return a story's form with this client's own sentence changed; nothing, if there is no form."""
        form = self.person.form(path)
        for name, value in form.items():
            if name.endswith("-text") and f"{kind} of {self.name}" in str(value):
                sentence = rf"({kind} of {self.name} is )(?:{WORD.pattern}|{NOTHING})\."
                form[name] = re.sub(sentence, rf"\g<1>{word}.", value)
                return form
        return {}

    def _announced(self, number: int) -> dict[str, str]:
        return {
            "kind": "override",
            "cause": "moved-on",
            "text": reason_of(number),
            "when": "now",
            "step": "publish",
        }

    # ---------------------------------------------------------------------------------------- what is written down

    def _write(
        self, number: int, kind: str, story: int, path: str, form: dict[str, Any], **more: str
    ) -> Sent:
        began = time.time()
        sent = self._send(kind, path, form)
        self.newsroom.log.write(
            Write(
                number=number,
                client=self.name,
                kind=kind,
                story=story,
                began=began,
                ended=time.time(),
                outcome=sent.outcome,
                answer=sent.answer,
                sent=sent.times,
                **more,
            )
        )
        return sent

    def _send(self, kind: str, path: str, form: dict[str, Any]) -> Sent:
        """Send a form; half of those whose answer is lost are sent again, as people do."""
        was_lost, times = False, 0
        while True:
            times += 1
            outcome, answer, location = self._judge(kind, self.person.send(path, form, follows=False))
            if outcome == "unknown":
                was_lost = True
                if times < MOST_SENT and self.random.random() < 0.5 and not self.newsroom.over.is_set():
                    time.sleep(self.random.uniform(0.1, 1))
                    continue
            elif was_lost and outcome == "refused":
                # Perhaps since the first one was done.
                outcome = "unknown"
            return Sent(outcome, answer, location, times)

    def _judge(self, kind: str, answer: Answer) -> tuple[Outcome, str, str]:
        """Return what an answer says of what was sent, in a word, and where it leads."""
        location = answer.headers.get("Location", "")
        if answer.status == 302:
            if "/login/" in location or "/account/" in location:
                return "refused", "signed out", ""
            if kind not in (WITHDRAW, REINSTATE):
                return "ok", "302", location
            # The page that it leads to says whether it was done, or had been.
            page = self.person.get(location)
            if "The story is withdrawn." in page.text or "The story is back" in page.text:
                return "ok", "302", location
            if "Nothing more was done" in page.text:
                return "refused", "decided already", ""
            return "unknown", f"302, then {page.status}", ""
        if answer.status == 200:
            return "refused", _refusal(answer.text), ""
        if "Nothing that you sent was saved" in answer.text:
            return "refused", f"{answer.status}, nothing was saved", ""
        if answer.status in (403, 404, 409):
            return "refused", str(answer.status), ""
        return "unknown", answer.kind, ""


def _refusal(page: str) -> str:
    found = re.search(
        r'class="(?:errorlist|errornote|warning)[^"]*"[^>]*>(.*?)</(?:ul|p|li)>', page, re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())[:80] if found else "200"


@dataclass
class Reader:
    """Somebody who reads one page after the other."""

    newsroom: Newsroom
    name: str
    random: random.Random

    def live(self) -> None:
        try:
            person = Person(self.newsroom.site.address, patience=PATIENCE)
            while not self.newsroom.over.is_set():
                for page, story, path in self._pages():
                    self.read(person, page, story, path)
                    time.sleep(self.random.uniform(0, 0.1))
        except Exception as failure:
            self.newsroom.failures.append(failure)

    def _pages(self) -> Iterable[tuple[str, int, str]]:
        story = self.random.choice(list(self.newsroom.stories))
        address = f"/stories/{self.newsroom.stories[story]}/"
        pages = [
            ("story", story, address),
            ("story", story, address),
            ("data", story, f"{address}data.json"),
            ("versions", story, f"{address}versions/"),
            ("feed of story", story, f"{address}feed/"),
            ("front", 0, "/"),
            ("feed", 0, "/feed/"),
            ("version", story, f"{address}versions/{self.random.randint(1, 9)}/"),
        ]
        return self.random.sample(pages, len(pages))

    def read(self, person: Person, page: str, story: int, path: str) -> None:
        began = time.time()
        answer = person.get(path)
        version = {"story": r'data-version="(\d+)"', "data": r'"version": \{\s*"number": (\d+)'}.get(page)
        found = re.search(version, answer.text) if version else None
        self.newsroom.log.write(
            Read(
                reader=self.name,
                page=page,
                story=story,
                began=began,
                ended=time.time(),
                status=answer.status,
                version=int(found[1]) if found else 0,
                is_copy="database-away" in answer.headers.get("Cache-Status", ""),
                words=words_in(answer.text) if answer.status == 200 else (),
            )
        )

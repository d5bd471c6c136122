"""Every page that the real archive has, read once: each story, version and comparison of neighbours, from cold."""

from __future__ import annotations

import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from io import StringIO
from time import perf_counter

from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stories.domain.diff.compare import StoryTooLong, diff
from stories.domain.snapshot import PublicStory, QuoteBlock, TextBlock
from stories.domain.text.segments import plain_text
from stories.models import Publication
from stories.public.http.budget import COMPARISONS
from stories.queries.publishing.versions import Version, public_story, versions
from stories.rendering.compare.summary import summary_sentence
from tests.archives import NO_REAL, REAL, passing_site
from tests.rendering.markup import visible

DATABASE = True
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was read: how long it took, in milliseconds."""

    address: str
    took: float


def run() -> list[tuple[str, float, str, float | None]]:
    """The figures of all its pages; none where it is absent."""
    if not REAL.exists():
        print(f"  skipped: {NO_REAL}", file=sys.stderr)
        return []
    with passing_site():
        call_command("import_archive", str(REAL), verbosity=0, stdout=StringIO(), stderr=StringIO())
        cache.clear()
        read: dict[str, list[Read]] = {"story": [], "version": [], "compare": []}
        client = Client()
        for several in every_story():
            read_all(client, several, read)
        slowest = max(read["compare"], key=lambda each: each.took)
        print(f"  the slowest comparison: {slowest.address}, {explained(slowest)}", file=sys.stderr)
    figures: list[tuple[str, float, str, float | None]] = []
    for kind, pages in read.items():
        figures.append((f"{kind} pages, each 200 with its text", len(pages), "pages", None))
        for name, value in percentiles([page.took for page in pages]):
            figures.append((f"  {name}", value, "ms", None))
    return figures


def every_story() -> Iterator[list[Version]]:
    """The versions of each story, oldest first."""
    at = timezone.now()
    for article in Publication.objects.order_by("article").values_list("article", flat=True).distinct():
        yield list(reversed(versions(article, at=at)))


def read_all(client: Client, several: list[Version], read: dict[str, list[Read]]) -> None:
    """Read all pages of a story, and see that each holds the words that it should."""
    slug = several[-1].slug
    words = [words_of(public_story(each)) for each in several]
    nothing = summary_sentence(diff(PublicStory(), PublicStory()))
    pages = [("story", reverse("public:story", args=[slug]), words[-1])]
    for number, held in enumerate(words, start=1):
        pages.append(("version", reverse("public:version", args=[slug, number]), held))
        if number > 1:
            pages.append(("compare", reverse("public:compare", args=[slug, number - 1, number]), held))
    for kind, address, held in pages:
        # Here nobody is to wait because of those who asked before.
        COMPARISONS.reset()
        began = perf_counter()
        response = client.get(address)
        took = (perf_counter() - began) * 1000
        assert response.status_code == 200, f"{address} answers {response.status_code}"
        shown = visible(response.content.decode())
        if kind == "compare" and nothing in shown:
            # Two versions that read the same: the sentence is all there is to show.
            held = Counter()
        lacking = held - Counter(_WORD.findall(shown))
        assert not lacking, f"{address} lacks {lacking.most_common(5)}"
        read[kind].append(Read(address, took))


def words_of(story: PublicStory) -> Counter[str]:
    """The words that a page of a story must hold."""
    texts = [story.headline, story.dek, *(byline.credited_as for byline in story.bylines)]
    texts += [plain_text(block.text) for block in story.blocks if isinstance(block, TextBlock | QuoteBlock)]
    return Counter(_WORD.findall(unescape(" ".join(texts))))


def explained(slowest: Read) -> str:
    """What a comparison's time went into."""
    _, _, slug, _, pair, _ = slowest.address.split("/")
    old, new = (int(number) for number in pair.split("..."))
    article = Publication.objects.filter(address=slug).values_list("article", flat=True)[0]
    found = versions(article, at=timezone.now())
    stories = [public_story(found[-number]) for number in (old, new)]
    began = perf_counter()
    try:
        changes = diff(*stories)
    except StoryTooLong:
        return f"{slowest.took:.0f} ms: too long to be compared"
    took = (perf_counter() - began) * 1000
    length = max(sum(words_of(story).values()) for story in stories)
    return (
        f"{slowest.took:.0f} ms: {length:,} words in {len(changes.body):,} passages, {changes.summary.words_changed:,} "
        f"of them changed; {took:.0f} ms to find what changed, the rest to read and to show it"
    )


def percentiles(times: Iterable[float]) -> list[tuple[str, float]]:
    """The times that half of the pages stay under, that 99 of 100 do, and the longest."""
    ordered = sorted(times)
    cuts = statistics.quantiles(ordered, n=100)
    return [("p50", cuts[49]), ("p99", cuts[98]), ("the slowest", ordered[-1])]

"""A baked page's headers are in its file's name, and what nginx can't say is not baked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stories.domain.baking.names import Answer, Unbaked, common_digest, file_name

SITE = "https://news.example.org"
STORY_LINKS = (
    '<https://news.example.org/stories/x/timegate/>; rel="timegate", '
    '<https://news.example.org/stories/x/timemap/>; rel="timemap"; type="application/link-format"'
)
MEMENTO = '<https://news.example.org/stories/%C3%A4/versions/2/>; rel="memento"; datetime=""'
LIVE = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
PAGE = Answer(
    "/stories/a/",
    200,
    [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", LIVE),
        ("ETag", '"0123abcd"'),
        ("Surrogate-Key", "lists author-1"),
        ("Cache-Tag", "lists,author-1"),
        ("Last-Modified", "Mon, 02 Mar 2026 09:00:00 GMT"),
        ("X-Frame-Options", "DENY"),
        ("Content-Length", "4"),
    ],
    b"body",
)


def with_header(name: str, value: str, page: Answer = PAGE) -> Answer:
    return replace(page, headers=[each for each in page.headers if each[0] != name] + [(name, value)])


def test_the_name_has_what_varies_and_the_digest_of_what_does_not() -> None:
    digest, status, mark, *rest = file_name(PAGE, site_url=SITE).split(";")
    assert (digest, status) == (common_digest([("x-frame-options", "DENY")]), "200")
    assert len(mark) == 16
    assert rest == [
        "0123abcd",
        LIVE,
        "lists",
        "author-1",
        "Mon, 02 Mar 2026 09:00:00 GMT",
        *[""] * 5,
        ".html",
    ]


def test_no_two_answers_have_the_same_name() -> None:
    pages = [PAGE, replace(PAGE, body=b"ydob"), replace(PAGE, status=410), with_header("ETag", '"1"')]
    assert len({file_name(page, site_url=SITE) for page in pages}) == len(pages)


@pytest.mark.parametrize(
    ("address", "link", "kind"),
    [
        (
            "/stories/a/",
            STORY_LINKS.replace("/x/", "/a/"),
            "story",
        ),
        (
            "/stories/%C3%A4/versions/2/",
            f'<{SITE}/pages/%C3%A4/>; rel="original", {STORY_LINKS.replace("/x/", "/%C3%A4/")}, {MEMENTO}',
            "page-version",
        ),
    ],
)
def test_links_are_made_by_nginx_as_the_site_writes_them(address: str, link: str, kind: str) -> None:
    page = replace(with_header("Link", link), address=address)
    assert file_name(page, site_url=SITE).split(";")[9] == kind
    with pytest.raises(Unbaked):
        file_name(replace(page, address="/stories/b/"), site_url=SITE)


@pytest.mark.parametrize(
    "page",
    [
        replace(PAGE, status=301),
        replace(PAGE, status=404),
        with_header("Cache-Control", "no-store"),
        with_header("Cache-Control", "private, max-age=60"),
        with_header("Cache-Control", "public, max-age=41, stale-if-error=86400"),
        with_header("Set-Cookie", "a=b"),
        with_header("Vary", "Cookie"),
        with_header("Content-Type", "text/css"),
        with_header("ETag", 'W/"1"'),
        with_header("Content-Disposition", "attachment"),
        with_header("Cache-Tag", "lists"),
        with_header("X-Robots-Tag", "a;b"),
        with_header("X-Robots-Tag", "a/b"),
        with_header("X-Robots-Tag", "noindex\n"),
        with_header("X-Robots-Tag", "n" * 200),
        replace(PAGE, headers=[*PAGE.headers, ("Cache-Control", LIVE)]),
    ],
)
def test_what_nginx_cannot_say_is_not_baked(page: Answer) -> None:
    with pytest.raises(Unbaked):
        file_name(page, site_url=SITE)

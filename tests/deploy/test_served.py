"""The site is really served through nginx and gunicorn, as deploy/ has them."""

from __future__ import annotations

import http.client
import re
import ssl
import subprocess
from collections.abc import Iterator
from typing import Final

import pytest

from stories.management.demo import REFERENCE_SLUG
from tests.deploy.site import METRICS_TOKEN, NGINX, OPENSSL, PICTURE_HOST, Served, configure, served

STORY: Final = f"/stories/{REFERENCE_SLUG}/"
WITHDRAW: Final = """
from stories.models import StoryAddress, User
from stories.actions.takedown.withdrawals import withdraw
article = StoryAddress.objects.get(slug="{slug}").article
maya = User.objects.filter(groups__name="Managing editor").first()
withdraw(article=article, user=maya, notice="We took this down.", reason="libel")
"""

pytestmark = pytest.mark.skipif(
    not (NGINX and OPENSSL), reason="nginx or openssl is not here: apt-get install nginx-light openssl"
)


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with served() as site:
        yield site


def test_nginx_takes_the_configuration_without_a_warning(site: Served) -> None:
    tested = subprocess.run(
        [str(NGINX), "-t", "-e", "stderr", "-c", str(configure(site))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert tested.returncode == 0, tested.stderr
    assert "[warn]" not in tested.stderr


def test_plain_http_leads_to_https(site: Served) -> None:
    answer = site.ask_plainly("/stories/x/?a=b")
    assert (answer.status, answer.headers["Location"]) == (301, "https://news.example.org/stories/x/?a=b")
    assert answer.headers["Content-Security-Policy"]


def test_what_certbot_puts_there_is_read_in_plain_http_and_nothing_else(site: Served) -> None:
    folder = site.folder / "html" / ".well-known" / "acme-challenge"
    folder.mkdir(parents=True)
    (folder / "a-token").write_text("its answer")
    (site.folder / "html" / "index.html").write_text("Debian's own")
    assert site.ask_plainly("/.well-known/acme-challenge/a-token").text == "its answer"
    assert site.ask_plainly("/.well-known/acme-challenge/another").status == 404
    assert site.ask_plainly("/index.html").status == 301


def test_health_is_answered_by_number_in_plain_http_and_by_name_in_tls(site: Served) -> None:
    by_number = site.ask_plainly("/healthz", host="127.0.0.1")
    assert (by_number.status, by_number.headers["Server"]) == (200, "nginx")
    assert site.ask_plainly("/healthz").status == 200
    assert site.ask("/healthz").status == 200
    answer = site.ask("/readyz")
    assert answer.status == 200, answer.text
    assert answer.headers["X-Cache"] is None


def test_a_foreign_name_is_not_answered(site: Served) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        site.ask_plainly("/", host="evil.example")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        site.ask("/", host="evil.example")


def test_a_page_is_kept_as_its_headers_say_and_the_desk_is_not(site: Served) -> None:
    assert site.ask("/").headers["Strict-Transport-Security"]
    kept = site.ask("/")
    assert (kept.status, kept.headers["X-Cache"]) == (200, "HIT")
    for _ in range(2):
        desk = site.ask("/admin/account/login/")
        assert desk.status == 200
        assert desk.headers["X-Cache"] is None
        assert "Secure" in desk.headers["Set-Cookie"]


def test_style_sheets_are_kept_and_compressed(site: Served) -> None:
    (address,) = set(re.findall(r'href="(/static/stories/site/site\.[0-9a-f]+\.css)"', site.ask("/").text))
    style = site.ask(address, headers={"Accept-Encoding": "gzip"})
    assert (style.status, style.headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in style.headers["Cache-Control"]
    assert site.ask(address, headers={"Accept-Encoding": "gzip"}).headers["X-Cache"] == "HIT"


def test_pictures_reach_the_desk_and_nothing_large_reaches_anything_else(site: Served) -> None:
    large = b"x" * 40_000_000
    # The desk reads it, and misses the form's token.
    assert (
        site.ask(
            "/admin/account/login/",
            method="POST",
            body=large,
            headers={"Referer": "https://news.example.org/"},
        ).status
        == 403
    )
    refused = site.ask("/search/", method="POST", body=large[:100_000])
    assert refused.status == 413
    assert refused.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_log_of_sign_ins_has_the_address_that_nginx_saw(site: Served) -> None:
    form = site.ask("/admin/account/login/")
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text)[0]
    cookie = form.headers["Set-Cookie"].partition(";")[0]
    site.ask(
        "/admin/account/login/",
        method="POST",
        body=f"csrfmiddlewaretoken={token}&login=rosa@example.org&password=wrong".encode(),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": cookie,
            "Referer": "https://news.example.org/admin/account/login/",
            "X-Forwarded-For": "203.0.113.9",
        },
    )
    assert "A sign-in failed, from 127.0.0.1." in site.log()


def test_what_is_taken_down_leaves_nginxs_cache_at_once_without_any_worker(site: Served) -> None:
    assert site.ask(STORY).status == 200
    assert site.ask(STORY).headers["X-Cache"] == "HIT"
    site.manage("shell", "-c", WITHDRAW.format(slug=REFERENCE_SLUG))
    assert site.ask(STORY).status == 410


def test_while_the_site_is_away_what_was_kept_is_shown_and_the_rest_says_to_wait(site: Served) -> None:
    # Not the story that another test takes down.
    stories = sorted(set(re.findall(r'href="(/stories/[a-z-]+/)"', site.ask("/").text)) - {STORY})
    assert site.ask(stories[0]).status == 200
    site.stop_web()
    try:
        assert site.ask(stories[0]).status == 200
        away = site.ask("/search/?q=nobody-asked-this")
        assert (away.status, away.headers["Retry-After"]) == (503, "5")
        assert away.headers["Cache-Control"] == "no-store"
        assert away.headers["Content-Security-Policy"].startswith("default-src 'none'")
    finally:
        site.start_web()
        site.await_answer()
    assert site.ask("/search/?q=nobody-asked-this").status == 200


def test_pictures_come_from_their_own_host_and_nothing_else_does(site: Served) -> None:
    html = site.ask("/stories/reservoirs-after-dry-autumn/").text
    named = re.search(rf'src="https://{PICTURE_HOST}(/pictures/[^"]+)"', html)
    assert named is not None, "the demo's story shows no picture"
    picture = site.ask(named[1], host=PICTURE_HOST, headers={"Cookie": "sessionid=any"})
    assert picture.status == 200
    assert picture.headers["Content-Type"].startswith("image/")
    assert "Set-Cookie" not in picture.headers
    for path in ("/", "/admin/", "/static/stories/site/site.css", "/healthz"):
        other = site.ask(path, host=PICTURE_HOST)
        assert (other.status, other.text) == (404, "Not Found\n")
        assert other.headers.get_all("Content-Security-Policy")
    assert site.ask(named[1]).headers["Location"] == f"https://{PICTURE_HOST}{named[1]}"


def test_figures_are_read_by_number_on_this_host_with_the_token_and_nowhere_else(site: Served) -> None:
    token = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    site.ask("/robots.txt")
    read = site.ask_plainly("/metrics", host="127.0.0.1", headers=token)
    assert read.status == 200
    assert 'newsroom_requests_total{method="GET",status="200",view="robots"}' in read.text
    assert "newsroom_ledger_head " in read.text
    assert site.ask("/metrics", headers=token).status == 404
    assert site.ask("/metrics", host=PICTURE_HOST, headers=token).status == 404
    for headers in ({}, {"Authorization": f"Bearer {METRICS_TOKEN}x"}):
        refused = site.ask_plainly("/metrics", host="127.0.0.1", headers=headers)
        assert refused.status in (301, 400, 404)
        assert "newsroom_" not in refused.text

"""Ask the site for a page, as its server would."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from stories.domain.baking.names import READS_PRIMARY, Answer


class Client:
    """Asks the site's WSGI handler, with all its middleware, in this process."""

    def __init__(self) -> None:
        self._handler = WSGIHandler()
        site = urlsplit(settings.SITE_URL)
        port = site.port or (443 if site.scheme == "https" else 80)
        self._environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": site.hostname,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": site.netloc,
            "HTTP_X_FORWARDED_PROTO": site.scheme,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": site.scheme,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            # A replica may be behind the entry up to which pages are baked. No request can bring such a name along.
            READS_PRIMARY: True,
        }

    def get(self, address: str) -> Answer:
        """Return the answer at an address, given with its letters encoded."""
        answered: list[tuple[str, list[tuple[str, str]]]] = []

        def start(
            status: str, headers: list[tuple[str, str]], _error: object = None, /
        ) -> Callable[[bytes], object]:
            answered.append((status, headers))
            return body.write

        path = unquote_to_bytes(address).decode("latin-1")
        errors, body = BytesIO(), BytesIO()
        environ = {**self._environ, "PATH_INFO": path, "wsgi.input": body, "wsgi.errors": errors}
        response: Any = self._handler(environ, start)
        try:
            content = b"".join(response)
        finally:
            # Which also gives the connection back, as after any request.
            response.close()
        status, headers = answered[0]
        return Answer(address, int(status.partition(" ")[0]), headers, content)

"""The WSGI application for production servers: `gunicorn newsroom.wsgi`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from newsroom.slow_queries import watch_queries

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
# The limit of a statement in requests; commands, which import and verify, have none.
os.environ.setdefault("STATEMENT_TIMEOUT", "10000")

application = get_wsgi_application()
watch_queries()

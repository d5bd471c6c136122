"""What a production server runs: `gunicorn newsroom.wsgi`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
# No reader and no editor waits longer for one statement; commands, which import and verify, may take their time.
os.environ.setdefault("STATEMENT_TIMEOUT", "10000")

application = get_wsgi_application()

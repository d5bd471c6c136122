"""The site's settings under test: local, ignoring the environment except for the database's address."""

from __future__ import annotations

import os
import tempfile

# A developer's own settings must not decide what the tests see.
os.environ.update(
    DEBUG="1",
    SECRET_KEY="a key for tests alone",
    ALLOWED_HOSTS="",
    SITE_URL="http://testserver",
    SITE_NAME="The Example Courier",
    TIME_ZONE="UTC",
    LANGUAGE_CODE="en-us",
    CACHE_URL="locmem://",
    EMAIL_URL="console://",
    EMAIL_FROM="",
    DESK_EMAIL="",
    KEEP_DRAFTS="",
    PURGE_URL="",
    PURGE_TOKEN="",
    REPORT_ERRORS_TO="",
    OIDC_ISSUER="",
    OIDC_CLIENT_ID="",
    OIDC_CLIENT_SECRET="",
    OIDC_NAME="",
    LOG_LEVEL="WARNING",
    HTTPS="0",
    BEHIND_PROXY="0",
    STATEMENT_TIMEOUT="",
    # Every test gets its own folder; a test without one must not write among real pictures.
    MEDIA_ROOT=os.path.join(tempfile.gettempdir(), "newsroom-tests-without-a-folder"),  # noqa: PTH118
)

from newsroom.settings import *  # noqa: F403

# On a machine with many tests a server is slow rather than down: tests wait for it.
if pool := DATABASES["default"]["OPTIONS"].get("pool"):  # noqa: F405
    del pool["connection_class"]
    pool["timeout"] = 30

# The real hashers are slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

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
    INVITATION_DAYS="",
    PASSWORD_RESET_MINUTES="",
    TAKE_BACK_MINUTES="",
    PURGE_URL="",
    PURGE_TOKEN="",
    BACKUP_STAMP="",
    BAKE_DIR="",
    REPORT_ERRORS_TO="",
    OIDC_ISSUER="",
    OIDC_CLIENT_ID="",
    OIDC_CLIENT_SECRET="",
    OIDC_NAME="",
    LEDGER_HEADS="off",
    LOG_LEVEL="WARNING",
    METRICS="",
    METRICS_TOKEN="",
    SLOW_QUERY_MS="",
    SENTRY_DSN="",
    MEDIA_STORAGE="",
    MEDIA_ORIGIN="",
    HTTPS="0",
    BEHIND_PROXY="0",
    SECRET_KEY_FALLBACKS="",
    # On in the tests that are about them: others sign people in by force.
    REQUIRE_SECOND_FACTOR="0",
    CONFIRM_AFTER="0",
    TRUSTED_PROXIES="0",
    SESSION_DAYS="",
    STATEMENT_TIMEOUT="",
    # Every test gets its own folder; a test without one must not write among real pictures.
    MEDIA_ROOT=os.path.join(tempfile.gettempdir(), "newsroom-tests-without-a-folder"),  # noqa: PTH118
)

from newsroom.settings import *  # noqa: F403

# On a machine with many tests a server is slow rather than down: tests wait for it.
if pool := DATABASES["default"]["OPTIONS"].get("pool"):  # noqa: F405
    del pool["connection_class"]
    pool["timeout"] = 30

# No test cuts the power, and a sync for each commit takes time.
if init := DATABASES["default"]["OPTIONS"].get("init_command"):  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = init.replace("synchronous=FULL", "synchronous=NORMAL")  # noqa: F405

# The real hashers are slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

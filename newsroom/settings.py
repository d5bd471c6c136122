"""The whole configuration. Whatever differs between installations is read from the environment.

`docs/operating.md` lists the variables.
"""

from __future__ import annotations

from pathlib import Path

from django_prose_editor.config import html_tags
from js_asset import static_lazy

from newsroom.environment import (
    CACHE_URL_FORMS,
    DATABASE_URL_FORMS,
    EMAIL_URL_FORMS,
    LOG_LEVELS,
    cache,
    database,
    email,
    media_storage,
    read,
    read_addresses,
    read_bake_dir,
    read_choice,
    read_flag,
    read_language,
    read_list,
    read_media_origin,
    read_metrics_token,
    read_number,
    read_openid,
    read_purge_address,
    read_report_address,
    read_sentry_dsn,
    read_site_url,
    read_time_zone,
    read_url,
    replicas,
    secret_key,
)
from newsroom.error_reporter import start_error_reporter
from newsroom.log_lines import formatter

BASE_DIR = Path(__file__).resolve().parent.parent

# ------------------------------------------------------------------------------------------------- the site

DEBUG = read_flag("DEBUG", default=False)
SECRET_KEY = secret_key(debug=DEBUG, key_file=BASE_DIR / ".secret_key")
# Former keys, until what was made with them has expired or was made again.
SECRET_KEY_FALLBACKS = read_list("SECRET_KEY_FALLBACKS", [])

_site = read_site_url(debug=DEBUG)
SITE_URL = f"{_site.scheme}://{_site.netloc}"
SITE_NAME = read("SITE_NAME", "Newsroom")
ALLOWED_HOSTS = read_list(
    "ALLOWED_HOSTS", [str(_site.hostname), *(["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

# Without `simple_history`, whose commands can empty a history. Its models work without.
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # While developing, static files are served as in production, through the same middleware.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "content_editor",
    "django_prose_editor",
    "js_asset",
    # Last, since the groups it creates after `migrate` need the permissions that the others create.
    "stories",
]

# Attributes of rich text besides its words: language and direction, targets of links, scopes of table headers.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("stories/story_form/editor_attributes.js")],
        "extensions": {
            "TextAttributes": html_tags(
                ["span"], {"*": ["dir", "id", "lang"], "ol": ["reversed"], "th": ["scope"]}
            ),
        },
    },
]

MIDDLEWARE = [
    "newsroom.current_request.RequestIdMiddleware",
    # Before all that answer requests themselves, so that every answer passes it.
    "newsroom.security_headers.SecurityHeadersMiddleware",
    # Before the check of the host and the redirect to HTTPS: load balancers ask by number, in plain HTTP.
    "newsroom.health.HealthMiddleware",
    # Before all that answer requests themselves.
    "newsroom.known_hosts.KnownHostsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.database_outage.DatabaseOutageMiddleware",
    # Inside of it: a replica that is away is no outage.
    "newsroom.replicas.ReplicaMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Before sessions and sign-in, which a story's page does not need.
    "stories.public.middleware.StoryPageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "stories.admin.sign_in.middleware.AccountPagesMiddleware",
    "stories.admin.sign_in.middleware.ProtectedPagesMiddleware",
    # After the sign-in, for the desk alone: readers' pages are the same for everybody.
    "stories.admin.middleware.OwnLocaleMiddleware",
    "newsroom.older_copy.OlderCopyMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# ------------------------------------------------------------------------------------------------- storage

_database = read_url(
    "DATABASE_URL", "sqlite:///db.sqlite3", DATABASE_URL_FORMS, ("sqlite", "postgres", "postgresql")
)
_replicas = replicas(_database)
DATABASES = {"default": database(_database, folder=BASE_DIR), **_replicas}
# The aliases of streaming replicas, which readers' pages are read from while they keep up: see newsroom.replicas.
REPLICAS = tuple(_replicas)
DATABASE_ROUTERS = ["newsroom.replicas.ReplicaRouter"] if REPLICAS else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "stories.User"
# History is looked up by revision, never by date.
SIMPLE_HISTORY_DATE_INDEX = False
_cache_url = read_url(
    "CACHE_URL", "locmem://", CACHE_URL_FORMS, ("locmem", "redis", "rediss", "file", "dummy")
)
# Whether all processes share one cache: only then do they learn of each other's takedowns.
SHARED_CACHE = _cache_url.scheme in ("redis", "rediss", "file")
CACHES = {
    "default": cache(_cache_url, site=_site.netloc),
}

# Where the newest head of the ledger is kept: what restores a backup must leave this folder as it is.
_heads = read("LEDGER_HEADS", "ledger-heads")
LEDGER_HEADS = "" if _heads == "off" else str(BASE_DIR / _heads)
# A file that a backup touches once it is complete, so that `manage.py doctor` can say how old the last one is.
BACKUP_STAMP = read("BACKUP_STAMP")

MEDIA_ROOT = BASE_DIR / read("MEDIA_ROOT", "media")
MEDIA_URL = "/media/"
# Where readers get pictures from, if not from the site itself.
MEDIA_ORIGIN = read_media_origin(_site)
if MEDIA_ORIGIN:
    MIDDLEWARE.insert(
        MIDDLEWARE.index("newsroom.health.HealthMiddleware"), "newsroom.picture_host.PictureHostMiddleware"
    )
STATIC_ROOT = BASE_DIR / "staticfiles"
# The folder of readers' pages as files, which the worker bakes and nginx serves; "" if there is none.
BAKE_DIR = read_bake_dir(BASE_DIR, MEDIA_ROOT, STATIC_ROOT, *map(Path, filter(None, [LEDGER_HEADS])))
STATIC_URL = "/static/"
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": media_storage(),
    "staticfiles": {
        # Hashed names need `collectstatic`, which is too much while developing.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
# A story's form has a few dozen fields per block: Django's 1,000 would refuse it after some twenty blocks.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# A form refused for its size loses every word typed into it: accept it, and say what is too long.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024

# ------------------------------------------------------------------------------- languages, times, messages

LANGUAGE_CODE = read_language()
TIME_ZONE = read_time_zone()
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "stories" / "locale"]

globals().update(
    email(
        read_url(
            "EMAIL_URL",
            "console://" if DEBUG else "smtp://localhost",
            EMAIL_URL_FORMS,
            ("console", "smtp", "smtp+tls", "smtps", "dummy"),
        )
    )
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read("EMAIL_FROM", f"newsroom@{_site.hostname}")
# Who is notified of the outcome of requests for comment, besides the story's assignee.
DESK_EMAIL = read_addresses("DESK_EMAIL")
# For how many minutes after it went live its publisher may take a version back; 0 for never.
_minutes = read_number("TAKE_BACK_MINUTES", least=0, most=60, example="minutes, such as 5; 0 for never")
TAKE_BACK_MINUTES = 5 if _minutes is None else _minutes
# For how many days after their last change never-published drafts are retained; None for ever.
KEEP_DRAFTS = read_number("KEEP_DRAFTS", least=1, most=36_500, example="days, such as 365")
# For how long the links in mails work.
INVITATION_DAYS = read_number("INVITATION_DAYS", least=1, most=90, example="days, such as 7") or 7
PASSWORD_RESET_MINUTES = (
    read_number("PASSWORD_RESET_MINUTES", least=5, most=1440, example="minutes, such as 60") or 60
)
# Where readers report errors in a story; if empty, no page offers to.
REPORT_ERRORS_TO = read_report_address("REPORT_ERRORS_TO")
# The cache that is notified of changed pages, and the token for it: see `manage.py deliver`.
PURGE_URL = read_purge_address("PURGE_URL")
PURGE_TOKEN = read("PURGE_TOKEN")


# ------------------------------------------------------------------------------------------- seeing it run

LOG_LEVEL = read_choice("LOG_LEVEL", "INFO", LOG_LEVELS)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": formatter(debug=DEBUG)},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handler would mail errors with the form's whole content: unpublished text, contacts.
        "django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        # Its DEBUG lines would have every statement with its values: the text of every draft.
        "django.db.backends": {"level": "INFO"},
        "django.template": {"level": "INFO"},
        # While the database is away it would log that ten times a second; newsroom.database_outage logs it once.
        "psycopg.pool": {"level": "ERROR"},
    },
}
# From how many milliseconds on a statement of a request is named in the log; 0: none is.
_slow = read_number("SLOW_QUERY_MS", least=0, most=3_600_000, example="milliseconds, such as 500; 0 for none")
SLOW_QUERY_MS = 500 if _slow is None else _slow
# Who may read /metrics; "" if nothing is counted.
METRICS_TOKEN = read_metrics_token()
# Where errors are reported; "" if nowhere.
SENTRY_DSN = read_sentry_dsn()
if SENTRY_DSN:
    start_error_reporter(SENTRY_DSN)
if METRICS_TOKEN:
    MIDDLEWARE.insert(
        MIDDLEWARE.index("newsroom.security_headers.SecurityHeadersMiddleware") + 1,
        "newsroom.metrics.MetricsMiddleware",
    )

# ------------------------------------------------------------------------------------------- people and sign-in

AUTHENTICATION_BACKENDS = ["stories.admin.sign_in.backend.EmailBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "stories.admin.sign_in.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Whoever was invited has read the invitation.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "stories.admin.sign_in.forms.LoginForm",
    "reauthenticate": "stories.admin.sign_in.forms.ReauthenticateForm",
    "change_password": "stories.admin.sign_in.forms.ChangePasswordForm",
    "set_password": "stories.admin.sign_in.forms.SetPasswordForm",
}
# Nobody signs up here, which is what those mails would offer.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# django-allauth's would fill its own table of addresses.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a class
# It mails codes to addresses of its own table.
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
# A provider of OpenID Connect, if there is one, whose verified addresses open the accounts that have them.
SOCIALACCOUNT_ADAPTER = "stories.admin.sign_in.openid.OpenIDAdapter"
SOCIALACCOUNT_PROVIDERS = read_openid()
# For how many minutes a sign-in or a confirmation suffices for what can't be undone, changes rights or changes how
# somebody signs in; 0: nobody is asked to confirm.
CONFIRM_AFTER = read_number("CONFIRM_AFTER", least=0, most=1440, example="minutes, such as 15 (0: never)")
if CONFIRM_AFTER is None:
    CONFIRM_AFTER = 0 if DEBUG else 15
# `stories.admin.sign_in.confirmation` decides alone what is confirmed: django-allauth's own answer is always no.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
# Whether whoever may publish, take down, audit or change accounts must have an authenticator app or a passkey.
REQUIRE_SECOND_FACTOR = read_flag("REQUIRE_SECOND_FACTOR", default=not DEBUG)
MFA_ADAPTER = "stories.admin.second_factor.adapter.FactorAdapter"
MFA_FORMS = {
    "activate_totp": "stories.admin.second_factor.forms.ActivateAppForm",
    "authenticate": "stories.admin.second_factor.forms.CodeForm",
    "reauthenticate": "stories.admin.second_factor.forms.ConfirmCodeForm",
    "add_webauthn": "stories.admin.second_factor.forms.AddPasskeyForm",
    "authenticate_webauthn": "stories.admin.second_factor.forms.PasskeyForm",
    "reauthenticate_webauthn": "stories.admin.second_factor.forms.ConfirmPasskeyForm",
    "login_webauthn": "stories.admin.second_factor.forms.PasskeyAloneForm",
}
# The clocks of phones are a little off.
MFA_TOTP_TOLERANCE = 1
# From the sign-in on, whatever is done meanwhile: to prolong it, each request would have to write.
SESSION_COOKIE_AGE = (
    (read_number("SESSION_DAYS", least=1, most=90, example="days, such as 14") or 14) * 24 * 60 * 60
)
USERSESSIONS_TRACK_ACTIVITY = False
# Wrong passwords and codes: how many in how many minutes. See docs/accounts.md.
ATTEMPT_LIMITS = {
    "account and client": (5, 5),
    "client": (50, 15),
    "account": (200, 60),
    # Mails that may be asked for with one address.
    "mails": (3, 60),
}
# django-allauth's own counts are in the cache, which processes need not share, and which may be down.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers offer passkeys on localhost without HTTPS, and nowhere else.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG

# ------------------------------------------------------------------------------------------------- security

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

HTTPS = read_flag("HTTPS", default=not DEBUG and _site.scheme == "https")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
# This site can't promise HTTPS for other sites under the same domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Only behind a proxy that sets this header itself, since clients could forge it.
if read_flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies in front of the site append to X-Forwarded-For: see stories.client_address.
TRUSTED_PROXIES = read_number("TRUSTED_PROXIES", least=0, most=9, example="proxies, from 0 to 9") or 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Other sites must not see a draft's address in the admin; they may see which site, not which page, sent a reader.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
# In the form that Django has from 6.0 on. Readers' pages load style sheets, scripts and pictures of this site, and
# scripts make no markup out of text.
_csp: dict[str, list[str]] = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", *filter(None, [MEDIA_ORIGIN])],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
}
SECURE_CSP = {**_csp, "require-trusted-types-for": ["'script'"], "trusted-types": ["'none'"]}
# The desk also has icons in a font, forms that ask while somebody types, pictures that were chosen and not sent yet,
# and a preview in a frame. Its editor writes style elements, and reads the styles of what is pasted, which browsers
# refuse to parse otherwise; what a style could fetch is of this site alone.
SECURE_CSP_DESK = {
    **_csp,
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": [*_csp["img-src"], "blob:", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "frame-src": ["'self'"],
}
# What browsers are asked to refuse every page, whoever put a script into it.
UNUSED_FEATURES = (
    *(
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
    ),
    *(
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    ),
)
CSRF_FAILURE_VIEW = "newsroom.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

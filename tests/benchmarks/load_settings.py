"""Production's settings, with an address that counts queries: see `bench_load`."""

from newsroom.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.load_urls"
STORAGES = {  # no collectstatic for a benchmark
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

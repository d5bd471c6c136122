"""Pictures in an S3-compatible store, whose failures are those of a folder, and never last longer than a moment."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage as DjangoStoragesS3
from storages.utils import clean_name

log = logging.getLogger(__name__)

# For how many seconds a store that did not answer is not asked, so that few requests wait for one that hangs.
PAUSE: Final = 2.0
# For how many seconds a store may say nothing in the middle of an answer; it is asked twice.
READ_PATIENCE: Final = 3.0


class StoreFails(OSError):
    """The store of pictures does not answer, or refuses."""


class S3Storage(DjangoStoragesS3):  # type: ignore[misc]  # it ships no types
    """Django-storages' storage, in which a file is complete or does not exist, and errors are OSErrors."""

    def __init__(self, **options: Any) -> None:
        config = Config(
            signature_version="s3v4",
            # Other stores than Amazon's have no host name for each bucket.
            s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
            connect_timeout=1,
            read_timeout=READ_PATIENCE,
            retries={"mode": "standard", "total_max_attempts": 2},
            # Older stores know no checksums but the signature's.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        # In one request each: larger pictures are not taken.
        transfer = TransferConfig(multipart_threshold=2**27, use_threads=False)
        defaults = {"file_overwrite": True, "client_config": config, "transfer_config": transfer}
        super().__init__(**{**defaults, **options})
        self._paused_until = 0.0

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        # Whole, so that it fails here and not while it is sent to somebody.
        with self._asked(name):
            found = self.bucket.Object(self._normalize_name(clean_name(name))).get()
            return File(BytesIO(found["Body"].read()), name)

    def _save(self, name: str, content: File[bytes]) -> str:
        with self._asked(name):
            return str(super()._save(name, content))

    def exists(self, name: str) -> bool:
        with self._asked(name):
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with self._asked(name):
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with self._asked(path):
            folders, files = super().listdir(path)
            return folders, files

    @contextmanager
    def _asked(self, name: str) -> Iterator[None]:
        """Translate the errors of the block. Raises FileNotFoundError, StoreFails."""
        if time.monotonic() < self._paused_until:
            raise StoreFails("The store of pictures did not answer a moment ago.")
        try:
            yield
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("404", "NoSuchKey"):
                raise FileNotFoundError(f"There is no file {name}.") from error
            log.error("The store of pictures refuses (%s).", code)  # noqa: TRY400 - whoever asked logs it too
            raise StoreFails(f"The store of pictures refuses ({code}).") from error
        except (BotoCoreError, Boto3Error) as error:
            self._paused_until = time.monotonic() + PAUSE
            log.error("The store of pictures does not answer (%s).", type(error).__name__)  # noqa: TRY400
            raise StoreFails(f"The store of pictures does not answer ({type(error).__name__}).") from error

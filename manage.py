#!/usr/bin/env python
"""Django's command line, for this project."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A wrong environment variable is the operator's to mend: a sentence helps, a traceback does not.
        sys.exit(f"The site did not start. {error}")


if __name__ == "__main__":
    main()

"""What a dossier consists of: the names of its files, the keys in them, and the limits of their length."""

import re
from typing import Any

Row = dict[str, Any]
NOTE = ("kind", "text", "was", "now")
FORMAT = "newsroom-dossier/1"
GROUPS = ("bylines", "blocks", "comment_requests", "update_notes")
# The keys of each part of a dossier: no others are allowed, so that nobody can add what is not proved.
ABOUT = {"format", "part", "slug", "site", "address", "made", "first", "previous", "head"}
ABOUT |= {"versions", "withheld", "pictures"}
VERSION = {"number", "live_from", "sequence", "file", "sha256"}
LINK = {"sequence", "payload", "digest"}
ROW = {"entry", "model", "number", "salt", "values"}
EVENTS = {
    "publication": {"sequence", "digest", "kind", "version", "live_from", "class"},
    "withdrawal": {"sequence", "digest", "kind", "withdrawn", "at", "notice"},
}
NAME = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
DIGEST = re.compile(r"[0-9a-f]{64}")


# The formats of stories' pictures, by file extension, and how their files begin.
PICTURES = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "gif": re.compile(rb"GIF8[79]a"),
    "webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
# The limit of a document or a line in bytes, and that of all rows or entries in megabytes, which --limit raises.
LONGEST = 16 << 20
LIMIT = 128
LONGEST_PICTURE = 256 << 20
# After this many faults nothing more is read.
FAULTS = 1_000

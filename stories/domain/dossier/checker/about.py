"""The dossier as a whole: what dossier.json says of it, and that no file is missing or added."""

from stories.domain.dossier.checker.canonical import digest_of, int_or_none, is_time, same_json
from stories.domain.dossier.checker.files import Files
from stories.domain.dossier.checker.formats import ABOUT, FORMAT, PICTURES, VERSION
from stories.domain.dossier.checker.report import Findings


class CheckedDossier:
    """A dossier that is being checked: its files, what dossier.json says of it, and what was found."""

    def __init__(self, files: Files, found: Findings) -> None:
        self.files, self.found, self.expect = files, found, found.expect
        self.about = files.document("dossier.json")
        self.full = self.about["part"] == "full"
        # The names of the pictures' files by their digests.
        self.pictures: dict[str, str] = {}

    def check_about(self) -> None:
        """Check the form of dossier.json, its versions and its pictures."""
        about = self.about
        self.expect(
            about["format"] == FORMAT, f"dossier.json is in a format not known here: {about['format']}."
        )
        self.expect(
            about["part"] in ("full", "public"), "dossier.json is neither of the full nor the public part."
        )
        self.expect(
            set(about) == ABOUT | ({"article"} if self.full else set()),
            f"dossier.json says something that no dossier does: {sorted(about)}.",
        )
        self.expect(is_time(about["made"]), f"dossier.json says when it was made: {about['made']}.")
        listed = VERSION | ({"revision"} if self.full else set())
        for number, each in enumerate(about["versions"], start=1):
            self.expect(set(each) == listed, f"dossier.json says more of version {number} than it should.")
            self.expect(same_json(each["number"], number), f"Version {number} is called {each['number']}.")
            self.expect(
                each["file"] in ("", f"versions/{number:04}.json"),
                f"Version {number} lies in {each['file']}.",
            )
            if each["file"]:
                digest = digest_of(self.files.read(each["file"]))
                self.expect(digest == each["sha256"], f"{each['file']} is not the file that was put in.")
        times = [each["live_from"] for each in about["versions"]]
        self.expect(times == sorted(times), "The versions are not in order.")
        self.expect(
            not self.full or int_or_none(about["article"]) is not None,
            f"dossier.json says of which story it is by something else than a number: {about.get('article')}.",
        )
        for name in about["pictures"]:
            digest, _, kind = name.rpartition("/")[2].partition(".")
            self.expect(name == f"pictures/{digest}.{kind}", f"{name} is not where a picture lies.")
            found, start = self.files.digest(name)
            self.expect(found == digest, f"{name} is another picture.")
            self.expect(
                kind in PICTURES and bool(PICTURES[kind].match(start)),
                f"{name} is no picture as stories have them.",
            )
            self.pictures[digest] = name

    def check_names(self) -> None:
        """Check that the dossier has all its files, and no others that could pass for its own."""
        used = self.files.used
        pages = {name[:-4] + "html" for name in used if name.startswith(("versions/", "revisions/"))}
        pages |= {"check.py", "README.html", "README.txt"} | ({"desk.json"} if self.full else set())
        for name in sorted(self.files.names - used - pages):
            self.expect(False, f"{name} is no part of this dossier. If you put it there, move it elsewhere.")
        for name in sorted(pages - self.files.names):
            self.expect(False, f"{name} is not there.")

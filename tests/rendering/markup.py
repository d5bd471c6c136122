"""What a browser would make of HTML, as far as tests need it."""

from __future__ import annotations

from html.parser import HTMLParser

# Inline elements; every other element begins a new line.
INLINE = {"a", "b", "code", "del", "em", "i", "ins", "small", "span", "strong", "sub", "sup", "time"}
VOID = {"br", "hr", "img", "input", "link", "meta", "wbr"}


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.opened: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.opened and self.opened[-1] == tag:
            self.opened.pop()
        else:
            self.faults.append(f"</{tag}> closes {self.opened[-3:]}")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.in_script = tag == "script"
        if tag not in INLINE:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False
        if tag not in INLINE:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.in_script:
            self.words.append(data)


def faults(html: str) -> list[str]:
    """Return what is wrong with the nesting of a piece of HTML, a line each."""
    parser = _Balance()
    parser.feed(html)
    parser.close()
    return parser.faults + [f"<{tag}> stays open" for tag in parser.opened]


def visible(html: str) -> str:
    """Return its text, with single spaces."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return " ".join("".join(parser.words).split())

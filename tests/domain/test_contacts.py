"""Public contacts: what is one, what it links to, and how it reads."""

from __future__ import annotations

import pytest

from stories.domain.contacts import contact_address, contact_label


@pytest.mark.parametrize(
    ("contact", "address", "label"),
    [
        ("ines@example.org", "mailto:ines@example.org", "ines@example.org"),
        (
            "Inés.Calder+tips@correo.example",
            "mailto:Inés.Calder+tips@correo.example",
            "Inés.Calder+tips@correo.example",
        ),
        ("@ines@example.social", "https://example.social/@ines", "@ines@example.social"),
        ("https://www.example.org/", "https://www.example.org/", "example.org"),
        ("https://signal.me/#eu/abc_-1", "https://signal.me/#eu/abc_-1", "signal.me/#eu/abc_-1"),
        (
            "http://example.org:8000/~ines?x=1",
            "http://example.org:8000/~ines?x=1",
            "example.org:8000/~ines?x=1",
        ),
    ],
)
def test_a_contact_links_to_where_it_leads(contact: str, address: str, label: str) -> None:
    assert (contact_address(contact), contact_label(contact)) == (address, label)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ines",
        "@ines",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https://localhost/",
        'https://example.org/"onclick="x',
        "https://example.org/ and more",
        "ines@example.org, ada@example.org",
        "mailto:ines@example.org?bcc=eve@example.org",
        "https://ines@example.org/",
        "https://example.org\n",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert contact_address(text) == ""

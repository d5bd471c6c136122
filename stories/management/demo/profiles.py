"""The demo's authors: one who has an account and writes of herself, and one of whom an editor writes."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from stories.actions.editing.profiles import Profile, change_profile, store_profile_picture
from stories.management.demo.desk import DemoDesk
from stories.models import Author


def add_profiles(desk: DemoDesk) -> None:
    """Link Rosa's account to the author that she is, and give both authors a profile."""
    rosa, ines = Author.objects.get(pk="rosa-lindqvist"), Author.objects.get(pk="ines-calder")
    desk.rosa.author = rosa
    desk.rosa.save()
    portrait = store_profile_picture(author=rosa, content=_portrait("#1f5673"), user=desk.rosa)
    change_profile(
        author=rosa,
        profile=Profile(
            bio="Rosa Lindqvist covers the city: its schools, its trams and its council.\n\n"
            "She kept a bookshop before she began to write, and still reads every annex of a budget.",
            picture=portrait.pk,
            alt_text="Rosa Lindqvist, drawn in blue",
            contact="rosa.lindqvist@example.org",
        ),
        user=desk.rosa,
        at=desk.ago(days=3),
    )
    change_profile(
        author=ines,
        profile=Profile(
            bio="Ines Calder writes about technology and those who have to live with it.",
            contact="@ines@example.social",
        ),
        user=desk.emil,
        reason="Ines sent it by mail; she has no account yet",
        at=desk.ago(days=2),
    )


def _portrait(colour: str) -> bytes:
    """Return a picture of our own: a head and shoulders."""
    picture = Image.new("RGB", (640, 640), "#f4f1ea")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((210, 110, 430, 360), fill=colour)
    draw.ellipse((90, 400, 550, 900), fill=colour)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()

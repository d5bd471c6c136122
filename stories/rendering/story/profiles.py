"""Render the profile of an author for their page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from django.template.loader import render_to_string
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

from stories.domain.contacts import contact_address, contact_label
from stories.domain.profiles import PublicProfile
from stories.domain.snapshot import ImageBlock
from stories.rendering.story.blocks import render_picture
from stories.rendering.story.metadata import credited, picture_data, script_data, shortened

# As in the stylesheet.
_SIZES: Final = "(min-width: 32em) 11rem, 8rem"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedProfile:
    """A profile as HTML: the elements of the page's head, and what stands above the stories."""

    metadata: SafeString
    picture: SafeString | None
    bio: SafeString
    contact_address: str
    contact_label: str


def render_profile(profile: PublicProfile, *, slug: str, name: str) -> RenderedProfile:
    """Render the profile of an author, who is credited by a name."""
    image = _image(profile)
    return RenderedProfile(
        metadata=_metadata(profile, image, slug, name),
        picture=render_picture(image, sizes=_SIZES) if image else None,
        bio=mark_safe(linebreaks(urlize(profile.bio, nofollow=True, autoescape=True)))
        if profile.bio
        else SafeString(),
        contact_address=contact_address(profile.contact),
        contact_label=contact_label(profile.contact),
    )


def _image(profile: PublicProfile) -> ImageBlock | None:
    if not profile.picture:
        return None
    return ImageBlock(
        key=uuid5(NAMESPACE_URL, profile.picture),
        picture=profile.picture,
        width=profile.width,
        height=profile.height,
        alt_text=profile.alt_text,
    )


def _metadata(profile: PublicProfile, image: ImageBlock | None, slug: str, name: str) -> SafeString:
    person = author_data(profile, slug=slug, name=name)
    context = {
        "name": name,
        "address": person["url"],
        "description": shortened(profile.bio),
        "image": picture_data(image) if image else None,
        "data": script_data({"@context": "https://schema.org", "@type": "ProfilePage", "mainEntity": person}),
    }
    return mark_safe(render_to_string("stories/partials/profile_metadata.html", context))


def author_data(profile: PublicProfile, *, slug: str, name: str) -> dict[str, Any]:
    """Return an author as schema.org's Person, or as the agency or newsroom that a byline credits."""
    image, contact = _image(profile), contact_address(profile.contact)
    found: dict[str, Any] = {
        **credited(name, slug),
        "description": " ".join(profile.bio.split()),
        "image": picture_data(image)["address"] if image else "",
    }
    if contact.startswith("mailto:"):
        found["email"] = profile.contact
    elif contact:
        found["sameAs"] = [contact]
    return {key: value for key, value in found.items() if value}

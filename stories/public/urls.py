"""The public addresses, stable for ever. The last catches what stood elsewhere before it was imported."""

from __future__ import annotations

from django.urls import path, register_converter

from stories.public.converters import SlugConverter
from stories.public.views import compare, lists, pictures, site, stories, versions

register_converter(SlugConverter, "story_slug")

app_name = "public"
urlpatterns = [
    path("", lists.front, name="front"),
    path("section/<story_slug:slug>/", lists.section, name="section"),
    path("author/<story_slug:slug>/", lists.author, name="author"),
    path("corrections/", lists.corrections, name="corrections"),
    path("pages/<story_slug:slug>/", stories.page, name="page"),
    path("stories/<story_slug:slug>/", stories.story, name="story"),
    path("stories/<story_slug:slug>/versions/", versions.versions, name="versions"),
    path("stories/<story_slug:slug>/versions/<int:number>/", versions.version, name="version"),
    path("stories/<story_slug:slug>/compare/", compare.choose, name="choose"),
    path("stories/<story_slug:slug>/compare/<int:old>...<int:new>/", compare.compare, name="compare"),
    path("pictures/<slug:digest>/<int:width>", pictures.picture, name="picture"),
    path("healthz", site.healthz, name="healthz"),
    path("<path:path>", site.elsewhere, name="elsewhere"),
]

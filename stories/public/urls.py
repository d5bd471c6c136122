"""The public addresses, which never change. The last one handles the former addresses of imported stories."""

from __future__ import annotations

from django.urls import path, register_converter

from stories.public.converters import SlugConverter
from stories.public.views import (
    compare,
    corrections,
    data,
    feeds,
    ledger,
    lists,
    memento,
    pictures,
    search,
    site,
    sitemaps,
    stories,
    versions,
)

register_converter(SlugConverter, "story_slug")

app_name = "public"
urlpatterns = [
    # First, since most requests are for it.
    path("stories/<story_slug:slug>/", stories.story, name="story"),
    path("", lists.front, name="front"),
    path("section/<story_slug:slug>/", lists.section, name="section"),
    path("section/<story_slug:slug>/feed/", feeds.section, name="section_feed"),
    path("author/<story_slug:slug>/", lists.author, name="author"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/feed/", feeds.corrections, name="corrections_feed"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/heads.json", ledger.heads, name="ledger_heads"),
    path("search/", search.search, name="search"),
    path("feed/", feeds.site, name="feed"),
    path("feed/archive/<int:number>/", feeds.archive, name="feed_archive"),
    path("feed.json", feeds.site_json, name="json_feed"),
    path("pages/<story_slug:slug>/", stories.page, name="page"),
    path("stories/<story_slug:slug>/versions/", versions.versions, name="versions"),
    path("stories/<story_slug:slug>/versions/<int:number>/", versions.version, name="version"),
    path("stories/<story_slug:slug>/compare/", compare.choose, name="choose"),
    path("stories/<story_slug:slug>/compare/<int:old>...<int:new>/", compare.compare, name="compare"),
    path("stories/<story_slug:slug>/data.json", data.story_data, name="story_data"),
    path("stories/<story_slug:slug>/feed/", feeds.story, name="story_feed"),
    path("stories/<story_slug:slug>/timegate/", memento.timegate, name="timegate"),
    path("stories/<story_slug:slug>/timemap/", memento.timemap, name="timemap"),
    path("timegate/<path:address>", memento.timegate_of_address, name="timegate_of_address"),
    path("timemap/<path:address>", memento.timemap_of_address, name="timemap_of_address"),
    path("pictures/<slug:digest>/<int:width>", pictures.picture, name="picture"),
    path("schemas/story-1.json", data.story_schema, name="story_schema"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemaps.page, name="sitemap_page"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("<path:path>", site.elsewhere, name="elsewhere"),
]

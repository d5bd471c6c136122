"""A function that tells which page is live at an address: on PostgreSQL, where it is asked for with every page read.

To plan that query takes ten times as long as to answer it. A function's plan is kept by the session; a prepared
statement's would be too, and gets lost behind a pooler. SQLite plans in no time: `queries.site.live_pages` has its query.
"""

from django.db import migrations

from stories.migrations.operations import RunSQLOn

FUNCTION = """
CREATE FUNCTION stories_live_page(asked_slug text, moment timestamptz) RETURNS TABLE (
    article bigint, publication bigint, salt bytea, address varchar, kind varchar, live timestamptz,
    withheld jsonb, digest varchar, number bigint, is_developing boolean, withdrawals bigint, pending timestamptz
) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT p.article_id, p.id, c.salt, p.address_id, c.kind, p.live_from, h.publications, h.digest,
        (SELECT COUNT(*) FROM stories_publication n
            LEFT JOIN stories_cancellation v ON v.publication_id = n.id
            WHERE n.article_id = a.article_id AND n.live_from <= moment AND v.id IS NULL),
        (SELECT m.until > moment FROM stories_developingmode m
            WHERE m.article_id = a.article_id AND m.recorded_at <= moment ORDER BY m.id DESC LIMIT 1),
        (SELECT COUNT(*) FROM stories_withdrawal w WHERE w.article_id = a.article_id),
        (SELECT MIN(q.live_from) FROM stories_publication q
            LEFT JOIN stories_cancellation y ON y.publication_id = q.id
            WHERE q.article_id = a.article_id AND q.live_from > moment AND y.id IS NULL)
    FROM stories_storyaddress a
    JOIN stories_publication p ON p.article_id = a.article_id
    JOIN stories_publicationcard c ON c.publication_id = p.id
    LEFT JOIN stories_cancellation x ON x.publication_id = p.id
    LEFT JOIN stories_storymask h ON h.article_id = p.article_id
    WHERE a.slug = asked_slug AND p.live_from <= moment AND x.id IS NULL
        AND EXISTS (SELECT 1 FROM stories_publication l
            LEFT JOIN stories_cancellation z ON z.publication_id = l.id
            WHERE l.article_id = a.article_id AND l.address_id = asked_slug AND l.live_from <= moment
                AND z.id IS NULL)
        AND NOT COALESCE((SELECT w.withdrawn FROM stories_withdrawal w
            WHERE w.article_id = a.article_id ORDER BY w.id DESC LIMIT 1), false)
    ORDER BY p.live_from DESC LIMIT 1;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("stories", "0002_search_indexes")]
    operations = [RunSQLOn("postgresql", [FUNCTION], ["DROP FUNCTION stories_live_page(text, timestamptz)"])]

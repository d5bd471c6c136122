"""When each publication is live, and who is credited: one row that pages and lists choose by, filled for all that is there.

The stories as data (`PublishedStory`) are left to `manage.py rebuild_pages`, which takes its time: until then pages are
made from history, as before. What is withheld of credits is taken out by `actions.takedown.story_mask.on_migrated`.
"""

import django.db.models.deletion
from django.db import migrations, models

from stories.migrations.operations import RunSQLOn

PERIODS = """
INSERT INTO stories_liveperiod (
    publication_id, article_id, kind, section, number, live_from, live_until, first_live_from, updated_at, noted,
    withdrawn, withheld
)
SELECT id, article_id, kind, section, ROW_NUMBER() OVER told, live_from,
    COALESCE(LEAD(live_from) OVER told, {never}), FIRST_VALUE(live_from) OVER told,
    COALESCE(
        MAX(CASE WHEN has_notes OR publication_class = 'first' THEN live_from END)
            OVER (PARTITION BY article_id ORDER BY live_from, id ROWS UNBOUNDED PRECEDING),
        FIRST_VALUE(live_from) OVER told
    ),
    has_notes OR publication_class = 'developing', withdrawn, withheld
FROM (
    SELECT p.id, p.article_id, p.live_from, p.publication_class, c.kind, c.section,
        EXISTS (SELECT 1 FROM stories_publishednote n WHERE n.publication_id = p.id) AS has_notes,
        COALESCE((SELECT w.withdrawn FROM stories_withdrawal w WHERE w.article_id = p.article_id
            ORDER BY w.id DESC LIMIT 1), false) AS withdrawn,
        {withheld} AS withheld
    FROM stories_publication p
    JOIN stories_publicationcard c ON c.publication_id = p.id
    LEFT JOIN stories_cancellation x ON x.publication_id = p.id
    LEFT JOIN stories_storymask h ON h.article_id = p.article_id
    WHERE x.id IS NULL
) found
WINDOW told AS (PARTITION BY article_id ORDER BY live_from, id)
"""
CREDITS = """
INSERT INTO stories_livecredit (author, first_live_from, article_id, period_id)
SELECT DISTINCT {author}, t.first_live_from, t.article_id, t.publication_id
FROM stories_liveperiod t JOIN stories_publicationcard c ON c.publication_id = t.publication_id, {bylines} e
WHERE NOT t.withdrawn AND NOT t.withheld AND {author} <> ''
"""
ON_POSTGRES = {
    "never": "TIMESTAMPTZ '9999-01-01 00:00:00+00'",
    "withheld": "COALESCE(h.publications @> to_jsonb(p.id), false)",
    "bylines": "jsonb_array_elements(c.bylines)",
    "author": "(e.value ->> 0)",
}
ON_SQLITE = {
    "never": "'9999-01-01 00:00:00'",
    "withheld": "EXISTS (SELECT 1 FROM json_each(h.publications) j WHERE j.value = p.id)",
    "bylines": "json_each(c.bylines)",
    "author": "json_extract(e.value, '$[0]')",
}
LIVE_VERSION = """
CREATE FUNCTION stories_live_version(asked_slug text, moment timestamptz) RETURNS TABLE (
    article bigint, publication bigint, salt bytea, address varchar, kind varchar, live timestamptz,
    is_withheld boolean, digest varchar, version integer, is_developing boolean, withdrawals bigint, until timestamptz
) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT t.article_id, p.id, c.salt, p.address_id, t.kind, t.live_from, t.withheld, h.digest, t.number,
        (SELECT m.until > moment FROM stories_developingmode m
            WHERE m.article_id = a.article_id AND m.recorded_at <= moment ORDER BY m.id DESC LIMIT 1),
        (SELECT COUNT(*) FROM stories_withdrawal w WHERE w.article_id = a.article_id),
        t.live_until
    FROM stories_storyaddress a
    JOIN stories_liveperiod t ON t.article_id = a.article_id
    JOIN stories_publication p ON p.id = t.publication_id
    JOIN stories_publicationcard c ON c.publication_id = t.publication_id
    LEFT JOIN stories_storymask h ON h.article_id = t.article_id
    WHERE a.slug = asked_slug AND t.live_from <= moment AND t.live_until > moment AND NOT t.withdrawn
        AND (p.address_id = asked_slug OR EXISTS (SELECT 1 FROM stories_liveperiod s
            JOIN stories_publication l ON l.id = s.publication_id
            WHERE s.article_id = a.article_id AND s.live_from <= moment AND l.address_id = asked_slug));
END
$$
"""
DROP = "DROP FUNCTION stories_live_version(text, timestamptz)"


class Migration(migrations.Migration):

    dependencies = [
        ('stories', '0013_restored_ledgers'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedStory',
            fields=[
                ('publication', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='published_story', serialize=False, to='stories.publication')),
                ('form', models.CharField(max_length=64)),
                ('data', models.TextField()),
            ],
            options={
                'verbose_name': 'published story',
                'verbose_name_plural': 'published stories',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LivePeriod',
            fields=[
                ('publication', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='period', serialize=False, to='stories.publication')),
                ('kind', models.CharField(max_length=10)),
                ('section', models.CharField(blank=True, max_length=100)),
                ('number', models.PositiveIntegerField()),
                ('live_from', models.DateTimeField()),
                ('live_until', models.DateTimeField()),
                ('first_live_from', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('noted', models.BooleanField()),
                ('withdrawn', models.BooleanField()),
                ('withheld', models.BooleanField()),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='periods', to='stories.article')),
            ],
            options={
                'verbose_name': 'live period',
                'verbose_name_plural': 'live periods',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LiveCredit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('author', models.CharField(max_length=100)),
                ('first_live_from', models.DateTimeField()),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stories.article')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='credits', to='stories.liveperiod')),
            ],
            options={
                'verbose_name': 'live credit',
                'verbose_name_plural': 'live credits',
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='liveperiod',
            index=models.Index(fields=['article', 'live_from'], name='period_of_article'),
        ),
        migrations.AddIndex(
            model_name='liveperiod',
            index=models.Index(condition=models.Q(('withdrawn', False), ('withheld', False)), fields=['kind', '-first_live_from', '-article', 'live_until'], name='period_listed'),
        ),
        migrations.AddIndex(
            model_name='liveperiod',
            index=models.Index(condition=models.Q(('withdrawn', False), ('withheld', False)), fields=['section', '-first_live_from', '-article', 'live_until'], name='period_of_section'),
        ),
        migrations.AddIndex(
            model_name='liveperiod',
            index=models.Index(condition=models.Q(('withdrawn', False), ('withheld', False), ('noted', True)), fields=['-live_from'], name='period_noted'),
        ),
        migrations.AddIndex(
            model_name='liveperiod',
            index=models.Index(condition=models.Q(('withheld', True)), fields=['article'], name='period_withheld'),
        ),
        migrations.AddIndex(
            model_name='livecredit',
            index=models.Index(fields=['author', '-first_live_from', '-article'], name='credit_of_author'),
        ),
        # After the indexes, which PostgreSQL does not make for a table with rows that wait for their checks.
        RunSQLOn("postgresql", [PERIODS.format(**ON_POSTGRES), CREDITS.format(**ON_POSTGRES)], []),
        RunSQLOn("sqlite", [PERIODS.format(**ON_SQLITE), CREDITS.format(**ON_SQLITE)], []),
        # `stories_live_page` stays for the release before, which goes on until it is restarted.
        RunSQLOn("postgresql", [LIVE_VERSION], [DROP]),
    ]

"""Rewrite the words of stored texts in the form in which they are searched now.

`domain.text.search_form` brings more spellings together than before: apostrophes, figures of every script, what Hindi,
Arabic and Thai write in two ways; and words without their apostrophes or umlauts are indexed too.
"""

from django.db import migrations

from stories.domain.text.search_form import indexed


def rewrite(apps, schema_editor):
    SearchText = apps.get_model("stories", "SearchText")
    for row in SearchText.objects.only("headline", "text", "language").iterator(chunk_size=200):
        SearchText.objects.filter(pk=row.pk).update(
            headline_words=indexed(row.headline, language=row.language),
            text_words=indexed(row.text, language=row.language),
        )


class Migration(migrations.Migration):
    dependencies = [("stories", "0004_append_only_guards")]
    # Nothing to do backwards: the texts themselves are unchanged, and each is rewritten with its next publication.
    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]

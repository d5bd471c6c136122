"""Guards on what the record is made of: rows that the database lets nobody change or remove."""

from django.db import migrations

from stories.models.integrity import append_only


def guard(apps, schema_editor):
    append_only.install(schema_editor.connection)


def release(apps, schema_editor):
    append_only.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("stories", "0003_live_page")]
    operations = [migrations.RunPython(guard, release)]

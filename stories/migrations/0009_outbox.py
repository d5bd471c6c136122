"""One outbox for all that leaves the house, in place of the orders to purge."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stories", "0008_second_person_and_names")]

    operations = [
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('purge', 'purge of a cache'), ('mail', 'mail')], max_length=20, verbose_name='kind')),
                ('priority', models.PositiveSmallIntegerField(choices=[(0, 'takedown'), (1, 'publication'), (2, 'rest')], default=2, verbose_name='priority')),
                ('payload', models.JSONField(verbose_name='payload')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('next_try_at', models.DateTimeField(verbose_name='next try')),
                ('leased_until', models.DateTimeField(null=True, verbose_name='leased until')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='failed attempts')),
                ('error', models.TextField(blank=True, verbose_name='why the last attempt failed')),
            ],
            options={
                'verbose_name': 'outbox message',
                'verbose_name_plural': 'outbox messages',
                'indexes': [models.Index(fields=['priority', 'due_at', 'id'], name='outbox_urgency')],
            },
        ),
        migrations.DeleteModel(name='PurgeOrder'),
    ]

"""Entries of the ledger for decisions by tied accounts, and for the names of sections and authors."""

import django.db.models.deletion
from django.db import migrations, models

import stories.models.recording


class Migration(migrations.Migration):

    dependencies = [
        ('stories', '0007_verification_erasures'),
    ]

    operations = [
        migrations.CreateModel(
            name='NameChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_id', models.BigIntegerField(editable=False, null=True, verbose_name='by (number)')),
                ('user_name', models.CharField(editable=False, max_length=200, verbose_name='by')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='recorded')),
                ('salt', models.BinaryField(default=stories.models.recording.new_salt, max_length=16)),
                ('of', models.CharField(choices=[('section', 'section'), ('author', 'author')], editable=False, max_length=10, verbose_name='of')),
                ('slug', models.CharField(editable=False, max_length=100, verbose_name='slug')),
                ('change', models.CharField(choices=[('created', 'created'), ('renamed', 'renamed'), ('deleted', 'deleted')], editable=False, max_length=10, verbose_name='change')),
                ('before', models.TextField(blank=True, max_length=200, verbose_name='name before')),
                ('name', models.TextField(blank=True, max_length=200, verbose_name='name')),
                ('reason', models.TextField(blank=True, max_length=5000, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'change of a name',
                'verbose_name_plural': 'changes of names',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='SecondPersonCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_id', models.BigIntegerField(editable=False, null=True, verbose_name='by (number)')),
                ('user_name', models.CharField(editable=False, max_length=200, verbose_name='by')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='recorded')),
                ('salt', models.BinaryField(default=stories.models.recording.new_salt, max_length=16)),
                ('decision_on', models.CharField(max_length=20, verbose_name='decision on')),
                ('decided_id', models.BigIntegerField(editable=False, verbose_name='decision on (number)')),
                ('asker_id', models.BigIntegerField(editable=False, verbose_name='asked for by (number)')),
                ('asker_name', models.CharField(editable=False, max_length=200, verbose_name='asked for by')),
                ('refused', models.BooleanField(verbose_name='refused')),
                ('rights', models.JSONField(default=list)),
                ('reason', models.TextField(verbose_name='how the accounts are tied')),
            ],
            options={
                'verbose_name': 'decision by a tied account',
                'verbose_name_plural': 'decisions by tied accounts',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.RemoveConstraint(
            model_name='ledgerentry',
            name='ledger_kind_known',
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('revision', 'revision'), ('publication', 'publication'), ('cancellation', 'cancellation'), ('embargo', 'embargo'), ('developing', 'developing mode'), ('withdrawal', 'withdrawal'), ('discard', 'discarded draft'), ('assignment', 'assignment'), ('review-request', 'review request'), ('import', 'import'), ('withholding', 'withholding'), ('withholding-decision', 'decision on a withholding'), ('erasure-order', 'order to erase'), ('erasure-approval', 'decision on an order to erase'), ('erasure', 'erasure'), ('question', 'question'), ('answer', 'answer'), ('sign-off', 'sign-off'), ('dossier-order', 'request for a full dossier'), ('dossier-approval', 'decision on a full dossier'), ('dossier-download', 'full dossier handed over'), ('audit-access', 'outside auditor’s access'), ('rights', 'change of rights'), ('second-person', 'decision by a tied account'), ('name', 'change of a name')], max_length=20, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['revision', 'publication', 'cancellation', 'embargo', 'developing', 'withdrawal', 'discard', 'assignment', 'review-request', 'import', 'withholding', 'withholding-decision', 'erasure-order', 'erasure-approval', 'erasure', 'question', 'answer', 'sign-off', 'dossier-order', 'dossier-approval', 'dossier-download', 'audit-access', 'rights', 'second-person', 'name'])), name='ledger_kind_known'),
        ),
        migrations.AddField(
            model_name='secondpersoncheck',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='second_person_checks', to='stories.article'),
        ),
    ]

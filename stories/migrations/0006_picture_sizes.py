"""What each smaller file of a picture is, by its hash. Those that are there are made anew, from originals that prove themselves."""

from hashlib import sha256
from io import BytesIO

import django.db.models.deletion
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import migrations, models
from PIL import Image

from stories.actions.store_picture import Frames
from stories.domain.pictures import widths_of


def make_anew(apps, schema_editor):
    sizes = apps.get_model("stories", "PictureSize")
    for picture in apps.get_model("stories", "Picture").objects.order_by("pk").iterator(chunk_size=100):
        folder = f"pictures/{picture.digest[:2]}/{picture.digest}"
        original = f"{folder}/original.{picture.format}"
        if not default_storage.exists(original):
            # Erased, or lost: verification says which.
            continue
        with default_storage.open(original) as file:
            content = file.read()
        if sha256(content).hexdigest() != picture.digest:
            continue
        with Image.open(BytesIO(content)) as image:
            frames = Frames(image)
            for width in reversed(widths_of(picture.width)[:-1]):
                frames.shrink(width)
                made = frames.encoded(picture.format)
                replace(f"{folder}/{width}.{picture.format}", made)
                sizes.objects.create(picture=picture, width=width, digest=sha256(made).hexdigest())


def replace(name, content):
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            if file.read() == content:
                return
        default_storage.delete(name)
    default_storage.save(name, ContentFile(content))


class Migration(migrations.Migration):
    dependencies = [("stories", "0005_live_page")]
    operations = [
        migrations.CreateModel(
            name='PictureSize',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('width', models.PositiveIntegerField(verbose_name='width')),
                ('digest', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('picture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sizes', to='stories.picture')),
            ],
            options={
                'verbose_name': 'picture’s smaller file',
                'verbose_name_plural': 'pictures’ smaller files',
                'ordering': ['picture', 'width'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('picture', 'width'), name='picture_size_once')],
            },
        ),
        migrations.RunPython(make_anew, migrations.RunPython.noop),
    ]

"""Words of staff's on signature forms: tags to find them by, and notes."""

import django.db.models.deletion
import modelcluster.contrib.taggit
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0166_lists_are_looked_at'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
    ]

    operations = [
        migrations.CreateModel(
            name='PetitionTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='tagged_items', to='actions.petition')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_items', to='taggit.tag')),
            ],
            options={
                'verbose_name': 'tag of a signature form',
                'verbose_name_plural': 'tags of signature forms',
            },
        ),
        migrations.AddField(
            model_name='petition',
            name='tags',
            field=modelcluster.contrib.taggit.ClusterTaggableManager(blank=True, help_text='For staff only: words to find forms by, such as “Asia”.', through='actions.PetitionTag', to='taggit.Tag', verbose_name='tags'),
        ),
        migrations.AddField(
            model_name='petition',
            name='notes',
            field=models.TextField(blank=True, db_default='', help_text='For staff only; they stand on the desk. Do not write the name or address of anybody who signed.', max_length=5000, verbose_name='notes'),
        ),
    ]

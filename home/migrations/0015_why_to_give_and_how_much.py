"""Why to give, and up to three amounts, beside the organisation's donation address."""

import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0014_registration_number"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="donate_amounts",
            field=wagtail.fields.StreamField([('amount', 2)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': '“100 kr”', 'label': 'Amount', 'max_length': 20}), 1: ('wagtail.blocks.URLBlock', (), {'help_text': 'Of your donation page, with this amount filled in.', 'label': 'Address'}), 2: ('wagtail.blocks.StructBlock', [[('label', 0), ('url', 1)]], {'icon': 'link', 'label': 'Amount'})}, help_text='Up to three, each a button of its own. Empty: the one button.', null=True, verbose_name='amounts'),
        ),
        migrations.AddField(
            model_name="organisation",
            name="donate_text",
            field=models.TextField(blank=True, db_default='', help_text='One or two sentences above the button, after signing and on ended actions. Empty: a general one.', verbose_name='why to give'),
        ),
    ]

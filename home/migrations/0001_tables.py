"""All tables, as they were before anybody signed."""

import django.db.models.deletion
import uuid
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('home', '0001_initial'),
        ('home', '0002_paused_text'),
        ('home', '0003_callout_when_ended'),
        ('home', '0004_translating'),
    ]

    dependencies = [
        ('home', '0000_user'),
        ('actions', '0001_tables'),
        ('wagtailcore', '0098_apitoken'),
        ('wagtailimages', '0027_image_description'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContentPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('share_title', models.CharField(blank=True, help_text='Empty: the title of the page.', max_length=100, verbose_name='title when shared')),
                ('share_text', models.CharField(blank=True, help_text='One or two sentences. Empty: the lead.', max_length=250, verbose_name='text when shared')),
                ('hero_alt', models.CharField(blank=True, help_text='What the picture shows, for those who cannot see it.', max_length=250, verbose_name='alternative text')),
                ('hero_credit', models.CharField(blank=True, max_length=120, verbose_name='credit')),
                ('purpose', models.CharField(choices=[('story', 'Story'), ('list', 'List of the pages below it'), ('standing', 'Standing page, such as “About us”'), ('privacy', 'Privacy notice'), ('accessibility', 'Accessibility statement')], default='story', max_length=15, verbose_name='purpose')),
                ('lead', models.TextField(blank=True, verbose_name='lead')),
                ('body', wagtail.fields.StreamField([('section', 2), ('image', 6), ('quote', 10), ('callout', 14), ('video', 21), ('related_page', 24), ('donate', 29)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'Leave empty to go on without a heading.', 'label': 'Heading', 'max_length': 120, 'required': False}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link', 'ul', 'ol'], 'label': 'Text'}), 2: ('wagtail.blocks.StructBlock', [[('heading', 0), ('text', 1)]], {}), 3: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Image'}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.CharBlock', (), {'help_text': 'Who made the picture, and its licence.', 'label': 'Credit', 'max_length': 120, 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('image', 3), ('caption', 4), ('credit', 5)]], {}), 7: ('wagtail.blocks.TextBlock', (), {'help_text': "Without quotation marks; they are set in the page's language.", 'label': 'Quote'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Who says it', 'max_length': 120, 'required': False}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'Role or relation', 'max_length': 160, 'required': False}), 10: ('wagtail.blocks.StructBlock', [[('quote', 7), ('who', 8), ('role', 9)]], {}), 11: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 120, 'required': False}), 12: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link'], 'label': 'Text'}), 13: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link'], 'help_text': 'Stands there instead when the action has ended. Empty: the text above.', 'label': 'Text when the action has ended', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('heading', 11), ('text', 12), ('text_when_ended', 13)]], {}), 15: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the film is about.', 'label': 'Title', 'max_length': 160}), 16: ('wagtail.blocks.URLBlock', (), {'help_text': 'Nothing is asked from the video host before the visitor clicks.', 'label': 'Address at YouTube or Vimeo', 'required': False}), 17: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Or own file', 'required': False}), 18: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Still picture'}), 19: ('wagtail.blocks.CharBlock', (), {'label': 'Credit', 'max_length': 120, 'required': False}), 20: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link', 'ul', 'ol'], 'help_text': 'What is said and shown, for those who cannot hear or see it.', 'label': 'Transcript', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('title', 15), ('url', 16), ('file', 17), ('poster', 18), ('caption', 4), ('credit', 19), ('transcript', 20)]], {}), 22: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page'}), 23: ('wagtail.blocks.CharBlock', (), {'help_text': 'Why to read it. The title is taken from the page.', 'label': 'Text', 'max_length': 200, 'required': False}), 24: ('wagtail.blocks.StructBlock', [[('page', 22), ('text', 23)]], {}), 25: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 120}), 26: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link'], 'label': 'Text', 'required': False}), 27: ('wagtail.blocks.CharBlock', (), {'label': 'Text of the button', 'max_length': 60}), 28: ('wagtail.blocks.URLBlock', (), {'help_text': 'Empty: the donation address of the organisation.', 'label': 'Address', 'required': False}), 29: ('wagtail.blocks.StructBlock', [[('heading', 25), ('text', 26), ('label', 27), ('url', 28)]], {})}, verbose_name='body')),
                ('country', models.ForeignKey(blank=True, help_text='The story is then listed on the page of the country.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='actions.countrypage', verbose_name='country')),
                ('hero_image', models.ForeignKey(blank=True, help_text='Set its focal point in the image library, so that no screen cuts it off.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='picture')),
                ('share_image', models.ForeignKey(blank=True, help_text='Empty: the picture of the page.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='picture when shared')),
            ],
            options={
                'verbose_name': 'content page',
                'verbose_name_plural': 'content pages',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('share_title', models.CharField(blank=True, help_text='Empty: the title of the page.', max_length=100, verbose_name='title when shared')),
                ('share_text', models.CharField(blank=True, help_text='One or two sentences. Empty: the lead.', max_length=250, verbose_name='text when shared')),
                ('heading', models.CharField(max_length=120, verbose_name='heading')),
                ('lead', models.TextField(blank=True, help_text='One or two sentences under the heading.', verbose_name='lead')),
                ('body', wagtail.fields.StreamField([('section', 2), ('image', 6), ('quote', 10), ('callout', 14), ('video', 21), ('related_page', 24), ('donate', 29)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'Leave empty to go on without a heading.', 'label': 'Heading', 'max_length': 120, 'required': False}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link', 'ul', 'ol'], 'label': 'Text'}), 2: ('wagtail.blocks.StructBlock', [[('heading', 0), ('text', 1)]], {}), 3: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Image'}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.CharBlock', (), {'help_text': 'Who made the picture, and its licence.', 'label': 'Credit', 'max_length': 120, 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('image', 3), ('caption', 4), ('credit', 5)]], {}), 7: ('wagtail.blocks.TextBlock', (), {'help_text': "Without quotation marks; they are set in the page's language.", 'label': 'Quote'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Who says it', 'max_length': 120, 'required': False}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'Role or relation', 'max_length': 160, 'required': False}), 10: ('wagtail.blocks.StructBlock', [[('quote', 7), ('who', 8), ('role', 9)]], {}), 11: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 120, 'required': False}), 12: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link'], 'label': 'Text'}), 13: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link'], 'help_text': 'Stands there instead when the action has ended. Empty: the text above.', 'label': 'Text when the action has ended', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('heading', 11), ('text', 12), ('text_when_ended', 13)]], {}), 15: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the film is about.', 'label': 'Title', 'max_length': 160}), 16: ('wagtail.blocks.URLBlock', (), {'help_text': 'Nothing is asked from the video host before the visitor clicks.', 'label': 'Address at YouTube or Vimeo', 'required': False}), 17: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Or own file', 'required': False}), 18: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Still picture'}), 19: ('wagtail.blocks.CharBlock', (), {'label': 'Credit', 'max_length': 120, 'required': False}), 20: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link', 'ul', 'ol'], 'help_text': 'What is said and shown, for those who cannot hear or see it.', 'label': 'Transcript', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('title', 15), ('url', 16), ('file', 17), ('poster', 18), ('caption', 4), ('credit', 19), ('transcript', 20)]], {}), 22: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page'}), 23: ('wagtail.blocks.CharBlock', (), {'help_text': 'Why to read it. The title is taken from the page.', 'label': 'Text', 'max_length': 200, 'required': False}), 24: ('wagtail.blocks.StructBlock', [[('page', 22), ('text', 23)]], {}), 25: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 120}), 26: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link'], 'label': 'Text', 'required': False}), 27: ('wagtail.blocks.CharBlock', (), {'label': 'Text of the button', 'max_length': 60}), 28: ('wagtail.blocks.URLBlock', (), {'help_text': 'Empty: the donation address of the organisation.', 'label': 'Address', 'required': False}), 29: ('wagtail.blocks.StructBlock', [[('heading', 25), ('text', 26), ('label', 27), ('url', 28)]], {})}, verbose_name='body')),
                ('lead_action', models.ForeignKey(blank=True, help_text='Shown first while it is open. Empty: the open action that ends first.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='actions.actionpage', verbose_name='lead action')),
                ('share_image', models.ForeignKey(blank=True, help_text='Empty: the picture of the page.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='picture when shared')),
            ],
            options={
                'verbose_name': 'home page',
                'verbose_name_plural': 'home pages',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('written_in', models.CharField(blank=True, default='', editable=False, max_length=12)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('claim', models.CharField(blank=True, max_length=200, verbose_name='what the organisation is for')),
                ('accent', models.CharField(choices=[('coral', 'Coral'), ('amber', 'Amber'), ('mint', 'Mint'), ('sky', 'Sky blue')], default='coral', max_length=10, verbose_name='signal colour')),
                ('donate_url', models.URLField(blank=True, verbose_name='donation address')),
                ('donate_label', models.CharField(blank=True, max_length=40, verbose_name='text of the donate button')),
                ('controller_name', models.CharField(help_text="Who answers for the signers' data, by legal name.", max_length=120, verbose_name='data controller')),
                ('controller_email', models.EmailField(help_text='Where a signer writes to see, correct or erase data.', max_length=254, verbose_name='contact about personal data')),
                ('controller_address', models.TextField(blank=True, verbose_name='postal address')),
                ('consent_action', models.TextField(help_text='Beside an unticked box. A changed text becomes a new version, kept with each signer.', verbose_name='consent: contact about the action')),
                ('consent_other', models.TextField(verbose_name='consent: contact about other work')),
                ('paused_text', models.TextField(blank=True, help_text='Shown instead of every form while “pause all signing” is on. Empty: a general sentence.', verbose_name='text while all signing is paused')),
                ('profiles', wagtail.fields.StreamField([('profile', 2)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Name', 'max_length': 40}), 1: ('wagtail.blocks.URLBlock', (), {'label': 'Address'}), 2: ('wagtail.blocks.StructBlock', [[('name', 0), ('url', 1)]], {'icon': 'link', 'label': 'Profile'})}, verbose_name='social profiles')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
                ('logo', models.ForeignKey(blank=True, help_text='Beside the name at the top of every page. Without one, the name stands alone.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='logo')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='organisations', to='wagtailcore.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'organisation',
                'verbose_name_plural': 'organisations',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('site', 'locale'), name='one_organisation_per_site_and_language')],
                'unique_together': {('translation_key', 'locale')},
            },
        ),
    ]

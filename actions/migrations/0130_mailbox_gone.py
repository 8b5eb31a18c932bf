from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0121_words_of_the_trail'),
    ]

    operations = [
        migrations.AddField(
            model_name='signer',
            name='mailbox_gone_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='consentrecord',
            name='way',
            field=models.CharField(choices=[('form', 'on the form'), ('confirmed', 'confirmed from the mailbox'), ('link', 'by a mailed link'), ('one_click', 'in the mail program'), ('provider', 'told by the mail provider'), ('staff', 'by staff'), ('import', 'brought in'), ('restore', 'again after a restore'), ('command', 'by a command'), ('before', 'before such records were kept')], max_length=10, verbose_name='by what way'),
        ),
    ]

import django.core.validators
from django.db import migrations, models


def lower_the_breaker(apps, schema_editor):
    """Where nobody has chosen another number than what stood there."""
    apps.get_model("actions", "SigningRules").objects.filter(mails_per_hour=200_000).update(mails_per_hour=5_000)


class Migration(migrations.Migration):

    dependencies = [
        ("actions", "0017_audit_of_a_person"),
    ]

    operations = [
        migrations.AddField(
            model_name='signingrules',
            name='held_mails_per_hour',
            field=models.PositiveIntegerField(db_default=60, default=60, help_text='Whose signature is held is asked to confirm it, but slowly: so many in an hour, and ten for one network. Who has signed in whose name nobody knows before. 0: nobody is asked; look at them instead.', verbose_name='mails to held signers in an hour'),
        ),
        migrations.AddField(
            model_name='signingrules',
            name='new_networks_percent',
            field=models.PositiveSmallIntegerField(db_default=70, default=70, help_text="Of an action's signatures in an hour, how many may come from wide networks that nobody has come from in that hour. Looked at from 200 signatures on; those from new networks above it are held. 0: not looked at.", validators=[django.core.validators.MaxValueValidator(100)], verbose_name='from new networks, in per cent'),
        ),
        migrations.AlterField(
            model_name='alarm',
            name='kind',
            field=models.CharField(choices=[('hour', 'many signatures in an hour'), ('country', 'many from one country'), ('domain', 'many from one mail domain'), ('held', 'many held'), ('mail', 'too many mails'), ('mails soon', 'many mails: sending stops soon'), ('count', 'a count that was wrong')], max_length=10, verbose_name='what'),
        ),
        migrations.AlterField(
            model_name='signingrules',
            name='mails_per_hour',
            field=models.PositiveIntegerField(default=5000, help_text='Or ten times the mails of an hour of the day before, where that is more. At half of it an alarm is raised; above it sending stops and nothing is lost. Raise it before a day with many signatures. 0: no limit.', verbose_name='mails in an hour'),
        ),
        migrations.AlterField(
            model_name='signingrules',
            name='per_hour',
            field=models.PositiveIntegerField(default=50, help_text='Wider networks have a larger limit: of IPv6 a /56 three times, a /48 eight times and a /32 a hundred times this number, of IPv4 a /16 twenty times. Signatures above are held, never lost. 0: no limit.', verbose_name='from one network in an hour'),
        ),
        migrations.AlterField(
            model_name='signingrules',
            name='per_ten_minutes',
            field=models.PositiveIntegerField(default=40, help_text='A network is what a household or a school shares: 256 addresses of IPv4, a /64 of IPv6. Signatures above this number are held, never lost. 0: no limit.', verbose_name='from one network in ten minutes'),
        ),
        migrations.RunPython(lower_the_breaker, migrations.RunPython.noop),
    ]

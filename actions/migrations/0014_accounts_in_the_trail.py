"""What happens to users, roles, rights, factors and shared networks is told to the audit trail by triggers."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_accounts.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0013_accounts"),
        ("home", "0000_user"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]

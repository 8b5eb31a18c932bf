"""The database's verbs of the backoffice, and the fingerprints of deliveries that are there already."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_backoffice.sql").read_text()

FINGERPRINTS = """
update actions_delivery d set fingerprint = found.print from (
    select delivery_id, encode(sha256(string_agg(uuid_send(signature_id), ''::bytea order by signature_id)), 'hex') as print
    from actions_deliveredsignature group by delivery_id
) found where found.delivery_id = d.id and d.fingerprint = ''
"""


class Migration(migrations.Migration):
    dependencies = [("actions", "0006_backoffice")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(FINGERPRINTS, migrations.RunSQL.noop),
    ]

"""The consents that stood before each had a row of its own: from the flags of signers, at the time of signing."""

from django.db import migrations

ROWS = """
insert into actions_consentrecord (signature_id, consent, given, consent_text_id, way, at, recorded_at)
select s.id, consent, true, r.consent_text_id, 'before', s.signed_at, clock_timestamp()
from actions_signer r join actions_signature s on s.id = r.signature_id
    join actions_petition p on p.id = s.petition_id
    cross join lateral (values
        ('contact_action', r.contact_action), ('contact_other', r.contact_other), ('show_name', r.show_name),
        ('hand_over_name', r.hand_over_name and p.high_risk)  -- elsewhere nobody was asked
    ) as stands (consent, given)
where given and not exists (
    select from actions_consentrecord c where c.signature_id = s.id and c.consent = stands.consent)
order by s.signed_at, s.id, consent
"""


class Migration(migrations.Migration):
    dependencies = [("actions", "0040_consent_ledger")]
    operations = [migrations.RunSQL(ROWS, migrations.RunSQL.noop)]

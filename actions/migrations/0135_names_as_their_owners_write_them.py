"""Names are shown as their owners write them for that. Those on pages from before are taken off: the first word of a name
is not always the first name. A worker puts those back of which it is sure."""

from django.db import migrations

TAKE_OFF = "delete from actions_publicname"


class Migration(migrations.Migration):
    dependencies = [("actions", "0131_mails_people_can_act_on")]
    operations = [migrations.RunSQL(TAKE_OFF, migrations.RunSQL.noop)]

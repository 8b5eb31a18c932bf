"""Indexes for what is asked of notices: which of a contact is next, which tell of a signature, when it was corrected."""

from django.db import migrations, models


def concurrently(name: str, on: str) -> migrations.RunSQL:
    """One that was given up half made is dropped first."""
    return migrations.RunSQL(
        [f"drop index concurrently if exists {name}", f"create index concurrently {name} on {on}"],
        f"drop index concurrently if exists {name}",
    )


class Migration(migrations.Migration):
    atomic = False  # an index that is made concurrently cannot be part of a transaction
    dependencies = [("actions", "0070_members")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                concurrently(
                    "notice_of_contact_waits",
                    "actions_membernotice (contact, id) "
                    "where dead_at is null and overtaken_at is null and sent_at is null",
                ),
                concurrently("notices_of_signature", "actions_membernotice (signature_id)"),
                concurrently("audit_of_corrections", "actions_auditrecord (signature_id) where verb = 'corrected'"),
            ],
            state_operations=[
                migrations.AddIndex(
                    "membernotice",
                    models.Index(
                        condition=models.Q(("dead_at", None), ("overtaken_at", None), ("sent_at", None)),
                        fields=["contact", "id"],
                        name="notice_of_contact_waits",
                    ),
                ),
                migrations.AddIndex(
                    "membernotice", models.Index(fields=["signature_id"], name="notices_of_signature")
                ),
                migrations.AddIndex(
                    "auditrecord",
                    models.Index(
                        condition=models.Q(("verb", "corrected")),
                        fields=["signature_id"],
                        name="audit_of_corrections",
                    ),
                ),
            ],
        ),
    ]

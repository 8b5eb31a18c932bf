"""Verbs that tell the public process nothing, and digests of addresses as they make them: from the petition's salt and a
value that is the same for all petitions.

Addresses are sealed, so signers are opened for it, which is recorded; nobody can sign meanwhile. An address whose signer
was erased is not known any more: its digest stays as it is, and that address could sign that petition once more.
"""

import json
from hashlib import sha256
from pathlib import Path

from django.db import migrations
from nacl.bindings import sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

BATCH = 1000


FUNCTIONS = (Path(__file__).parent / "_functions_quiet.sql").read_text()


def make_anew(apps, schema_editor):
    schema_editor.execute("lock table actions_signature in share row exclusive mode")
    petition_model, signature_model = apps.get_model("actions", "Petition"), apps.get_model("actions", "Signature")
    for petition in petition_model.objects.exclude(digest_salt=b"").filter(signatures__signer__isnull=False).distinct():
        key = _secret_key(petition)
        rows = signature_model.objects.filter(petition=petition, signer__isnull=False).select_related("signer")
        apps.get_model("actions", "AuditRecord").objects.create(
            actor="command", verb="opened", petition_id=petition.pk, number=rows.count(), purpose="digests made anew"
        )
        for signature in rows.iterator(chunk_size=BATCH):
            if (address := _address(signature, key)) is not None:
                digest = sha256(bytes(petition.digest_salt) + _value(address)).digest()
                signature_model.objects.filter(pk=signature.pk).update(digest=digest)


def _secret_key(petition) -> PrivateKey:
    from actions.signing.keys import KeyLost, unwrap

    try:
        return PrivateKey(unwrap(bytes(petition.secret.wrapped_key)))
    except KeyLost:
        raise RuntimeError(
            "Addresses that have signed are to be digested anew, and no key of SIGNER_MASTER_KEYS opens them. Run "
            "migrate where that is set; nothing was changed."
        ) from None


def _address(signature, key: PrivateKey) -> str | None:
    try:
        return json.loads(sodium_unpad(SealedBox(key).decrypt(bytes(signature.signer.sealed)), 256))["email"]
    except (CryptoError, ValueError, KeyError):
        return None  # it was never sealed by us


def _value(email: str) -> bytes:
    from actions.rules.address import canonical
    from actions.signing.keys import address_value

    return address_value(canonical(email))


class Migration(migrations.Migration):
    dependencies = [("actions", "0009_quiet_tables")]
    operations = [
        migrations.RunPython(make_anew, migrations.RunPython.noop),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]

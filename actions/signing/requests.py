"""What signers asked for by a link and only a process with keys can do: a corrected name, a copy of their data."""

import json
import logging
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from nacl.public import PublicKey, SealedBox

from . import audit, consents, copies, files, importing, reading
from .models import ConsentRecord, Petition, PublicName, Signature, Signer, SignerRequest
from .sealing import SealBroken, is_sound, open_content, seal

log = logging.getLogger(__name__)

CORRECTED = {"name", "shown_name"}


def answer_next() -> bool:
    """Do what has waited longest. Returns False where nothing waits. Several workers may run at once.

    A copy waits for the correction of the same signature, which another worker may have in hand: it tells the new name.
    """
    corrected = SignerRequest.objects.filter(kind=SignerRequest.Kind.CORRECT, done_at=None).values("signature")
    with transaction.atomic():
        request = (
            SignerRequest.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(done_at=None)
            .exclude(kind=SignerRequest.Kind.COPY, signature__in=corrected)
            .select_related("signature__petition__secret", "signature__signer__consent_text")
            .order_by("asked_at")
            .first()
        )
        if request is None or (request.kind == SignerRequest.Kind.COPY and not _stands_still(request)):
            return False
        try:
            with transaction.atomic():
                _answer(request)
        except Exception as error:
            # The text of an error may quote what was sealed; its type is enough to act on.
            request.failed = type(error).__name__
            log.error("a signer's request failed: %s", request.failed)
        request.done_at = timezone.now()
        request.save(update_fields=["done_at", "failed", "copy", "sealed"])
    return True


def _stands_still(request: SignerRequest) -> bool:
    """Hold what a copy is made of until it is there: what changes it then throws the copy away.

    False where somebody is changing it now, who may be waiting for this request: it is done a moment later.
    """
    locked: dict[str, Any] = {"no_key": True, "skip_locked": True}
    if not (
        Signature.objects.select_for_update(**locked).filter(pk=request.signature_id)
        and Signer.objects.select_for_update(**locked).filter(pk=request.signature_id)
    ):
        return False
    request.signature = Signature.objects.select_related("petition__secret", "signer__consent_text").get(
        pk=request.signature_id
    )
    return True


def _answer(request: SignerRequest) -> None:
    signature = request.signature
    if request.kind == SignerRequest.Kind.CORRECT:
        _correct(request, signature)
    else:
        content = everything(signature, verb=audit.Verb.DISCLOSED, by=audit.WORKER)
        sealed_box = SealedBox(PublicKey(bytes(request.copy_key or b"")))
        request.copy = sealed_box.encrypt(json.dumps(content, ensure_ascii=False).encode())


def _correct(request: SignerRequest, signature: Signature) -> None:
    petition, signer = signature.petition, signature.signer
    # Before the record, so that a file that is being made sees it (work.py).
    Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)
    sealed = bytes(request.sealed or b"")
    new = open_content(sealed=sealed, signature_id=signature.pk, petition=petition)
    if not new or not set(new) <= CORRECTED or not all(is_sound(field, value) for field, value in new.items()):
        raise SealBroken
    # After a restore what was corrected since is marked as old (restoring.py); what is shown of a name is none of it.
    verb = audit.Verb.CORRECTED if "name" in new else audit.Verb.NAMES
    person = reading.read(signer=signer, petition=petition, verb=verb, by=audit.WORKER)
    corrected = type(person)(**asdict(person) | new)
    Signer.objects.filter(pk=signer.pk).update(
        sealed=seal(person=corrected, signature_id=signature.pk, petition=petition),
        name_is_old=signer.name_is_old and "name" not in new,
    )
    if "name" in new:
        forget_old_name(signature)
    request.sealed = None


def forget_old_name(signature: Signature) -> None:
    """After a correction: the old name goes from the page and from files that list it. The new one appears as any name
    does: some hours later, and after a look at it where that is asked for."""
    PublicName.objects.filter(pk=signature.pk).delete()
    files.drop(signature.petition_id, signatures=[signature.pk], why="corrected")


def everything(
    signature: Signature, *, verb: audit.Verb, by: Any, purpose: str = "", language: str = ""
) -> dict[str, Any]:
    """All we hold about one signature and its signer, as plain values; `damaged` where the seal does not open. In a
    language, or in that of the signature.

    Raises KeyLost.
    """
    signer: Signer | None = getattr(signature, "signer", None)
    content: dict[str, Any] = {
        "signature": str(signature.pk),
        "action": signature.petition.name,
        "state": signature.state,
        "language": signature.language,
        "country": signature.country,
        "signed_at": signature.signed_at.isoformat(),
    }
    if signer is None:
        return content
    try:
        person = asdict(reading.read(signer=signer, petition=signature.petition, verb=verb, by=by, purpose=purpose))
    except SealBroken:
        person = {}
        content["damaged"] = True
    text, notice, hands_over = signer.consent_text, signer.hand_over_notice, signer.agrees("hand_over_name")
    return (
        copies.beside(signature, language)
        | content
        | {
            "person": {field: value for field, value in person.items() if value},
            "contact_about_this_action": signer.contact_action,
            "contact_about_other_work": signer.contact_other,
            "show_first_name": signer.show_name,
            "hand_over_name": hands_over,
            **({"name_waits_for_the_mailbox": True} if signer.hand_over_name and not hands_over else {}),
            "consent_text": f"{text.language} {text.version}" if text else None,
            **_answered(signer),
            **({"mail_comes_back_since": gone.isoformat()} if (gone := signer.mailbox_gone_at) else {}),
            "consents": consents.told(signature.pk),
            "source": importing.source_of(signer),
            "told_of_the_hand_over": notice.words if notice and hands_over else None,
            "handed_over": _handed_over(signature, language or signature.language),
            **({"name_is_old": True} if signer.name_is_old else {}),
        }
    )


def _answered(signer: Signer) -> dict[str, bool]:
    """Whether the mailbox has answered. Of who was brought in nobody asked it, though what was agreed to holds."""
    if signer.imported_in_id is None or not signer.proved_at:
        return {"mailbox_has_answered": signer.proved_at is not None}
    ways = [consents.Way.LINK, consents.Way.CONFIRMED]
    if ConsentRecord.objects.filter(signature=signer.pk, way__in=ways).exists():
        return {"mailbox_has_answered": True}
    return {"mailbox_has_answered": False, "vouched_for_by_the_import": True}


def _handed_over(signature: Signature, language: str) -> list[dict[str, Any]]:
    """Each list on which the name stands: on which day it goes to whom, in which country, and what stands there."""
    rows = signature.listed.select_related("delivery").prefetch_related("delivery__recipients")
    with translation.override(language if language in dict(settings.LANGUAGES) else None):
        return [
            {
                "on": row.delivery.delivered_on.isoformat(),
                "to": [copies.recipient_of(recipient) for recipient in row.delivery.recipients.all()],
                "what": row.columns,
            }
            for row in rows.order_by("delivery__delivered_on", "delivery_id")
        ]

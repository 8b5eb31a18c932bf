"""R52: one marked signer through every feature; then she is gone, and nothing anywhere tells of her, sealed or not.

Files and seals are opened with the key, as whoever has it would. Seen to fail on the code of before: packages, exports
and uploads stayed; the digest and the link led to the signature; a restored backup brought the file and the name back.
"""

import io
import secrets
import zipfile
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from actions.backoffice.package_words import tell
from actions.delivery import package
from actions.delivery.deliver import deliver
from actions.delivery.models import ListedName
from actions.mailing import send
from actions.mailing.models import Mailing, MailingText
from actions.signing import (
    cases,
    erase,
    exporting,
    files,
    importing,
    incidents,
    links,
    members,
    names,
    on_request,
    outbox,
    reading,
    register,
    reminders,
    requests,
    retention,
    review,
    uploads,
)
from actions.signing.counting import counts, total
from actions.signing.keys import KeyLost
from actions.signing.models import (
    CodeTry,
    Incident,
    MemberContact,
    MemberLink,
    MemberNotice,
    OpeningReminder,
    OutboxMail,
    Petition,
    RightsCase,
    SealedFile,
    Signature,
    SignatureImport,
    SignerLink,
    TouchedSigner,
)
from actions.signing.review import Criteria, Verb
from actions.signing.sign import sign
from actions.web import erased_log
from actions.web.mail import compose
from actions.web.reminder_mail import compose as compose_reminder
from tests.factories import PetitionFactory, RecipientFactory, action, hold, person, several, stream, told
from tests.guarantees.test_canary import ADDRESS, DATA, MARK, everything_written, spellings

pytestmark = pytest.mark.django_db
SECRET = "whsec_" + "c2VjcmV0" * 4
WORDS = {code: {"subject": "A laptop", "body": "is gone"} for code in ("nb", "nn", "en")}
OLD_FILE = f"name,email,date\n{MARK},{ADDRESS},".encode()


def opened() -> dict[str, str]:
    """What the sealed rows and files say."""
    told = {}
    for petition in Petition.objects.all():
        try:
            people = reading.open_recorded(
                Signature.objects.filter(petition=petition).select_related("signer"), petition=petition
            )
        except KeyLost:
            continue
        told[f"signers of {petition.pk}"] = str([vars(one) if hasattr(one, "__dict__") else [
            getattr(one, field) for field in one.__dataclass_fields__] for one in people.values()])  # fmt: skip
    for row in OpeningReminder.objects.exclude(sealed=b""):
        told[f"reminder {row.pk}"] = str(reminders.everything(row, verb="disclosed", by=None, purpose="test"))
    for file in SealedFile.objects.all():
        told[f"file {file.name}"] = unpacked(b"".join(files.read(file)))
    return told


def unpacked(data: bytes) -> str:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(unpacked(archive.read(name)) for name in archive.namelist())


def places() -> list[str]:
    written = {place: text for place, text in everything_written().items() if not place.startswith("backup_")}
    told = written | opened() | {"members": str(members.page(None)).lower()}
    return [place for place, text in told.items() if any(word in text.lower() for word in spellings())]


def backed_up() -> list[str]:
    """Keep a copy of every table; returns their names."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f"create temporary table backup_{table} as table {table}")
        return tables


def restored(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set local session_replication_role = replica")
        for table in tables:
            cursor.execute(f"delete from {table}")
            cursor.execute(f"insert into {table} table backup_{table}")
        cursor.execute("set local session_replication_role = origin")


def attempts() -> None:
    """Where signing itself is dangerous: three attempts with her address, each with a code, and what was typed."""
    petition = PetitionFactory(high_risk=True, counting="confirmed")
    for name in (MARK, MARK + " To", "Stranger"):
        sign(petition=petition, person=person(name=name, email=ADDRESS), language="nb")
    assert len(erase.signatures_of(ADDRESS)) == 3
    for signature in Signature.objects.filter(petition=petition):
        links.make_link(signature, with_code=True)
    links._call("actions_try_code(%s, %s, %s)", petition.pk, links._values(ADDRESS)[0], links._code_hash("BBBB3333"))


def brought_in(by) -> None:
    """She signed elsewhere, too, before there was a form here."""
    petition = PetitionFactory(opens_at=timezone.now() - timedelta(days=30))
    row = OLD_FILE + f"{timezone.localdate() - timedelta(days=3)}\n".encode()
    file, upload = uploads.keep([row], name="earlier.csv")
    task = SignatureImport.objects.create(
        petition=petition, file=file, header=upload.header, mapping=upload.guess, language="nb", purpose="a stand",
        dry=False, by=by,
    )  # fmt: skip
    assert importing.carry_out(task.pk)
    task.refresh_from_db()
    assert task.added == 1


def waits_for_an_opening(site) -> None:
    """She wants to be told when another action opens, and has said yes from the mailbox."""
    petition = PetitionFactory(scheduled=True)
    action(site, petition, title="Kommer", slug="kommer")
    reminders.ask(petition=petition, email=ADDRESS, language="nb")
    sent = []
    while reminders.send_next(lambda letter: sent.append(letter) or compose_reminder(letter)):
        pass
    reminders.answer(sent[-1].token, yes=True)


@pytest.fixture
def marked(site, staff, settings, tmp_path):
    """A petition that the marked signer went through with everything, and others beside her."""
    settings.ERASED_LOG = str(tmp_path / "erased.log")
    settings.MEMBERS_TOKENS = ["a token"]
    settings.MEMBERS_WEBHOOK, settings.MEMBERS_SECRETS = "http://127.0.0.1:1/nobody-is-there", [SECRET]
    attempts()
    brought_in(staff)
    waits_for_an_opening(site)
    petition = PetitionFactory(
        ask_phone=True, ask_comment=True, ask_postcode=True, show_names=True, counting="confirmed"
    )
    action(site, petition)
    notice = told(petition, "place", RecipientFactory())
    several(petition, 3, hand_over_notice=notice)
    sign(petition=petition, person=person(**DATA), language="nb", contact_action=True, contact_other=True,
         show_name=True, hand_over_notice=notice)  # fmt: skip
    signature = Signature.objects.latest("signed_at")
    links.make_link(signature, with_code=True)
    links._call("actions_try_code(%s, %s, %s)", petition.pk, links._values(ADDRESS)[0], links._code_hash("AAAA2222"))
    OutboxMail.objects.update(due_at=timezone.now())
    while outbox.send_next(compose):
        pass
    rule = review.decide(
        petition=petition, verb=Verb.HOLD, criteria=Criteria(ids=(str(signature.pk),)), reason="x", by=staff
    )
    review.carry_out(rule.pk)
    rule = review.decide(
        petition=petition, verb=Verb.RELEASE, criteria=Criteria(name_pattern=MARK), reason="x", by=staff
    )
    review.carry_out(rule.pk)
    token, _code = links.make_link(signature, with_code=False)
    assert links.confirm(token) == "already"  # from the mailbox
    links.ask_copy(token)
    links.ask_correction(token, changed={"name": MARK + " Ny"}, found=links.facts(token), petition=petition)
    while requests.answer_next():
        pass
    case = cases.begin(
        email=ADDRESS, kind="erase", reference="2026/14", received_on=timezone.localdate(), identity="link", by=staff
    )
    of_case = on_request.Asked(case.signatures, staff, cases.purpose_of(case))
    assert on_request.correct(of_case, changed={"comment": MARK}) == len(cases.signatures(case))
    names.prepare(timezone.now())
    sign(petition=petition, person=person(**DATA), language="nb", contact_other=True)  # once more
    for kind in ("csv", "xlsx"):
        columns = exporting.COLUMNS
        asked = exporting.ask(
            petition=petition, format=kind, columns=columns, criteria={}, purpose="case", by=staff, use="claim"
        )
        assert exporting.build(asked.pk)
    row = OLD_FILE + f"{timezone.localdate()}\n".encode()
    file, upload = uploads.keep([row], name="old.csv")
    task = SignatureImport.objects.create(
        petition=petition, file=file, header=upload.header, mapping=upload.guess, language="nb", purpose="old"
    )
    assert importing.carry_out(task.pk)  # tried, and it waits
    mailing = Mailing(name="News", petition=petition)
    body = stream(MailingText, "body", [("button", {"label": "Les", "page": None, "url": "https://example.org/"})])
    mailing.texts = [MailingText(language="nb", subject="Hei", body=body)]
    mailing.save()
    send.start(mailing=mailing, by=staff)
    members.notice()
    recipients = [one.recipient for one in petition.addressees.all()]
    delivery = deliver(petition=petition, recipients=recipients, delivered_on=timezone.localdate(), by=staff)
    packed = package.ask(delivery=delivery, language="nb", format="xlsx", level="place", by=staff)
    assert package.build(packed.pk, tell)
    assert register.find(petition=petition, email=ADDRESS, by=staff, purpose="case")
    breach = Incident(what="a laptop", noticed_at=timezone.now(), petition=petition, everybody=True, words=WORDS)
    assert incidents.tell(incidents.open_incident(breach, by=staff), by=staff) == 4
    found = places()
    for needed in (
        "reminder",
        "signers of",
        "file delivery-",
        "file signatures-",
        "file old.csv",
        "actions_publicname",
        "members",
    ):
        assert any(place.startswith(needed) for place in found), (needed, found)
    return petition


def go_by_link(verb: str) -> None:
    """Leave every action by a mailed link, one after the other; attempts with the address go together."""
    for waiting in reminders.of_address(ADDRESS):
        token = secrets.token_bytes(32)
        OpeningReminder.objects.filter(pk=waiting.pk).update(link_hash=sha256(token).digest())
        reminders.answer(urlsafe_b64encode(token).decode().rstrip("="), yes=False)
    while found := erase.signatures_of(ADDRESS):
        getattr(links, verb)(links.make_link(found[0], with_code=False)[0])


def assert_gone(petition: Petition, staff, reason: str = "erased") -> None:
    assert places() == []
    assert not Signature.objects.exclude(claim=None).exists()
    if reason != "restored":  # then another epoch begins
        members.notice()
        assert [event["data"]["reason"] for event in members.page(None).events] == [reason]
        assert not MemberLink.objects.exists()
        assert not MemberContact.objects.exclude(key=None).exists()
        assert not MemberNotice.objects.exclude(signature_id=None).exists()
    assert not ListedName.objects.filter(signature__signer=None).exists()
    assert not TouchedSigner.objects.filter(signature__signer=None).exists()
    assert [case.signatures for case in RightsCase.objects.all()] == [[]]
    assert erase.subject_access(email=ADDRESS, by=staff, purpose="x") == []
    assert not CodeTry.objects.exists()
    assert not OpeningReminder.objects.exclude(sealed=b"").exists()
    OutboxMail.objects.all().delete()
    links.ask_link(ADDRESS)
    links.find_asked()
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize("how", ["by staff", "in a case", "by link"])
def test_after_an_erasure_nothing_is_left_nor_comes_back_with_a_backup(marked, staff, settings, how):
    tables = backed_up()
    number, others = total(marked), SignerLink.objects.exclude(signature__signer=None).count()
    if how == "by staff":
        erase.erase_address(email=ADDRESS, by=staff, purpose="case")
    elif how == "in a case":
        erase.erase_signatures(RightsCase.objects.get().signatures, by=staff, purpose="case")
    else:
        go_by_link("erase")
    assert_gone(marked, staff)
    assert (total(marked), counts(marked).agree) == (number, True)
    assert others
    erased_log.write()
    with open(settings.ERASED_LOG) as log:
        assert not any(word in log.read().lower() for word in spellings())
    restored(tables)
    assert places()
    call_command("bury_again", settings.ERASED_LOG)
    assert_gone(marked, staff, "restored")
    assert (total(marked), counts(marked).agree) == (number, True)
    sign(petition=marked, person=person(**DATA), language="nb")
    assert total(marked) == number


def test_after_a_withdrawal_nothing_is_left(marked, staff):
    tables = backed_up()
    number = total(marked)
    go_by_link("withdraw")
    assert_gone(marked, staff, "signature_withdrawn")
    assert total(marked) == number - 1
    erased_log.write()
    restored(tables)
    call_command("bury_again", erased_log.settings.ERASED_LOG)
    assert_gone(marked, staff, "restored")
    assert (total(marked), counts(marked).agree) == (number - 1, True)


def test_after_retention_nothing_is_left(marked, staff):
    """As soon as her case is closed: an open one keeps what it is about."""
    number = total(marked)
    for petition in Petition.objects.all():
        retention.forget(petition=petition)
    assert places()
    cases.close(RightsCase.objects.get(), outcome="done")
    for petition in Petition.objects.all():
        retention.forget(petition=petition)
    assert_gone(marked, staff, "retention")
    assert total(marked) == number
    assert not SealedFile.objects.exists()


def test_after_a_legal_hold_nothing_is_left(marked, staff):
    for petition in Petition.objects.all():
        hold(petition, staff)
    erase.erase_address(email=ADDRESS, by=staff, purpose="case")
    kept = places()
    assert kept, "that is what a hold is for"
    assert not [place for place in kept if place in ("actions_publicname", "members")]
    for petition in Petition.objects.all():
        retention.lift_legal_hold(petition=petition, by=staff, reason="over")
    assert_gone(marked, staff)

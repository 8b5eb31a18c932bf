"""R12 and R13: one marked signer through every feature and failure path; afterwards the mark is nowhere but sealed.

Seen to fail with the address put into the audit record of a mail, and with the text of an error left in the outbox's
warning.
"""

import io
import json
import logging
from base64 import b64encode
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from actions.backoffice.package_words import tell
from actions.delivery import package
from actions.delivery.deliver import deliver
from actions.mailing import send
from actions.mailing.models import Mailing, MailingText
from actions.signing import (
    alarms,
    erase,
    exporting,
    importing,
    links,
    members,
    names,
    outbox,
    register,
    review,
    uploads,
)
from actions.signing.counting import counts, total
from actions.signing.models import OutboxMail, Petition, Signature, SignatureImport, Signer, SignerRequest
from actions.signing.review import Criteria, Verb
from actions.signing.sign import sign
from actions.web import erased_log
from actions.web.log import SafeFormatter
from actions.web.mail import compose
from home import standing
from tests.factories import PetitionFactory, action, answered, person, stream

pytestmark = pytest.mark.django_db

MARK, ADDRESS = "Zanzibarmarkør", "zanzibar.mark@example.org"
DATA = {"name": MARK, "email": ADDRESS, "comment": f"Hei fra {MARK}", "phone": "+47 55512345", "postcode": "QZ99"}


def spellings() -> set[str]:
    """The mark as it could lie somewhere: plain, in hexadecimal, in base64, in an address, in JSON."""
    found = set()
    for word in (MARK, ADDRESS, "zanzibar.mark", "55512345", "QZ99"):
        raw = word.encode()
        found |= {word, raw.hex(), b64encode(raw).decode().rstrip("="), quote(word), json.dumps(word).strip('"')}
    return {word.lower() for word in found}


def everything_written() -> dict[str, str]:
    """All rows of all tables as text."""
    told = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"select t::text from {table} t")
            told[table] = "\n".join(row for (row,) in cursor.fetchall()).lower()
    return told


def assert_nowhere(**places: str) -> None:
    for place, text in (everything_written() | places).items():
        for word in spellings():
            assert word not in text.lower(), f"{word} in {place}"


@pytest.fixture
def logged():
    """What a production log would hold, from every logger."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(SafeFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def cached() -> str:
    return str([*(vars(caches[name]).get("_cache", {}) for name in settings.CACHES), standing._copies._cache])


def test_the_mark_is_nowhere_but_in_sealed_data(client, site, staff, settings, tmp_path, logged, monkeypatch):
    settings.ERASED_LOG = str(tmp_path / "erased.log")
    petition = PetitionFactory(ask_comment=True, ask_phone=True, ask_postcode=True, responsible=staff)
    page = action(site, petition)
    post = lambda data=DATA, **more: client.post(page.get_url(), data, **more)  # noqa: E731

    # Every answer of the form: refused, held, repeated, from elsewhere, with a body that is none.
    post(DATA | {"email": ADDRESS + ">"})
    post(DATA | {"website": MARK})
    post()
    post(DATA | {"email": ADDRESS.upper()})
    post(headers={"Sec-Fetch-Site": "cross-site", "Referer": f"https://x.example/?{ADDRESS}", "User-Agent": MARK})
    client.get(page.get_url(), {"q": ADDRESS})
    client.raise_request_exception = False
    client.generic("POST", page.get_url(), f"name={MARK}&email={ADDRESS}".encode(), "multipart/form-data; boundary=x")

    # Failures: an error in the view, a database that is away, a unique violation with PostgreSQL's own text.
    for error in (RuntimeError(ADDRESS), OperationalError(f"Key (email)=({ADDRESS}) already exists.")):

        def fails(error=error, **kwargs):
            raise error

        with monkeypatch.context() as patch:
            patch.setattr("actions.web.views.sign", fails)
            assert post(DATA | {"email": "other." + ADDRESS}).status_code in (500, 503)
    signature = Signature.objects.get()
    with pytest.raises(IntegrityError) as violation, transaction.atomic():
        Signature.objects.create(petition=petition, digest=signature.digest, canonical_version=1, state="counted",
                                 language="nb", signed_at=timezone.now())  # fmt: skip

    # Mail in trouble, mail sent, a bounce, a reminder; links and all their verbs.
    def broken(letter):
        raise ConnectionRefusedError(letter.address)

    outbox.send_next(broken)
    OutboxMail.objects.update(due_at=timezone.now())
    call_command("send_mail", "--once")
    outbox.bounced(OutboxMail.objects.first().pk)
    token, _code = links.make_link(signature, with_code=True)
    for data in (
        {"do": "confirm"},
        {"do": "copy"},
        {"do": "correct", "name": MARK + " Ny"},
        {"do": "correct", "name": "<"},
    ):
        client.post(f"/nb/my-signature/{token}/", data)
    client.post("/nb/my-signature/", {"email": ADDRESS})
    call_command("send_mail", "--once")
    assert not SignerRequest.objects.exclude(failed="").exists()
    client.get(f"/nb/my-signature/{token}/")
    client.get(f"/nb/my-signature/{token}/copy.json")

    # Wanting to be told of an opening: refused, taken, asked, and no answer.
    coming = PetitionFactory(scheduled=True)
    action(site, coming, title="Kommer", slug="kommer")
    for address in (MARK, ADDRESS):
        client.post(f"/nb/my-signature/remind/for/{coming.pk}/", {"email": address})
    call_command("send_mail", "--once")

    # Staff: looking, deciding by domain and name, undoing; alarms, names, regular work.
    client.force_login(staff)
    client.post("/admin/one-person/", {"email": ADDRESS, "purpose": "case 7", "show": ""})
    for criteria in (Criteria(domain="example.org"), Criteria(name_pattern="^zanzi")):
        review.count(petition=petition, verb=Verb.INVALIDATE, criteria=criteria, by=staff)
    rule = review.decide(
        petition=petition, verb=Verb.INVALIDATE, criteria=Criteria(language="nb"), reason="x", by=staff
    )
    review.carry_out(rule.pk)
    review.undo(rule.pk, by=staff)
    alarms.look(timezone.now())
    names.prepare(timezone.now())
    call_command("housekeeping", "--once")
    call_command("check_counts", verbosity=2)

    opened = Signer.objects.get()
    assert "Ny" in str(erase.subject_access(email=ADDRESS, by=staff, purpose="x"))
    mails = [(m.subject, m.body, *(a[0] for a in m.alternatives)) for m in mail.outbox]
    assert mails
    assert_nowhere(
        log=logged.getvalue(),
        cache=cached(),
        mails=str(mails),
        error=str(violation.value),
        erased=(tmp_path / "erased.log").read_text() if (tmp_path / "erased.log").exists() else "",
        repr=f"{opened!r} {signature!r} {person(name=MARK)!r} {rule!r} {petition!r}",
    )
    assert logged.getvalue().count("\n") > 10

    # R13: erased, it is not even sealed any more; everything else is as it was.
    others = Signer.objects.exclude(pk=signature.pk).values_list("sealed")
    before, number = list(others), total(petition)
    letter = {"kind": "erase", "reference": "8", "received_on": "2026-01-01", "identity": "mailbox"}
    answer = client.post("/admin/cases/", letter | {"email": ADDRESS})
    client.post(answer.url, {"which": [str(signature.pk)], "verb": "erase", "do": ""})
    erased_log.write()
    assert not Signer.objects.filter(pk=signature.pk).exists()
    assert (list(others), total(petition)) == (before, number)
    assert counts(petition).agree
    assert_nowhere(log=logged.getvalue(), cache=cached(), erased=(tmp_path / "erased.log").read_text())
    call_command("bury_again", settings.ERASED_LOG)


@pytest.mark.django_db(transaction=True)  # a try of a code is there for good before it is answered
def test_the_mark_is_nowhere_after_codes_were_typed(client, site, logged):
    petition = action(site, PetitionFactory(counting="confirmed")).petition
    sign(petition=petition, person=person(name=MARK, email=ADDRESS), language="nb")
    _token, code = links.make_link(Signature.objects.get(), with_code=True)
    for typed, status in ((MARK[:8], 422), (code, 303)):
        sent = {"email": ADDRESS, "code": typed}
        assert client.post(f"/nb/my-signature/code/{petition.pk}/", sent).status_code == status
    assert_nowhere(log=logged.getvalue(), cache=cached())


@pytest.mark.django_db(transaction=True)
def test_the_databases_own_log_never_sees_an_address(site):
    """The statement that PostgreSQL writes to its log with an error holds a sealed value and a digest, no address."""
    petition = PetitionFactory()
    statements = []

    def listen(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        sign(petition=petition, person=person(name=MARK, email=ADDRESS), language="nb")
        links.ask_link(ADDRESS)
        links.confirm_with_code(petition=petition, email=ADDRESS, code="AAAA2222")
    text = str(statements).lower()
    assert len(statements) >= 3
    for word in spellings():
        assert word not in text


def test_a_day_old_cached_page_still_signs(client, site, monkeypatch):
    """R28, in part."""
    page = action(site, PetitionFactory())
    shown = client.get(page.get_url()).content.decode().split('name="consent_shown" value="')[1][:64]
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=1))
    answer = client.post(page.get_url(), {"name": "Kari", "email": "k@example.org", "contact_action": "on",
                                          "consent_shown": shown})  # fmt: skip
    assert answer.status_code == 303
    assert Petition.objects.count() == 1


def test_the_mark_is_nowhere_after_the_backoffice_has_worked(site, staff, settings, tmp_path, monkeypatch, logged):
    """Seen to fail with the rows of an export kept in its record, and with a chunk stored as it is."""
    settings.MEMBERS_TOKENS = ["a token"]
    monkeypatch.setattr(exporting, "_memory", lambda: tmp_path)
    petition = PetitionFactory(ask_phone=True, ask_comment=True, ask_postcode=True)
    action(site, petition)
    sign(petition=petition, person=person(**DATA), language="nb", contact_action=True, contact_other=True)
    yesterday = timezone.localdate() - timedelta(days=1)
    for kind in ("csv", "xlsx"):
        export = exporting.ask(
            petition=petition,
            format=kind,
            columns=exporting.COLUMNS,
            criteria={},
            purpose="case",
            by=staff,
            use="claim",
        )
        assert exporting.build(export.pk)
    head = b"name,email,date\n"
    row = f"{MARK},{ADDRESS.replace('mark', 'other')},{yesterday}\n".encode()
    bad = f"{MARK},no address {MARK},{yesterday}\n".encode()
    file, upload = uploads.keep([head + row + bad], name="old.csv")
    task = SignatureImport.objects.create(
        petition=petition,
        file=file,
        header=upload.header,
        mapping=upload.guess,
        language="nb",
        purpose="old",
        dry=False,
    )
    assert importing.carry_out(task.pk)
    mailing = Mailing(name="News", petition=petition)
    body = stream(MailingText, "body", [("button", {"label": "Les", "page": None, "url": "https://example.org/"})])
    mailing.texts = [MailingText(language="nb", subject="Hei", body=body)]
    mailing.save()
    answered()
    assert send.start(mailing=mailing, by=staff) == 1
    OutboxMail.objects.update(due_at=timezone.now())
    while outbox.send_next(compose):
        pass
    assert any(ADDRESS in message.to for message in mail.outbox)
    assert members.notice() == 1
    assert members.page(None).events[0]["data"]["person"]["name"] == MARK
    delivery = deliver(petition=petition, recipients=[], delivered_on=timezone.localdate(), by=staff)
    packed = package.ask(delivery=delivery, language="nb", format="xlsx", level="place", by=staff)
    assert package.build(packed.pk, tell)
    assert register.find(petition=petition, email=ADDRESS, by=staff, purpose="case")
    assert_nowhere(log=logged.getvalue(), cache=cached())
    assert not list(tmp_path.iterdir())

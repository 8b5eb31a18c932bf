"""The ledger of consents: each giving and ending of each of them, in which words, when, and by what way."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from actions.signing import consents, links, retention
from actions.signing.models import (
    AuditRecord,
    Consent,
    ConsentRecord,
    ConsentWish,
    OutboxMail,
    PublicName,
    Signature,
    Signer,
)
from actions.signing.sign import sign
from tests.factories import PetitionFactory, RecipientFactory, person, told

pytestmark = pytest.mark.django_db

Way = consents.Way


@pytest.fixture
def petition():
    return PetitionFactory(show_names=True)


@pytest.fixture
def text():
    return consents.record(language="nb", contact_action="Om saken", contact_other="Om annet", show_name="Vis navnet")


def signed(petition, number=1, **more):
    sign(petition=petition, person=person(number), language="nb", **more)
    return Signature.objects.order_by("-id").first()


def link(signature):
    return links.make_link(signature, with_code=False)[0]


def rows(signature=None):
    found = ConsentRecord.objects.order_by("pk")
    if signature:
        found = found.filter(signature=signature)
    return list(found.values_list("consent", "given", "way"))


def flags():
    signer = Signer.objects.get()
    return signer.contact_action, signer.contact_other, signer.show_name


class TestEachGivingAndEnding:
    def test_a_form_gives_what_was_ticked_in_the_words_that_were_shown(self, petition, text):
        signature = signed(petition, contact_other=True, show_name=True, consent_text=text)
        assert rows() == [("contact_other", True, "form"), ("show_name", True, "form")]
        row = ConsentRecord.objects.first()
        assert row.consent_text == text
        assert abs(row.at - signature.signed_at) < timedelta(seconds=1)

    def test_who_ticks_nothing_leaves_no_row(self, petition):
        signed(petition)
        assert not rows()

    def test_a_name_is_handed_over_by_a_consent_of_its_own(self, petition):
        signed(petition)
        asked = consents.record(language="nb", contact_action="", contact_other="", hand_over_name="Gi navnet")
        notice = told(petition, "name", RecipientFactory())
        signed(petition, 2, hand_over_notice=notice, consent_text=asked)
        assert rows() == [("hand_over_name", True, "form")]

    def test_a_repeated_attempt_leaves_nothing(self, petition, text):
        signed(petition, contact_action=True, consent_text=text)
        signed(petition, contact_action=True, consent_text=text)
        assert rows() == [("contact_action", True, "form")]

    def test_each_is_ended_by_itself(self, petition, text):
        """Seen to fail while ending contact took both flags."""
        signature = signed(petition, contact_action=True, contact_other=True, show_name=True, consent_text=text)
        PublicName.objects.create(
            signature=signature, petition=petition, first_name="Kari", shown_from=timezone.now(), shuffle=1
        )
        links.end_consents(link(signature), [Consent.CONTACT_OTHER], way=Way.ONE_CLICK)
        assert flags() == (True, False, True)
        links.hide_name(link(signature))
        assert flags() == (True, False, False)
        assert not PublicName.objects.exists()
        assert rows()[3:] == [("contact_other", False, "one_click"), ("show_name", False, "link")]
        links.hide_name(link(signature))
        assert len(rows()) == 5, "what is ended does not end once more"

    def test_a_hidden_name_leaves_an_audit_record(self, petition):
        """Seen to fail: hiding left none."""
        signature = signed(petition, show_name=True)
        links.hide_name(link(signature))
        record = AuditRecord.objects.get(verb="consent")
        assert (record.actor, record.signature_id, record.purpose) == ("signer", signature.pk, "show_name: link")

    def test_who_confirms_gives_it_from_the_mailbox(self, text):
        petition = PetitionFactory(counting="confirmed")
        signature = signed(petition, contact_other=True, consent_text=text)
        links.confirm(link(signature))
        assert rows() == [("contact_other", True, "form"), ("contact_other", True, "confirmed")]
        stands = consents.standing([signature.pk], Consent.CONTACT_OTHER)[signature.pk]
        assert (stands.way, stands.consent_text) == ("confirmed", text)

    def test_whatever_changes_a_flag_writes_a_row(self, petition):
        """Not even an update by hand gets around it. Seen to fail without the trigger."""
        signature = signed(petition, contact_action=True)
        Signer.objects.update(contact_action=False)
        with connection.cursor() as cursor:
            cursor.execute("update actions_signer set contact_other = true")
        assert rows(signature)[1:] == [("contact_action", False, "command"), ("contact_other", True, "command")]

    def test_staff_end_and_give_with_the_time_it_happened(self, petition, text):
        signature = signed(petition, contact_action=True, consent_text=text)
        wrote = datetime(2026, 11, 5, 12, tzinfo=UTC)
        assert consents.change(
            signatures=[signature.pk], consents=[Consent.CONTACT_ACTION], given=False, way=Way.STAFF, at=wrote
        )
        row = ConsentRecord.objects.latest("pk")
        assert (row.way, row.at, row.given, row.consent_text) == ("staff", wrote, False, None)
        assert row.recorded_at - row.at > timedelta(0)
        assert not consents.change(signatures=[signature.pk], consents=consents.CONTACT, given=False, way=Way.STAFF)

    def test_where_risk_is_high_nobody_gives_contact(self):
        petition = PetitionFactory(high_risk=True)
        signature = signed(petition)
        assert not consents.change(signatures=[signature.pk], consents=consents.CONTACT, given=True, way=Way.STAFF)
        assert not rows()

    def test_a_caller_cannot_say_by_what_way_the_form_was_sent(self, petition):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('actions.consent_way', 'staff@2020-01-01', true)")
            signature = signed(petition, contact_action=True)
        row = ConsentRecord.objects.get()
        assert row.way == "form"
        assert row.at >= signature.signed_at


class TestOnlyGrows:
    @pytest.mark.parametrize(
        "change", ["update actions_consentrecord set given = false", "delete from actions_consentrecord"]
    )
    def test_nobody_changes_a_row(self, change, petition):
        signed(petition, contact_action=True)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    @pytest.mark.parametrize("leave", [links.erase, links.withdraw])
    def test_the_rows_go_with_the_person(self, leave, petition, text):
        """Seen to fail without the trigger on deletion."""
        kept = signed(petition, 2, contact_action=True)
        signature = signed(petition, contact_action=True, consent_text=text)
        leave(link(signature))
        assert [row.signature_id for row in ConsentRecord.objects.all()] == [kept.pk]

    def test_retention_takes_them_all(self, petition, text):
        signed(petition, contact_action=True)
        signed(petition, contact_other=True, consent_text=text)
        retention.forget(petition=petition)
        assert not ConsentRecord.objects.exists()
        assert not ConsentWish.objects.exists()


class TestForOthers:
    def test_the_history_as_the_copy_tells_it(self, petition, text, settings):
        signature = signed(petition, contact_other=True, consent_text=text)
        links.end_contact(link(signature))
        given, ended = consents.told(signature.pk)
        assert (given["consent"], given["given"], given["words"]) == ("contact_other", True, "Om annet")
        assert given["version"] == f"nb {text.version}"
        assert given["url"] == f"{settings.SITE_URL}/consents/nb-{text.version}/"
        assert (ended["given"], ended["way"], ended["words"]) == (False, "link", None)

    def test_what_a_restore_must_not_bring_back(self, petition):
        signature = signed(petition, contact_action=True, contact_other=True)
        token = link(signature)
        before = timezone.now()
        assert not list(consents.ended_since())
        links.end_contact(token)
        consents.change(signatures=[signature.pk], consents=[Consent.CONTACT_OTHER], given=True, way=Way.STAFF)
        assert [(e.signature, e.consent) for e in consents.ended_since(before)] == [(signature.pk, "contact_action")]
        assert not list(consents.ended_since(timezone.now()))


class TestSigningAgain:
    """Who signs again with the box ticked is asked in the mailbox, and nobody else is told."""

    def again(self, petition, text, **more):
        return signed(petition, **{"contact_other": True, "consent_text": text, **more})

    def receipt_was_sent(self):
        OutboxMail.objects.update(sent_at=timezone.now() - timedelta(minutes=1))
        Signature.objects.update(signed_at=timezone.now() - timedelta(minutes=1))

    def test_the_mailbox_is_asked_at_once_and_a_yes_counts(self, petition, text):
        """Seen to fail: nothing was kept of it; and then the mail came a day later."""
        signature = self.again(petition, None, contact_other=False)
        self.receipt_was_sent()
        self.again(petition, text)
        assert flags() == (False, False, False)
        mail = OutboxMail.objects.get(kind="again")
        assert mail.due_at <= timezone.now()
        token = link(signature)
        wish = links.wish(token)
        assert wish.words() == [(Consent.CONTACT_OTHER, "Om annet")]
        assert links.answer_wish(token, consent="contact_other", text=text.pk) == "given"
        assert flags() == (False, True, False)
        assert rows() == [("contact_other", True, "link")]
        assert ConsentRecord.objects.get().consent_text == text
        assert links.wish(token) is None

    def test_words_that_changed_meanwhile_are_looked_at_anew(self, petition, text):
        signature = self.again(petition, None, contact_other=False)
        self.again(petition, text)
        newer = consents.record(language="nb", contact_action="Om saken", contact_other="Om mye")
        self.again(petition, newer)
        assert links.answer_wish(link(signature), consent="contact_other", text=text.pk) == "gone"
        assert flags() == (False, False, False)

    def test_a_no_is_a_no_and_nobody_is_asked_time_and_again(self, petition, text):
        signature = self.again(petition, None, contact_other=False)
        Signature.objects.update(signed_at=timezone.now() - timedelta(days=3))
        OutboxMail.objects.create(signature=signature, kind="again", sent_at=timezone.now() - timedelta(days=2))
        self.again(petition, text)
        assert OutboxMail.objects.get(kind="again").sent_at is None, "once more, for the wish"
        OutboxMail.objects.update(sent_at=timezone.now() - timedelta(days=2))
        assert links.answer_wish(link(signature), consent="", text=None) == "refused"
        assert links.wish(link(signature)) is None
        self.again(petition, text)
        assert OutboxMail.objects.get(kind="again").sent_at is not None
        OutboxMail.objects.update(sent_at=timezone.now() - timedelta(days=9))
        self.again(petition, text)
        assert OutboxMail.objects.get(kind="again").sent_at is not None
        assert flags() == (False, False, False)
        assert not rows()

    def test_what_was_wished_and_is_ended_is_no_wish_any_more(self, petition, text):
        signature = self.again(petition, None, contact_other=False)
        self.again(petition, text, contact_action=True)
        links.end_consents(link(signature), [Consent.CONTACT_OTHER])
        assert links.wish(link(signature)).consents == [Consent.CONTACT_ACTION]

    def test_where_risk_is_high_nothing_is_kept(self, text):
        petition = PetitionFactory(high_risk=True)
        self.again(petition, None, contact_other=False)
        self.again(petition, text)
        assert not ConsentWish.objects.exists()


def test_consents_from_before_get_a_row(petition, text):
    rows_of_before = import_module("actions.migrations.0041_consents_from_before").ROWS
    signature = signed(petition, contact_action=True, show_name=True, consent_text=text)
    risky = PetitionFactory(high_risk=True)
    signed(risky, 2, hand_over_notice=told(risky, "name", RecipientFactory()))
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")  # no trigger
        cursor.execute("delete from actions_consentrecord")
        cursor.execute("set local session_replication_role = origin")
        for _twice in range(2):
            cursor.execute(rows_of_before)
    assert rows(signature) == [("contact_action", True, "before"), ("show_name", True, "before")]
    assert len(rows()) == 3
    assert set(ConsentRecord.objects.filter(signature=signature).values_list("at", "consent_text")) == {
        (signature.signed_at, text.pk)
    }

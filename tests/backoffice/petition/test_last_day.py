"""A last day is told as a last day and a first as a first wherever people read it.

The last day comes back when a form that was closed opens again.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation
from django.utils.formats import date_format

from actions.backoffice.life import ChangeForm
from actions.backoffice.package_words import tell
from actions.backoffice.paper import BatchForm
from actions.delivery.deliver import deliver
from actions.delivery.retention import term
from actions.pages.outcome import without_outcome
from actions.rules.days import end_of, start_of
from actions.signing.ends import beginning_in_words, end_in_words
from actions.signing.life import close_now
from actions.signing.models import OutboxMail, Signature
from actions.signing.outbox import send_next
from actions.signing.sign import sign
from actions.web.mail import compose
from actions.web.outcome_mail import remind
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, person

pytestmark = pytest.mark.django_db


def zone():
    return timezone.get_default_timezone()


def midnight(petition) -> str:
    """What was told before."""
    with translation.override("nb"):
        return date_format(timezone.localtime(petition.ends_at), "DATETIME_FORMAT")


@pytest.fixture
def last():
    return timezone.localdate() + timedelta(days=2)


@pytest.fixture
def petition(site, last):
    petition = PetitionFactory(ends_at=end_of(last, zone()), counting="confirmed")
    action(site, petition, published=True)
    return petition


def test_an_end_at_midnight_is_its_last_day_and_another_is_a_moment():
    with translation.override("en"):
        midnight = end_in_words(end_of(date(2027, 2, 28), zone()))
        noon = end_in_words(datetime(2027, 2, 28, 11, tzinfo=UTC))
    assert "28 February 2027" in midnight or "Feb. 28, 2027" in midnight
    assert ":" not in midnight
    assert "12" in noon
    assert end_in_words(None) == "–"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "reports/actions/",
        "signature-forms/",
        "signature-forms/{pk}/life/",
        "signature-forms/{pk}/desk/",
        "reports/retention/",
    ],
)
def test_every_screen_tells_the_last_day(path, petition, last, staff_client):
    """Found by somebody who tried it: each told the midnight after it."""
    with translation.override("nb"):
        wanted = end_in_words(petition.ends_at)
    answer = staff_client.get("/admin/" + path.format(pk=petition.pk), follow=True, headers={"accept-language": "nb"})
    words = answer.content.decode()
    assert answer.status_code == 200
    assert wanted in words
    assert f"{wanted} kl." not in words
    assert midnight(petition) not in words


def test_the_request_to_confirm_tells_the_last_day(petition, mailoutbox):
    sign(petition=petition, person=person(1), language="nb")
    assert OutboxMail.objects.get().kind == "confirm"
    while send_next(compose):
        pass
    with translation.override("nb"):
        wanted = end_in_words(petition.ends_at)
    for words in (mailoutbox[0].body, mailoutbox[0].alternatives[0][0]):
        assert wanted in words
        assert midnight(petition) not in words


def test_the_mail_about_the_outcome_tells_the_last_day(site, staff):
    ended = end_of(timezone.localdate() - timedelta(days=130), zone())
    petition = PetitionFactory(opens_at=ended - timedelta(days=30), ends_at=ended, responsible=staff)
    action(site, petition, published=True)
    assert without_outcome(timezone.now()).exists()
    assert remind(timezone.now()) == 1
    with translation.override("nb"):
        wanted = end_in_words(ended)
        wrong = end_in_words(ended + timedelta(days=1))
    said = mail.outbox[0].body
    with translation.override("en"):
        assert wanted in said or end_in_words(ended) in said
        assert wrong not in said
        assert end_in_words(ended + timedelta(days=1)) not in said


def test_paper_of_the_day_after_the_last_one_is_refused(petition, last):
    """Found by somebody who tried it: the day whose first instant is the end was taken for a day of the action."""
    petition.opens_at = timezone.now() - timedelta(days=30)
    petition.ends_at = end_of(timezone.localdate() - timedelta(days=1), zone())
    form = BatchForm({"collected_on": timezone.localdate().isoformat()}, petition=petition)
    assert "collected_on" in form.errors


def test_what_was_closed_opens_again_with_the_end_it_had(petition, last, staff):
    """Found by somebody who tried it: the hour of closing stood under “Ends at”, and a new last day ended at it."""
    close_now(petition=petition, by=staff, reason="by mistake")
    petition.refresh_from_db()
    form = ChangeForm(petition=petition)
    assert form.initial == {"last_day": last, "end_time": None}
    later = last + timedelta(days=5)
    sent = {"verb": "reopen", "reason": "on", "last_day": later.isoformat(), "end_time": form.initial["end_time"] or ""}
    form = ChangeForm(sent, petition=petition)
    assert form.is_valid(), form.errors
    form.apply(petition, staff)
    petition.refresh_from_db()
    assert petition.ends_at == end_of(later, zone())


def test_a_time_that_was_chosen_comes_back_too(site, last, staff):
    at = datetime.combine(last, time(18), tzinfo=zone())
    petition = PetitionFactory(ends_at=at)
    close_now(petition=petition, by=staff, reason="by mistake")
    petition.refresh_from_db()
    assert ChangeForm(petition=petition).initial == {"last_day": last, "end_time": time(18)}
    without = PetitionFactory(ends_at=None)
    close_now(petition=without, by=staff, reason="by mistake")
    without.refresh_from_db()
    assert ChangeForm(petition=without).initial == {}


def test_an_opening_at_midnight_is_its_first_day_and_another_is_a_moment():
    with translation.override("en"):
        assert ":" not in beginning_in_words(start_of(date(2027, 3, 1), zone()))
        assert "12" in beginning_in_words(datetime(2027, 3, 1, 11, tzinfo=UTC))
    assert beginning_in_words(None) == "–"


SCREENS = ["", "reports/actions/", "signature-forms/", "signature-forms/{pk}/life/", "signature-forms/{pk}/desk/"]


@pytest.mark.parametrize("path", ["page", *SCREENS])
def test_everybody_is_told_the_first_day(path, site, last, client, staff_client):
    """Seen to fail: `kl. 00.00` stood behind it."""
    petition = PetitionFactory(opens_at=start_of(last, zone()), ends_at=end_of(last + timedelta(days=3), zone()))
    page = action(site, petition, published=True)
    url = page.get_url() if path == "page" else "/admin/" + path.format(pk=petition.pk)
    words = staff_client.get(url, follow=True, headers={"accept-language": "nb"}).content.decode()
    with translation.override("nb"):
        day = date_format(last, "DATE_FORMAT")
        assert day in words or path == ""  # the first page of the admin tells of ends alone
        assert f"{day} kl." not in words


def test_when_signers_are_forgotten_is_a_day(site, staff_client):
    """Seen to fail: the hour of a midnight."""
    ended = end_of(timezone.localdate() - timedelta(days=170), zone())
    petition = PetitionFactory(opens_at=ended - timedelta(days=30), ends_at=ended)
    action(site, petition, published=True)
    with translation.override("nb"):
        day = beginning_in_words(term(petition).at)
    for path in ("reports/retention/", f"signature-forms/{petition.pk}/hold/", ""):
        words = staff_client.get(f"/admin/{path}", follow=True, headers={"accept-language": "nb"}).content.decode()
        assert day in words, path
        assert f"{day} kl." not in words, path


@pytest.mark.parametrize(("cut", "words"), [("day", "til og med"), ("hour", "før")])
def test_a_hand_over_that_was_cut_off_tells_the_last_day_in_it(cut, words, site, staff, staff_client):
    """In the letter that goes along, and on the screen. Seen to fail: "before" the midnight after that day."""
    yesterday = timezone.localdate() - timedelta(days=1)
    petition = addressed(PetitionFactory(), RecipientFactory())
    page = action(site, petition, published=True)
    sign(petition=petition, person=person(1), language="nb")
    Signature.objects.update(signed_at=timezone.now() - timedelta(days=4))
    before = end_of(yesterday, zone()) if cut == "day" else datetime.combine(yesterday, time(18), tzinfo=zone())
    made = deliver(
        petition=petition,
        recipients=[one.recipient for one in petition.addressees.all()],
        delivered_on=timezone.localdate(),
        by=staff,
        signed_before=before,
    )
    with translation.override("nb"):
        wanted = end_in_words(before)
    told = " ".join(tell(made, "nb", {"by_language": {}, "by_country": {}})["cover"])
    screen = staff_client.get(
        f"/admin/signature-forms/{petition.pk}/deliveries/", headers={"accept-language": "nb"}
    ).content.decode()
    assert page.pk
    for said in (told, screen):
        assert wanted in said
        assert words in said
        assert "00.00" not in said

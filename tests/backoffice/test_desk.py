"""The screens of one signature form: desk, register, exports, paper, imports and deliveries, over HTTP."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from actions.backoffice import charts, tasks
from actions.backoffice.desk import events
from actions.delivery.deliver import deliver
from actions.delivery.models import Delivery, DeliveryPackage, PaperBatch
from actions.mailing.models import Mailing
from actions.rules.state import State
from actions.signing import counting, life
from actions.signing.figures import Bar
from actions.signing.models import AuditRecord, Export, Petition, SignatureImport
from actions.signing.retention import forget
from actions.signing.sign import sign
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Work that staff start is done at once, as a worker would a moment later."""
    for name in ("build_export", "build_package", "carry_out_import"):
        monkeypatch.setattr(tasks, name, SimpleNamespace(enqueue=getattr(tasks, name).func))


@pytest.fixture
def petition(site):
    petition = addressed(PetitionFactory(ask_country=True, goal=100), RecipientFactory())
    action(site, petition)
    for number in range(3):
        sign(petition=petition, person=person(number), language="nb", country="NO")
    sign(petition=petition, person=person(9), language="en", suspicion="network")
    return petition


def at(petition, name: str, *more) -> str:
    return reverse(f"petition:{name}", args=[petition.pk, *more])


def text(answer) -> str:
    return answer.content.decode()


class TestDesk:
    def test_it_tells_how_many_how_fast_and_from_where(self, staff_client, petition):
        counting.add_paper(petition, 40)
        body = text(staff_client.get(at(petition, "desk")))
        for words in (
            "43",
            "3 på nett og 40 på papir",
            "Norge",
            "holdt tilbake",
            "Signaturer per dag",
            "<svg",
            "Åpnet",
        ):
            assert words in body, words
        assert "Nordmann" not in body

    def test_it_costs_the_same_however_many_signed(self, staff_client, petition, django_assert_max_num_queries):
        staff_client.get(at(petition, "desk"))
        with django_assert_max_num_queries(40):
            staff_client.get(at(petition, "desk"))

    @pytest.mark.parametrize("trait", ["draft", "scheduled", "ended"])
    def test_every_state_has_a_desk(self, staff_client, locales, trait):
        petition = PetitionFactory(**{trait: True})
        assert staff_client.get(at(petition, "desk")).status_code == 200

    def test_figures_stay_when_the_signers_are_forgotten(self, staff_client, petition):
        Petition.objects.filter(pk=petition.pk).update(ends_at=timezone.now())
        before = text(staff_client.get(at(petition, "desk")))
        forget(petition=petition)
        after = text(staff_client.get(at(petition, "desk")))
        assert before.count("<rect") == after.count("<rect")
        assert "Norge" in after
        assert "Underskriverne ble glemt" in after

    def test_what_happened_is_marked(self, petition):
        now = timezone.now()
        Mailing.objects.create(name="x", petition=petition, sent_at=now)
        Mailing.objects.create(name="draft", petition=petition)
        life.pause(petition=petition, by=None, reason="x")
        delivery = deliver(petition=petition, recipients=[], delivered_on=now.date())
        labels = [str(event.label) for event in events(petition, [delivery])]
        assert sorted(labels) == [
            "3 signaturer overlevert",
            "E-post til underskrivere",
            "Satt på pause",
            "Slutt",
            "Åpnet",
        ]

    def test_a_chart_has_a_bar_for_every_day_and_a_mark_for_every_event(self):
        now = timezone.now()
        bars = [Bar(now + timedelta(days=n), n, n == 9) for n in range(10)]
        chart = charts.draw(bars, events=[charts.Event(now + timedelta(days=2), "x")])
        assert len(chart.bars) == 10
        assert [bar.unfinished for bar in chart.bars].count(True) == 1
        assert chart.bars[9].height > chart.bars[1].height > chart.bars[0].height == 0
        assert [mark.text for mark in chart.marks] == ["1"]
        close = charts.draw(bars, events=[charts.Event(now + timedelta(days=2, hours=n), "x") for n in range(3)])
        assert [mark.text for mark in close.marks] == ["1–3", "", ""]
        assert charts.draw([]) is None


class TestRegister:
    def test_a_list_names_nobody(self, staff_client, petition):
        body = text(staff_client.get(at(petition, "signatures")))
        assert "4 signaturer" in body
        assert "Nordmann" not in body
        assert not AuditRecord.objects.exists()

    def test_filters_are_in_the_address(self, staff_client, petition):
        body = text(staff_client.get(at(petition, "signatures"), {"state": "held", "language": "en"}))
        assert "1 signatur<" in body or ">1 signatur" in body
        answer = staff_client.get(at(petition, "signatures"), {"first_day": "2099-01-01"})
        assert "Ingen signatur passer" in text(answer)

    @pytest.mark.parametrize("wrong", [{"state": "x"}, {"first_day": "x"}, {"country": "'"}, {"older": "%00"}])
    def test_a_wrong_filter_breaks_nothing(self, staff_client, petition, wrong):
        assert staff_client.get(at(petition, "signatures"), wrong).status_code == 200

    def test_names_are_opened_with_a_purpose_and_one_record(self, staff_client, petition):
        answer = staff_client.post(at(petition, "signatures"), {"open": "", "names-purpose": ""})
        assert "Nordmann" not in text(answer)
        answer = staff_client.post(at(petition, "signatures"), {"open": "", "names-purpose": "case 7"})
        assert "Kari Nordmann" in text(answer)
        assert "no-store" in answer["Cache-Control"]
        assert list(AuditRecord.objects.values_list("verb", "number", "purpose")) == [("opened", 4, "case 7")]

    def test_an_address_is_looked_for(self, staff_client, petition):
        data = {"search": "", "search-purpose": "case 7"}
        answer = staff_client.post(at(petition, "signatures"), data | {"search-email": "signer1@example.org"})
        assert "Den skrev under" in text(answer)
        answer = staff_client.post(at(petition, "signatures"), data | {"search-email": "nobody@example.org"})
        assert "har ikke skrevet under her" in text(answer)
        assert staff_client.post(at(petition, "signatures"), data | {"search-email": "x"}).status_code == 200

    def test_without_the_key_there_is_a_sentence(self, staff_client, petition, settings):
        settings.SIGNER_MASTER_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
        answer = staff_client.post(at(petition, "signatures"), {"open": "", "names-purpose": "case 7"})
        assert "En nøkkel mangler" in text(answer)


class TestExport:
    DATA = {"format": "csv", "columns": ["name", "email"], "purpose": "newsletter", "state": "counted"}

    def test_a_file_is_asked_for_built_and_taken_once(self, staff_client, petition, staff):
        assert staff_client.post(at(petition, "exports"), self.DATA).status_code == 302
        export = Export.objects.get()
        assert (export.by, export.expected, export.progress) == (staff, 3, "done")
        assert staff_client.get(at(petition, "export_progress", export.pk)).json()["percent"] == 100
        assert "Last ned" in text(staff_client.get(at(petition, "exports")))
        answer = staff_client.post(at(petition, "export_file", export.pk))
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert len(rows) == 4
        assert "no-store" in answer["Cache-Control"]
        again = staff_client.post(at(petition, "export_file", export.pk), follow=True)
        assert "er hentet før" in text(again)

    @pytest.mark.parametrize("wrong", [{"purpose": ""}, {"columns": []}, {"columns": ["x"]}, {"format": "pdf"}])
    def test_what_is_missing_gets_a_sentence_and_makes_nothing(self, staff_client, petition, wrong):
        answer = staff_client.post(at(petition, "exports"), self.DATA | wrong)
        assert answer.status_code == 200
        assert not Export.objects.exists()

    def test_a_get_gives_out_nothing(self, staff_client, petition):
        staff_client.post(at(petition, "exports"), self.DATA)
        assert staff_client.get(at(petition, "export_file", Export.objects.get().pk)).status_code == 405

    def test_another_forms_number_leads_nowhere(self, staff_client, petition):
        staff_client.post(at(petition, "exports"), self.DATA)
        other = PetitionFactory()
        assert staff_client.post(at(other, "export_file", Export.objects.get().pk), follow=True).status_code == 404


class TestPaper:
    @pytest.fixture
    def entered(self, staff_client, petition):
        data = {"place": "Stand", "collected_on": timezone.localdate().isoformat(), "number": 40}
        assert staff_client.post(at(petition, "paper"), data).status_code == 302
        return PaperBatch.objects.get()

    @pytest.fixture
    def second_client(self, client, django_user_model):
        client.force_login(django_user_model.objects.create_superuser("second", password="a long password here"))
        return client

    def test_one_enters_and_another_confirms(self, staff_client, petition, entered, django_user_model):
        from django.test import Client

        answer = staff_client.post(at(petition, "paper_decide", entered.pk), {"confirm": ""}, follow=True)
        assert "Noen andre må telle arkene" in text(answer)
        assert counting.total(petition) == 3
        second = Client()
        second.force_login(django_user_model.objects.create_superuser("second", password="a long password here"))
        answer = second.post(at(petition, "paper_decide", entered.pk), {"confirm": ""}, follow=True)
        assert "Bekreftet, og talt" in text(answer)
        assert counting.total(petition) == 43
        data = {"right_number": 38, "note": "two lines twice"}
        assert staff_client.post(at(petition, "paper_correct", entered.pk), data).status_code == 302
        again = staff_client.post(at(petition, "paper_correct", entered.pk), data)
        assert "en rettelse venter" in text(again)
        correction = PaperBatch.objects.get(corrects=entered)
        second.post(at(petition, "paper_decide", correction.pk), {"confirm": ""})
        assert counting.total(petition) == 41
        page = petition.action_pages.get()
        assert "3 på nett og 38 på papir" in text(second.get(page.get_url()))

    WRONG = [
        ({"number": 0}, "større"),
        ({"collected_on": "2099-01-01"}, "er ikke kommet ennå"),
        ({"collected_on": "2000-01-01"}, "hadde ikke begynt"),
        ({"place": ""}, "påkrev"),
    ]

    @pytest.mark.parametrize(("wrong", "sentence"), WRONG)
    def test_what_cannot_be_gets_a_sentence(self, staff_client, petition, wrong, sentence):
        data = {"place": "Stand", "collected_on": timezone.localdate().isoformat(), "number": 40}
        assert sentence in text(staff_client.post(at(petition, "paper"), data | wrong))
        assert not PaperBatch.objects.exists()

    def test_the_sheet_is_a_pdf_in_the_pages_language(self, staff_client, petition):
        page = petition.action_pages.get()
        answer = staff_client.get(at(petition, "sheet", page.pk))
        assert answer.content.startswith(b"%PDF")
        assert staff_client.get(at(PetitionFactory(), "sheet", page.pk), follow=True).status_code == 404


class TestImport:
    def upload(
        self, staff_client, petition, data=b"Navn;E-post;Dato\nOla;ola@example.org;2026-01-01\nPer;x;2026-01-01\n"
    ):
        file = SimpleUploadedFile("old.csv", data, content_type="text/csv")
        return staff_client.post(at(petition, "imports"), {"file": file, "purpose": "old site"}, follow=True)

    MAPPED = {"column-0": "name", "column-1": "email", "column-2": "signed_at", "language": "nb"}

    def test_a_file_is_looked_at_tried_and_brought_in(self, staff_client, petition):
        body = text(self.upload(staff_client, petition))
        assert "Hva kolonnene betyr" in body
        task = SignatureImport.objects.get()
        address = at(petition, "import", task.pk)
        body = text(staff_client.post(address, self.MAPPED | {"try": ""}, follow=True))
        assert "1 ny signatur" in body
        assert "Ingen e-postadresse" in body
        assert counting.total(petition) == 3
        body = text(staff_client.post(address, self.MAPPED | {"do": ""}, follow=True))
        assert counting.total(petition) == 4
        assert SignatureImport.objects.get().file is None
        assert staff_client.get(at(petition, "imports")).status_code == 200

    WRONG = [
        ({"column-1": ""}, "hvilken kolonne som har e-postadressen"),
        ({"column-0": ""}, "hvilken kolonne som har navnet"),
        ({"column-2": ""}, "tidspunktet"),
        ({"column-0": "email"}, "samme betydning"),
        ({"column-0": "nonsense"}, "gyldig"),
    ]

    @pytest.mark.parametrize(("wrong", "sentence"), WRONG)
    def test_columns_that_make_no_sense_get_a_sentence(self, staff_client, petition, wrong, sentence):
        self.upload(staff_client, petition)
        address = at(petition, "import", SignatureImport.objects.get().pk)
        assert sentence in text(staff_client.post(address, self.MAPPED | wrong | {"do": ""}))
        assert counting.total(petition) == 3

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [(b"PK\x03\x04xx", "Dette er ingen CSV-fil"), (b"one\n", "Første linje må"), (b"  ", "tom")],
    )
    def test_a_wrong_file_gets_a_sentence(self, staff_client, petition, data, sentence):
        assert sentence in text(self.upload(staff_client, petition, data))
        assert not SignatureImport.objects.exists()

    def test_a_file_can_be_deleted_instead(self, staff_client, petition):
        self.upload(staff_client, petition)
        task = SignatureImport.objects.get()
        staff_client.post(at(petition, "import_forget", task.pk))
        assert SignatureImport.objects.get().file is None
        assert "ikke lenger her" in text(staff_client.get(at(petition, "import", task.pk)))


class TestDeliveries:
    @pytest.fixture
    def data(self, petition):
        return {
            "recipients": [link.recipient_id for link in petition.addressees.all()],
            "delivered_on": timezone.localdate().isoformat(),
            "place": "ambassaden",
            "language": "nb",
            "columns": ["name"],
            "format": "csv",
        }

    def test_it_is_looked_at_first_then_frozen_then_taken(self, staff_client, petition, data):
        body = text(staff_client.post(at(petition, "deliveries"), data | {"look": ""}))
        assert "3 signaturer ville bli overlevert" in body
        assert not Delivery.objects.exists()
        staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
        delivery = Delivery.objects.get()
        assert (delivery.signatures, delivery.place) == (3, "ambassaden")
        assert delivery.words["nb"]["title"] == "Fengslet uten dom"
        found = DeliveryPackage.objects.get()
        assert found.progress == "done"
        body = text(staff_client.get(at(petition, "deliveries")))
        assert delivery.fingerprint in body
        answer = staff_client.post(at(petition, "package_file", found.pk))
        assert b"".join(answer.streaming_content).startswith(b"PK")

    def test_two_people_at_two_wizards(self, staff_client, petition, data):
        """The second gets a sentence, and there is one delivery. Seen to fail without the refusal."""
        staff_client.post(at(petition, "deliveries"), data | {"look": ""})
        staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
        answer = staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
        assert "er overlevert allerede" in text(answer)
        assert Delivery.objects.count() == 1

    def test_another_package_of_the_same_set(self, staff_client, petition, data):
        staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
        delivery = Delivery.objects.get()
        packed = {"language": "nb", "columns": [], "format": "xlsx"}
        staff_client.post(at(petition, "pack_again", delivery.pk), packed)
        assert DeliveryPackage.objects.count() == 2
        answer = staff_client.post(at(petition, "pack_again", delivery.pk), {"language": "xx"}, follow=True)
        assert "Velg språk og format" in text(answer)

    def test_an_expired_package_says_so(self, staff_client, petition, data):
        staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
        found = DeliveryPackage.objects.get()
        found.file.delete()
        answer = staff_client.post(at(petition, "package_file", found.pk), follow=True)
        assert "utløpt" in text(answer)

    def test_the_page_tells_of_it_and_of_what_came_since(self, staff_client, client, petition, data):
        staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
        sign(petition=petition, person=person(50), language="nb")
        body = text(client.get(petition.action_pages.get().get_url()))
        assert "3 signaturer" in body
        assert "1 har skrevet under siden" in body
        assert petition.state(timezone.now(), delivered=True) is State.OPEN

    def test_a_form_without_a_page_cannot_be_handed_over(self, staff_client, locales):
        assert "har ingen side ennå" in text(staff_client.get(at(PetitionFactory(), "deliveries")))

    def test_hand_overs_begin_at_the_form(self, staff_client, locales):
        answer = staff_client.get(reverse("wagtailsnippets_actions_delivery:add"))
        assert answer.url == reverse("petition:index")


def test_the_tabs_lead_everywhere_and_each_says_where_one_is(staff_client, petition):
    for name in ("desk", "signatures", "review", "paper", "deliveries", "exports", "imports", "life", "hold"):
        body = text(staff_client.get(at(petition, name)))
        assert body.count('aria-current="page"') >= 1, name
        assert at(petition, "desk") in body, name

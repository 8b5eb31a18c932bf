"""What a translator can do, and that he cannot break anything: each way is tried by request."""

import json

import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction
from wagtail_localize.models import SegmentOverride, StringTranslation, Translation

from actions.pages.action import ActionPage
from actions.translating.sending import send
from tests.factories import PetitionFactory, RecipientFactory, action, image

from .steps import NOT_THERE, change, publish, put

pytestmark = pytest.mark.django_db


def test_translating_and_publishing(here, translated, committing, of):
    source, target = translated
    change(source, committing, title="Fengslet uten lov og dom")
    assert put(here, of(source), "Fengslet uten lov og dom", "Detained without law").status_code == 201
    with committing():
        body = publish(here, target).content.decode()
    target.refresh_from_db()
    assert (target.title, target.live) == ("Detained without law", True)
    assert "Not published" not in body


def test_nothing_half_goes_out(here, translated, committing, of):
    """Seen to fail without the hook: upstream publishes the new words of the source."""
    source, target = translated
    change(source, committing, title="Fengslet uten lov og dom", lead="Ny ingress.")
    with committing():
        body = publish(here, target).content.decode()
    target.refresh_from_db()
    assert target.title == "Detained without trial"
    assert "2 tekster" in body


@pytest.mark.parametrize("below", [False, True], ids=["the page", "the page above with all below"])
def test_a_draft_with_the_words_of_the_source_is_not_published_among_others(below, here, parents, committing, locales):
    """Seen to fail without the hook on many at once."""
    source = action(parents, PetitionFactory())
    send([source], [locales["en"]], None)
    target = source.get_translation(locales["en"])
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    chosen = target.get_parent() if below else target
    with committing():
        here.post(f"{bulk}?id={chosen.pk}", {"include_descendants": "on"} if below else {})
    target.refresh_from_db()
    assert not target.live


def test_what_a_machine_wrote_goes_out_when_somebody_has_read_it(here, translated, committing, of):
    source, target = translated
    change(source, committing, title="Fengslet uten lov")
    here.post(reverse("wagtail_localize:machine_translate", args=[of(source).pk]))
    assert StringTranslation.objects.get(data="lov uten Fengslet").translation_type == "machine"
    with committing():
        assert "maskin" in publish(here, target).content.decode()
    compare = reverse("translations:compare", args=[of(source).pk])
    body = here.get(compare).content.decode()
    segment = of(source).source.stringsegment_set.get(string__data="Fengslet uten lov")
    assert f'value="{segment.pk}"' in body
    here.post(compare, {"read": [segment.pk, "x", 999999]})
    with committing():
        publish(here, target)
    target.refresh_from_db()
    assert target.title == "lov uten Fengslet"


def test_no_picture_or_link_is_replaced(here, translated, committing, of):
    """Seen to fail without the middleware."""
    source, _target = translated
    change(source, committing, hero_image=image())
    segment = of(source).source.overridablesegment_set.get(context__path="hero_image")
    url = reverse("wagtail_localize:edit_override", args=[of(source).pk, segment.pk])
    assert here.put(url, {"value": 1}, content_type="application/json").status_code == 403
    assert not SegmentOverride.objects.exists()


def test_an_editor_may_replace_a_picture_in_one_language(client, translated, committing, of, member):
    source, target = translated
    first, other = image("a"), image("b")
    change(source, committing, hero_image=first)
    client.force_login(member("Publisher"))
    segment = of(source).source.overridablesegment_set.get(context__path="hero_image")
    url = reverse("wagtail_localize:edit_override", args=[of(source).pk, segment.pk])
    body = f'--x\r\nContent-Disposition: form-data; name="value"\r\n\r\n{other.pk}\r\n--x--\r\n'
    assert client.put(url, body.encode(), content_type="multipart/form-data; boundary=x").status_code == 201
    with committing():
        publish(client, target)
    target.refresh_from_db()
    assert (target.hero_image_id, ActionPage.objects.get(pk=source.pk).hero_image_id) == (other.pk, first.pk)
    segments = {s.context.path for s in of(source).source.overridablesegment_set.all()}
    assert not {"petition", "country", "is_model"} & segments


@pytest.mark.parametrize(
    "name", ["stop_translation", "convert_to_alias"], ids=["taking a page out of translation", "making it a mirror"]
)
def test_a_page_stays_a_translation(name, here, translated, of):
    """Seen to fail without the middleware: the page could then be edited whole, with its form."""
    source, target = translated
    args = [of(source).pk] if name == "stop_translation" else [target.pk]
    assert here.post(reverse(f"wagtail_localize:{name}", args=args)).status_code in (302, 403)
    assert of(source).enabled
    target.refresh_from_db()
    assert target.alias_of_id is None


def test_form_and_country_are_not_changed_by_a_post(here, translated):
    source, target = translated
    other = PetitionFactory()
    here.post(reverse("wagtailadmin_pages:edit", args=[target.pk]), {"petition": other.pk, "country": "", "title": "x"})
    here.post(reverse("wagtailadmin_pages:edit", args=[source.pk]), {"petition": other.pk, "title": "x"})
    for page in (source, target):
        page.refresh_from_db()
        assert page.petition_id == source.petition_id != other.pk
    assert target.title == "Detained without trial"


@pytest.mark.parametrize("screen", ["life", "hold", "edit", "paper", "deliveries", "exports", "signatures", "desk"])
def test_the_end_of_an_action_is_out_of_reach(screen, here, translated):
    source, _target = translated
    before = source.petition.ends_at
    url = reverse(f"petition:{screen}", args=[source.petition_id])
    for answer in (here.get(url), here.post(url, {"last_day": "2030-01-01"})):
        assert answer.status_code in (302, 403)
    source.petition.refresh_from_db()
    assert source.petition.ends_at == before


def test_nobody_is_shut_out_and_no_page_is_moved(here, translated):
    _source, target = translated
    target.refresh_from_db()
    here.post(reverse("wagtailadmin_pages:set_privacy", args=[target.pk]), {"restriction_type": "login"})
    assert not PageViewRestriction.objects.exists()
    answer = here.post(reverse("wagtailadmin_pages:set_page_position", args=[target.pk]), {"position": 0})
    assert answer.status_code in (302, 403)


def test_a_page_that_is_no_translation_is_not_edited(here, translated):
    """Written by hand in the other language, its form and country would be within reach."""
    _source, target = translated
    Translation.objects.all().delete()
    answer = here.get(reverse("wagtailadmin_pages:edit", args=[target.pk]))
    assert answer.status_code in (302, 403)


def test_records_are_translated_and_their_source_is_not_touched(here, locales, committing, staff, of):
    recipient = RecipientFactory()
    with committing():
        send([recipient], [locales["en"]], staff)
    copy = recipient.get_translation(locales["en"])
    edit = "wagtailsnippets_actions_recipient:edit"
    assert here.get(reverse(edit, args=[copy.pk])).status_code == 200
    assert here.post(reverse(edit, args=[recipient.pk]), {"office": "noe annet"}).status_code in (302, 403)
    recipient.refresh_from_db()
    assert recipient.office == "partisekretær i Xinjiang"
    assert put(here, of(recipient), "partisekretær i Xinjiang", "party secretary").status_code == 201
    with committing():
        here.post(reverse(edit, args=[copy.pk]), {"action": "publish"})
    copy.refresh_from_db()
    assert (copy.office, copy.lang) == ("party secretary", "en")


def test_a_text_that_is_too_long_is_told_and_harms_nothing(here, translated, committing, of):
    """Seen to fail with upstream's own view, which answers 500."""
    source, target = translated
    change(source, committing, title="Ny tittel")
    answer = put(here, of(source), "Ny tittel", "x" * 300)
    assert answer.status_code == 200
    assert "255" in json.loads(answer.content)["error"]
    with committing():
        publish(here, target)
    target.refresh_from_db()
    assert target.title == target.draft_title == "Detained without trial"
    assert put(here, of(source), "Ny tittel", "New title").status_code == 200
    assert not StringTranslation.objects.filter(has_error=True).exists()


def test_a_heading_that_is_too_long_for_its_block_is_told(here, translated, of):
    source, _target = translated
    assert "120" in json.loads(put(here, of(source), "Hva skjer", "x" * 121).content)["error"]


def test_a_text_of_another_page_is_not_reached_through_this_one(here, translated, of, site):
    source, _target = translated
    other = of(site.china)
    segment = other.source.stringsegment_set.get(string__data="Kina")
    url = reverse("wagtail_localize:edit_string_translation", args=[of(source).pk, segment.pk])
    assert here.put(url, b"value=x", content_type="application/x-www-form-urlencoded").status_code in NOT_THERE


@pytest.mark.parametrize("content", ["", "no file at all", 'msgid ""\nmsgstr ""\n'], ids=["empty", "words", "nothing"])
def test_a_broken_file_is_told(content, here, translated, of):
    from django.core.files.uploadedfile import SimpleUploadedFile

    source, _target = translated
    upload = SimpleUploadedFile("x.po", content.encode())
    for url in (
        reverse("wagtail_localize:upload_pofile", args=[of(source).pk]),
        reverse("translations:file", args=["page", source.pk, "en"]),
    ):
        answer = here.post(url, {"file": upload}, follow=True)
        assert answer.status_code == 200
        assert "PO-fil" in answer.content.decode() or "tom" in answer.content.decode()
        assert here.post(url, follow=True).status_code == 200

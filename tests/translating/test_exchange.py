"""One PO file for all of an action: out and in again without loss, and nothing harmful gets in."""

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail_localize.models import StringTranslation, Translation

from actions.delivery.deliver import deliver
from actions.pages.action import ActionPage
from actions.pages.everything import everything_of
from actions.pages.words import words_in_force
from actions.signing.sign import sign
from actions.translating import exchange
from actions.translating.exchange import BadFile
from actions.translating.following import texts_of
from actions.translating.sending import send
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, article, image, person, stream

pytestmark = pytest.mark.django_db


def every_block(site, locales, petition, recipient) -> list[tuple[str, dict]]:
    """A block of every kind an action page may hold, with every text filled in: the structure of a real action."""
    picture = {"image": image().pk, "alt_text": "Et gjerde", "decorative": False}
    delivery = deliver(
        petition=petition, recipients=[recipient], delivered_on=timezone.localdate(), words=words_in_force(petition)
    )
    prose = '<p>De <b>henter</b> folk. <a href="https://example.org/">Les mer</a>.</p>'
    facts = [
        {"text": "<p>Elleve millioner.</p>", "source": "FN", "source_url": "https://example.org/fn"},
        {"text": "<p>En rapport.</p>", "source": "", "source_url": ""},
    ]
    letter = {
        "heading": "Brevet",
        "summary": "Be dem slippe dem.",
        "recipient": recipient.pk,
        "language": "en",
        "address_lines": "",
        "salutation": "Your Excellency,",
        "text": "I write.",
        "closing": "Yours sincerely,",
    }
    film = {"title": "Film", "url": "https://www.youtube.com/watch?v=x", "file": None, "poster": picture}
    update = {"heading": "Underveis", "delivery": delivery.pk, "text": "<p>Takk.</p>", "image": picture}
    groups = [{"articles": [article(5, locales["nb"]).pk], "text": "<p>Tortur.</p>"}]
    return [
        ("section", {"heading": "Uten dom", "text": prose}),
        ("image", {"image": picture, "caption": "Bildetekst", "credit": "Tegnet for siden"}),
        ("quote", {"quote": "Vi vet ikke hvor hun er.", "who": "En datter", "role": "i eksil"}),
        ("demands", {"heading": "Vi krever", "demands": ["slipp dem fri", "si hvor de er"], "addressee": ""}),
        ("delivery_update", update | {"caption": "Esken"}),
        ("background", {"heading": "Bakgrunn", "facts": facts}),
        ("callout", {"heading": "Visste du?", "text": "<p>Erklæringen.</p>", "text_when_ended": "<p>Den gang.</p>"}),
        ("video", film | {"caption": "Filmen", "credit": "Et lag", "transcript": "<p>Det som sies.</p>"}),
        ("rights", {"heading": "Rettigheter", "lead": "Brytes:", "groups": groups}),
        ("country_facts", {"heading": "Om landet", "country": site.china.pk}),
        ("letter", letter),
        ("related_page", {"page": site.china.pk, "text": "Les om Kina."}),
        ("donate", {"heading": "Støtt", "text": "<p>Hver krone.</p>", "label": "Gi", "url": "https://example.org/gi"}),
    ]


@pytest.fixture
def everything(parents, locales, staff):
    """An action with recipient, articles and blocks, sent to English."""
    recipient = RecipientFactory()
    petition = addressed(PetitionFactory(), recipient)
    sign(petition=petition, person=person(), language="nb")
    blocks = every_block(parents, locales, petition, recipient)
    assert {name for name, _value in blocks} == set(ActionPage._meta.get_field("body").stream_block.child_blocks)
    page = action(
        parents,
        petition,
        body=stream(ActionPage, "body", blocks),
        thanks_text="<p>Takk, vi skriver.</p>",
        ended_text="<p>Det er over.</p>",
        outcome="<p>Hun er fri.</p>",
        lead_when_ended="De ble sluppet ut.",
        hero_alt="En port",
    )
    found = everything_of(page)
    send(found, [locales["en"]], staff)
    keys = [thing.translation_key for thing in found]
    return page, list(Translation.objects.filter(source__object_id__in=keys).order_by("pk"))


def uploaded(text: str | bytes, name: str = "x.po") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def test_what_goes_out_comes_in_without_loss(everything, staff):
    _page, translations = everything
    po = exchange.read(uploaded(str(exchange.to_po(translations, "en"))))
    for entry in po:
        entry.msgstr = entry.msgstr or f"en: {entry.msgid}"
    result = exchange.take_in(po, translations, staff)
    texts = {tuple(text[:2]) for row in translations for text in texts_of(row)}
    assert result.changed + result.same == len(po)
    assert (result.unknown, result.wrong, result.fuzzy, result.empty) == (0, 0, 0, 0)
    again = exchange.to_po(translations, "en")
    assert [(e.msgctxt, e.msgid, e.msgstr) for e in again] == [(e.msgctxt, e.msgid, e.msgstr) for e in po]
    assert all(translated for row in translations for _path, _source, translated in texts_of(row))
    words = {text for _path, text in texts}
    for expected in (
        *("slipp dem fri", "Elleve millioner.", "Den gang.", "En datter", "partisekretær i Xinjiang", "Et gjerde"),
        *("Esken", "Det som sies.", "Be dem slippe dem.", "Les om Kina.", "Gi", "Hun er fri.", "En port", "FN"),
    ):
        assert expected in words, expected
    assert "I write." not in words, "a letter is in one language"


def test_the_translated_page_has_the_structure_of_the_source(everything, staff, committing):
    page, translations = everything
    po = exchange.to_po(translations, "en")
    for entry in po:
        entry.msgstr = entry.msgstr or f"en: {entry.msgid}"
    exchange.take_in(po, translations, staff)
    with committing():
        for row in translations:
            row.save_target(user=staff)
    target = page.get_translation(translations[0].target_locale)

    def shape(raw):
        if isinstance(raw, dict):
            return {k: shape(v) for k, v in raw.items()}
        if isinstance(raw, list):
            return [shape(part) for part in raw]
        return type(raw)

    assert shape(target.body.get_prep_value()) == shape(page.body.get_prep_value())
    texts = str(target.body.get_prep_value())
    assert "en: slipp dem fri" in texts
    assert 'href="https://example.org/"' in texts
    assert "Uten dom" not in texts.replace("en: Uten dom", "")


@pytest.mark.parametrize(
    ("upload", "reason"),
    [
        (None, "empty"),
        (uploaded(""), "empty"),
        (uploaded("just words, no file"), "format"),
        (uploaded(b"\xff\xfe\x00broken"), "format"),
        (uploaded("/etc/hostname"), "format"),
    ],
    ids=["none", "empty", "words", "bytes", "a name"],
)
def test_what_is_no_po_file_is_refused(upload, reason):
    with pytest.raises(BadFile) as caught:
        exchange.read(upload)
    assert caught.value.reason == reason


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(exchange, "LARGEST", 10)
    with pytest.raises(BadFile, match="large"):
        exchange.read(uploaded('msgid ""\nmsgstr ""\n'))


def entry(translation, path, text, words, **more):
    return polib.POEntry(msgctxt=f"{translation.uuid}:{path}", msgid=text, msgstr=words, **more)


def test_fuzzy_unknown_and_too_long_texts_are_counted_and_left_out(everything, staff, of):
    page, translations = everything
    title = of(page)
    po = polib.POFile()
    po.append(entry(title, "title", "Fengslet uten dom", "x" * 256))
    po.append(entry(title, "lead", "Krev at leirene stenges.", "Demand it.", flags=["fuzzy"]))
    po.append(entry(title, "lead", "En annen ingress", "Another"))
    po.append(polib.POEntry(msgctxt="nobody:title", msgid="x", msgstr="y"))
    po.append(polib.POEntry(msgid="without a place", msgstr="y"))
    result = exchange.take_in(po, translations, staff)
    assert (result.wrong, result.fuzzy, result.unknown, result.changed) == (1, 1, 3, 0)


def test_harmful_markup_is_stored_as_an_error_and_not_shown(everything, staff, of):
    page, translations = everything
    po = polib.POFile()
    path, text = next((path, text) for path, text, _t in texts_of(of(page)) if text.startswith("De <b>"))
    po.append(entry(of(page), path, text, "<script>alert(1)</script>"))
    assert exchange.take_in(po, translations, staff).wrong == 1
    assert StringTranslation.objects.get(data__contains="script").has_error


def test_the_file_of_one_page_alone_is_taken_too(everything, staff, of):
    page, _translations = everything
    po = of(page).export_po()
    for each in po:
        each.msgstr = each.msgstr or "translated"
    assert exchange.take_in(po, [of(page)], staff).changed == len(po)

"""One PO file for all of an action: out and in again without loss, and nothing harmful gets in."""

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail_localize.models import StringTranslation, Translation

from actions.pages.action import ActionPage
from actions.pages.everything import everything_of
from actions.translating import exchange
from actions.translating.exchange import BadFile
from actions.translating.following import texts_of
from actions.translating.sending import send
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, article, stream

pytestmark = pytest.mark.django_db

# Every kind of block of a real action page.
BODY = [
    (
        "section",
        {"heading": "Uten dom", "text": '<p>De <b>henter</b> folk. <a href="https://example.org/">Les mer</a>.</p>'},
    ),
    ("quote", {"quote": "Vi vet ikke hvor hun er.", "who": "En datter", "role": "i eksil"}),
    ("demands", {"heading": "Vi krever", "demands": ["slipp dem fri", "si hvor de er"], "addressee": ""}),
    (
        "background",
        {"heading": "Bakgrunn", "facts": [{"text": "<p>Elleve millioner.</p>", "source": "FN", "source_url": ""}]},
    ),
    ("callout", {"heading": "Visste du?", "text": "<p>Erklæringen.</p>", "text_when_ended": "<p>Den gang.</p>"}),
]


@pytest.fixture
def everything(parents, locales, staff):
    """An action with recipient, articles and blocks, sent to English."""
    recipient = RecipientFactory()
    rights = {
        "heading": "Rettigheter",
        "lead": "",
        "groups": [{"articles": [article(5, locales["nb"]).pk], "text": ""}],
    }
    body = stream(ActionPage, "body", [*BODY, ("rights", rights)])
    page = action(parents, addressed(PetitionFactory(), recipient), body=body)
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
    for expected in ("slipp dem fri", "Elleve millioner.", "Den gang.", "En datter", "partisekretær i Xinjiang"):
        assert expected in words


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

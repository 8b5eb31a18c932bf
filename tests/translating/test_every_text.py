"""Walks all models and blocks: a text that visitors can read is translated, or it is said that it is shared.

A new text field or block fails here until somebody has decided.
"""

import pytest
from django.apps import apps
from django.db import models
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page, TranslatableMixin
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail_localize.fields import TranslatableField, get_translatable_fields
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

TEXT = (models.CharField, models.TextField, StreamField, models.JSONField)

# Text fields of models that are not translated, and why no visitor needs them to be. `None` stands for all of a model.
NOT_FOR_VISITORS = {
    "actions.TranslationStatus": "what translations were made from; staff",
    "actions.Petition": "its name is for staff; pages have titles",
    "actions.PetitionChange": "staff",
    "actions.Tally": "codes",
    "actions.Funnel": "codes",
    "actions.JobRun": "operation",
    "actions.AddressMail": "codes",
    "actions.OpeningReminder": "codes",
    "actions.AllowedNetwork": "staff",
    "actions.AllowedRecipient": "staff",
    "actions.FormerName": "staff",
    "actions.Signature": "codes",
    "actions.OutboxMail": "codes",
    "actions.MemberNotice": "operation",
    "actions.MemberSystem": "operation",
    "actions.MemberDelivery": "operation",
    "actions.AuditRecord": "staff",
    "actions.SignerRequest": "codes",
    "actions.Hold": "staff",
    "actions.ReviewRule": "staff",
    "actions.RightsCase": "staff",
    "actions.Incident": "staff, who write to those affected in each language",
    "actions.ReviewRuleItem": "staff",
    "actions.Alarm": "staff",
    "home.User": "staff",
    "home.ImagePeople": "staff",
    "home.LogInState": "operation",
    "actions.SourceTally": "codes",
    "actions.SealedFile": "staff",
    "actions.Export": "staff",
    "actions.SignatureImport": "staff",
    "actions.ConsentRecord": "codes",
    "actions.DeliveryPackage": "staff",
    "actions.ListedName": "codes",
    "actions.PaperBatch": "staff",
    "actions.Mailing": "its name is for staff; texts are in MailingText",
}
# Rows that are in one language each, and say in which.
ONE_ROW_FOR_EACH_LANGUAGE = {
    "actions.ConsentText": "a version for each wording in each language",
    "actions.MailingText": "a text for each language",
    "actions.HandOverNotice": "what was told, in the language it was told in",
}
# Not translated for another reason.
SHARED = {
    ("actions.PublicName", "first_name"): "what a person calls himself",
    ("actions.PublicName", "place"): "where a person says he lives",
    ("actions.Delivery", "place"): "a name of a place, shown to staff",
    ("actions.Delivery", "fingerprint"): "a digest",
    ("actions.ListedAddress", "list"): "which list",
    ("actions.ListedAddress", "host"): "a name of a host",
    ("actions.ListedAddress", "reason"): "written by staff for staff",
    ("actions.Delivery", "words"): "titles and demands in every language, by code",
    ("home.CustomDocument", "title"): "a name for staff; the words of a link are the page's",
    ("home.CustomDocument", "file_hash"): "a digest",
    ("home.CustomDocument", "download_name"): "a name of a file",
    ("home.CustomImage", "file_hash"): "a digest",
    ("home.CustomRendition", "filter_spec"): "how a size is made",
    ("home.CustomRendition", "focal_point_key"): "where it was cropped",
    ("home.WantedRendition", "filter_spec"): "how a size is made",
    ("home.CustomImage", "title"): "a name for staff; what a picture shows is said on the page",
    ("home.CustomImage", "description"): "what a picture shows, before an editor says it in the page's language",
    ("home.CustomImage", "credit"): "who made it",
    ("home.CustomImage", "licence"): "a name of a licence",
}
# Fields Wagtail's pages bring along that are made from others, or are no text.
MADE = {"path", "draft_title", "url_path", "written_in"}


def own_models():
    for app in ("actions", "home"):
        yield from apps.get_app_config(app).get_models()


def texts(model):
    return [f for f in model._meta.get_fields() if isinstance(f, TEXT) and not getattr(f, "primary_key", False)]


def translated_models():
    return [model for model in own_models() if issubclass(model, TranslatableMixin)]


@pytest.mark.parametrize("model", translated_models(), ids=lambda model: model.__name__)
def test_every_text_of_a_translated_model_is_translated_or_declared_shared(model):
    """Seen to fail with the donation address of the organisation left undeclared."""
    declared = {field.field_name: field for field in get_translatable_fields(model)}
    said = {field.field_name for field in model.override_translatable_fields}
    for field in texts(model):
        if field.name not in MADE:
            is_translated = isinstance(declared.get(field.name), TranslatableField)
            assert is_translated or field.name in said, f"{model.__name__}.{field.name}"


def test_texts_of_other_models_are_for_staff_or_say_their_language():
    for model in own_models():
        if issubclass(model, TranslatableMixin):
            continue
        for field in texts(model):
            known = model._meta.label in NOT_FOR_VISITORS or model._meta.label in ONE_ROW_FOR_EACH_LANGUAGE
            assert known or (model._meta.label, field.name) in SHARED, f"{model._meta.label}.{field.name}"
    for label in ONE_ROW_FOR_EACH_LANGUAGE:
        assert apps.get_model(label)._meta.get_field("language")


# Leaves without words: wagtail-localize copies them, or takes what they choose in the other language.
WITHOUT_WORDS = (
    blocks.URLBlock,
    blocks.EmailBlock,
    blocks.ChoiceBlock,
    blocks.BooleanBlock,
    blocks.DateBlock,
    blocks.IntegerBlock,
    blocks.PageChooserBlock,
    SnippetChooserBlock,
    DocumentChooserBlock,
)


class Filler:
    """Makes a value for a block in which every text can be told from the others."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def word(self, where: str) -> str:
        self.words.append(f"word {len(self.words)} {where}")
        return self.words[-1]

    def value(self, block, where: str = "", shared: bool = False):
        if isinstance(block, ImageBlock):
            return {"image": None, "alt_text": "", "decorative": False}
        if isinstance(block, blocks.StructBlock):
            own = getattr(block, "in_one_language", ())
            return {
                name: self.value(child, f"{where} {name}", shared or name in own)
                for name, child in block.child_blocks.items()
            }
        if isinstance(block, blocks.ListBlock):
            return [{"type": "item", "value": self.value(block.child_block, where), "id": f"id{len(self.words)}"}]
        if isinstance(block, blocks.StreamBlock):
            return [
                {"type": name, "value": self.value(child, f"{where} {name}"), "id": f"{name}-{len(self.words)}"}
                for name, child in block.child_blocks.items()
            ]
        if isinstance(block, blocks.RichTextBlock):
            return f"<p>{self.word(where)}</p>"
        if isinstance(block, blocks.CharBlock | blocks.TextBlock) and not isinstance(block, blocks.URLBlock):
            return "shared" if shared else self.word(where)
        if isinstance(block, blocks.ChoiceBlock):
            return next(value for value, _label in block.field.choices if value)
        assert isinstance(block, WITHOUT_WORDS), f"{where}: how is {type(block).__name__} translated?"
        return None


STREAMS = [(model, f.name) for model in translated_models() for f in texts(model) if isinstance(f, StreamField)]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "name"), STREAMS, ids=lambda part: getattr(part, "__name__", part))
def test_every_text_of_every_block_is_translated(model, name):
    """Seen to fail with the quote's `role` made a block of raw HTML, and with a letter's summary left out."""
    filler = Filler()
    block = model._meta.get_field(name).stream_block
    raw = filler.value(block)
    empty = {field.name: "" for field in texts(model) if field.has_db_default()}
    instance = model(**empty | {name: block.to_python(raw)})
    found = {segment.string.data for segment in extract_segments(instance) if isinstance(segment, StringSegmentValue)}
    assert filler.words
    assert not [word for word in filler.words if word not in found]
    assert "shared" not in found


@pytest.mark.django_db
def test_the_picture_of_a_block_has_an_alternative_text_in_each_language(site):
    from actions.pages.action import ActionPage
    from tests.factories import image

    raw = {"image": {"image": image().pk, "alt_text": "Et gjerde", "decorative": False}, "caption": "", "credit": ""}
    block = ActionPage._meta.get_field("body").stream_block
    page = ActionPage(body=block.to_python([{"type": "image", "value": raw, "id": "x"}]))
    paths = {s.path: s for s in extract_segments(page)}
    assert paths["body.x.image.alt_text"].string.data == "Et gjerde"
    assert "body.x.image.image" in paths, "an editor may choose another picture for a language"


@pytest.mark.parametrize("model", [m for m in translated_models() if issubclass(m, Page)], ids=lambda m: m.__name__)
def test_addresses_and_share_texts_are_translated(model):
    declared = {field.field_name: field for field in get_translatable_fields(model)}
    for name in ("title", "slug", "seo_title", "search_description", "share_title", "share_text"):
        assert isinstance(declared[name], TranslatableField), name

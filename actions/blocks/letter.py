from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail_localize.segments.extract import StreamFieldSegmentExtractor

from actions.rules.languages import direction

from .groups import CASE

# The languages letters are written in; each in its own name, as on an envelope.
LANGUAGES = [
    ("en", "English"),
    ("nb", "Norsk bokmål"),
    ("nn", "Norsk nynorsk"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt", "Português"),
    ("ru", "Русский"),
    ("uk", "Українська"),
    ("tr", "Türkçe"),
    ("ar", "العربية"),
    ("fa", "فارسی"),
    ("zh-hans", "简体中文"),
]


class LetterValue(blocks.StructValue):
    @property
    def dir(self) -> str:
        return direction(self["language"])

    @property
    def address(self) -> list[str]:
        """The address block: as written for this letter, or else the recipient's."""
        if self["address_lines"]:
            return self["address_lines"].splitlines()
        return self["recipient"].address_lines if self["recipient"] else []

    @property
    def greeting(self) -> str:
        return self["salutation"] or (self["recipient"].salutation if self["recipient"] else "")

    @property
    def paragraphs(self) -> list[str]:
        return [p.strip() for p in self["text"].split("\n\n") if p.strip()]

    @property
    def plain(self) -> str:
        """The letter as text, ready to paste."""
        parts = ["\n".join(self.address), self.greeting, *self.paragraphs, self["closing"]]
        return "\n\n".join(part for part in parts if part)


class LetterBlock(blocks.StructBlock):
    """A letter is one text in one language, on the page in every language: only what is said about it is translated."""

    in_one_language = ("address_lines", "salutation", "text", "closing")

    heading = blocks.CharBlock(label=_("Heading"), max_length=120, default=_("The letter"))
    summary = blocks.TextBlock(
        label=_("Summary"),
        rows=2,
        required=False,
        help_text=_("One line in the page's language about what the letter says, when the letter is in another."),
    )
    recipient = SnippetChooserBlock("actions.Recipient", label=_("Recipient"))
    language = blocks.ChoiceBlock(label=_("Language of the letter"), choices=LANGUAGES, default="en")
    address_lines = blocks.TextBlock(
        label=_("Address"), rows=4, required=False, help_text=_("Empty: the address of the recipient.")
    )
    salutation = blocks.CharBlock(
        label=_("Salutation"), max_length=120, required=False, help_text=_("Empty: the recipient's own.")
    )
    text = blocks.TextBlock(label=_("Letter"), rows=12, help_text=_("An empty line begins a new paragraph."))
    closing = blocks.CharBlock(label=_("Closing"), max_length=120, default="Yours sincerely,")

    def get_translatable_segments(self, value) -> list:
        """What wagtail-localize translates. It puts the texts back by itself."""
        extractor = StreamFieldSegmentExtractor(None, include_overridables=True)
        found = extractor.handle_struct_block(value)
        return [segment for segment in found if segment.path.split(".")[0] not in self.in_one_language]

    class Meta:
        label = _("Appeal letter")
        icon = "mail"
        group = CASE
        description = _("A letter to copy, print or save, in its own language. It stays after the end.")
        template = "actions/blocks/letter.html"
        value_class = LetterValue
        preview_value = {
            "heading": _("The letter"),
            "language": "en",
            "address_lines": "The Minister of Justice\nMain Street 1",
            "salutation": "Your Excellency,",
            "text": "I am writing about people who are held without charge.\n\nI ask you to release them.",
            "closing": "Yours sincerely,",
        }

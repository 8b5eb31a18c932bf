from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .groups import RESULT, SENTENCES


class DonateBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=SENTENCES, required=False)
    label = blocks.CharBlock(label=_("Text of the button"), max_length=60)
    url = blocks.URLBlock(
        label=_("Address"), required=False, help_text=_("Empty: the donation address of the organisation.")
    )

    class Meta:
        label = _("Donate call")
        icon = "plus-inverse"
        group = RESULT
        description = _("A call to support the work, with its own button.")
        template = "actions/blocks/donate.html"
        preview_value = {
            "heading": _("Support the work"),
            "text": "<p>Every contribution helps us go on.</p>",
            "label": _("Support the work"),
            "url": "https://example.org/",
        }

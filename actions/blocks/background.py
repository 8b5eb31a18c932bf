from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .groups import CASE, SENTENCES


class FactBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(label=_("Fact"), features=SENTENCES)
    source = blocks.CharBlock(label=_("Source"), max_length=160, required=False)
    source_url = blocks.URLBlock(label=_("Address of the source"), required=False)

    class Meta:
        icon = "list-ul"


class BackgroundBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, default=_("Background"))
    facts = blocks.ListBlock(FactBlock(label=_("Fact")), label=_("Facts"), min_num=1)

    class Meta:
        label = _("Background facts")
        icon = "list-ul"
        group = CASE
        description = _("A list of facts, each with its source where there is one.")
        template = "actions/blocks/background.html"
        preview_value = {
            "heading": _("Background"),
            "facts": [
                {
                    "text": "<p>The declaration has 30 articles.</p>",
                    "source": "United Nations",
                    "source_url": "https://www.un.org/en/about-us/universal-declaration-of-human-rights",
                }
            ],
        }

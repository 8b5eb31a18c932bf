from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .groups import PROSE, STORY


class SectionBlock(blocks.StructBlock):
    heading = blocks.CharBlock(
        label=_("Heading"),
        max_length=120,
        required=False,
        help_text=_("Leave empty to go on without a heading."),
    )
    text = blocks.RichTextBlock(label=_("Text"), features=PROSE)

    class Meta:
        label = _("Section")
        icon = "pilcrow"
        group = STORY
        description = _("A heading and running text, with links and lists.")
        template = "actions/blocks/section.html"
        preview_value = {
            "heading": _("Taken without a word"),
            "text": "<p>"
            + "People are taken from their homes at night. Their families are not told where they are.</p>",
        }

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .groups import SENTENCES, STORY


class CalloutBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=SENTENCES)
    text_when_ended = blocks.RichTextBlock(
        label=_("Text when the action has ended"),
        features=SENTENCES,
        required=False,
        help_text=_("Stands there instead when the action has ended. Empty: the text above."),
    )

    class Meta:
        label = _("Call-out")
        icon = "warning"
        group = STORY
        description = _("A few lines that stand out from the text.")
        template = "actions/blocks/callout.html"
        preview_value = {
            "heading": _("Did you know?"),
            "text": "<p>The Universal Declaration was adopted on 10 December 1948.</p>",
        }

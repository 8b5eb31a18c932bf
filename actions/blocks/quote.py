from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .groups import STORY


class QuoteBlock(blocks.StructBlock):
    quote = blocks.TextBlock(
        label=_("Quote"), help_text=_("Without quotation marks; they are set in the page's language.")
    )
    who = blocks.CharBlock(label=_("Who says it"), max_length=120, required=False)
    role = blocks.CharBlock(label=_("Role or relation"), max_length=160, required=False)

    class Meta:
        label = _("Quote or testimony")
        icon = "openquote"
        group = STORY
        description = _("Somebody's own words, with who said them.")
        template = "actions/blocks/quote.html"
        preview_value = {
            "quote": _("No one shall be subjected to arbitrary arrest, detention or exile."),
            "who": _("Universal Declaration of Human Rights"),
            "role": _("Article 9"),
        }

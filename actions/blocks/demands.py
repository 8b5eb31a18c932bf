from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .groups import CASE


class DemandsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(
        label=_("Heading"),
        max_length=120,
        help_text=_("Who demands of whom, such as “We demand that China:”"),
    )
    demands = blocks.ListBlock(
        blocks.TextBlock(label=_("Demand"), rows=2),
        label=_("Demands"),
        min_num=1,
        help_text=_("Each a full clause that can stand alone in the letter and in the hand-over."),
    )

    class Meta:
        label = _("Demands")
        icon = "tasks"
        group = CASE
        description = _("What is demanded, point by point. Used again in letter, email and hand-over.")
        template = "actions/blocks/demands.html"
        preview_value = {
            "heading": _("We demand that the authorities:"),
            "demands": [
                _("tell the families where their relatives are"),
                _("release everybody who is held without charge"),
            ],
        }

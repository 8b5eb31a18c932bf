from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .groups import CASE, SENTENCES


class TopicBlock(blocks.StructBlock):
    """One topic of facts about a country, as kept on the country page."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120, help_text=_("Such as “China and covid-19”."))
    facts = blocks.ListBlock(blocks.RichTextBlock(features=SENTENCES, label=_("Fact")), label=_("Facts"), min_num=1)
    checked_on = blocks.DateBlock(label=_("Checked on"), help_text=_("The day somebody last made sure this is true."))

    class Meta:
        label = _("Topic")
        icon = "list-ul"
        group = CASE
        description = _("Facts about the country under one heading, with the day they were checked.")
        template = "actions/blocks/topic.html"
        preview_value = {
            "heading": _("Freedom of expression"),
            "facts": ["<p>Everyone has the right to freedom of opinion and expression.</p>"],
            "checked_on": "2026-11-01",
        }

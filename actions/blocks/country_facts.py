from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .groups import CASE
from .samples import first, sample


class CountryFactsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(
        label=_("Heading"),
        max_length=120,
        required=False,
        help_text=_("Empty: “About” and the name of the country."),
    )
    country = blocks.PageChooserBlock(
        label=_("Country"),
        page_type="actions.CountryPage",
        required=False,
        help_text=_("Empty: the country of the action. The facts are written once, on the country page."),
    )

    class Meta:
        label = _("Country facts")
        icon = "globe"
        group = CASE
        description = _("The facts of the country page, the same on every action about that country.")
        template = "actions/blocks/country_facts.html"

    def get_preview_value(self):
        return sample(self, country=first("CountryPage", "title"))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        context["country"] = self._localized(value["country"], context) or context.get("country")
        return context

    @staticmethod
    def _localized(country, context):
        """The chosen country in the page's language; the action's own is at hand already."""
        own = context.get("country")
        if country and own and country.translation_key == own.translation_key:
            return own
        return country and country.localized

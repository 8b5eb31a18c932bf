from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from .groups import CASE, SENTENCES
from .samples import first, sample


class RightsGroupBlock(blocks.StructBlock):
    articles = blocks.ListBlock(
        SnippetChooserBlock("actions.RightsArticle", label=_("Article")), label=_("Articles"), min_num=1
    )
    text = blocks.RichTextBlock(
        label=_("How they are violated"),
        features=SENTENCES,
        required=False,
        help_text=_("A sentence about these articles together. Empty: the articles' own summaries."),
    )

    class Meta:
        icon = "clipboard-list"


class RightsArticleBlock(blocks.StructBlock):
    """Names the articles of human-rights instruments that are violated, and says how."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120, default=_("Human rights"))
    lead = blocks.CharBlock(
        label=_("Lead sentence"), max_length=250, required=False, default=_("These human rights are violated:")
    )
    groups = blocks.ListBlock(RightsGroupBlock(label=_("Articles")), label=_("Rights"), min_num=1)

    class Meta:
        label = _("Rights")
        icon = "clipboard-list"
        group = CASE
        description = _("Which articles are violated, one or several to a sentence, with links to the official text.")
        template = "actions/blocks/rights.html"

    def get_preview_value(self):
        group = sample(
            self.child_blocks["groups"].child_block, articles=[first("RightsArticle", "locale_id", "number")]
        )
        return sample(self, heading=_("Human rights"), lead=_("These human rights are violated:"), groups=[group])

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.models import Page

from .groups import STORY
from .samples import sample


class RelatedPageBlock(blocks.StructBlock):
    page = blocks.PageChooserBlock(label=_("Page"))
    text = blocks.CharBlock(
        label=_("Text"),
        max_length=200,
        required=False,
        help_text=_("Why to read it. The title is taken from the page."),
    )

    class Meta:
        label = _("Related page or story")
        icon = "link"
        group = STORY
        description = _("A card that leads to a story, an action or another page.")
        template = "actions/blocks/related_page.html"

    def get_preview_value(self):
        page = Page.objects.live().filter(depth__gt=2).first()
        return sample(self, text=_("Read the whole story."), page=page)

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from .groups import STORY
from .samples import latest_image, sample


class CaptionedImageBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Image"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=250, required=False)
    credit = blocks.CharBlock(
        label=_("Credit"),
        max_length=120,
        required=False,
        help_text=_("Who made the picture, and its licence."),
    )

    class Meta:
        label = _("Image")
        icon = "image"
        group = STORY
        description = _("A picture with caption and credit.")
        template = "actions/blocks/image.html"

    def get_preview_value(self):
        return sample(self, caption=_("What the picture shows"), image=latest_image())

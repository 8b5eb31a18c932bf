from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from .groups import RESULT, SENTENCES
from .samples import first, sample


class DeliveryUpdateBlock(blocks.StructBlock):
    """An update on a hand-over. Count, date and recipients come from the delivery and are never typed."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    delivery = SnippetChooserBlock("actions.Delivery", label=_("Delivery"))
    text = blocks.RichTextBlock(label=_("Text"), features=SENTENCES, required=False)
    image = ImageBlock(label=_("Image"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), max_length=250, required=False)

    class Meta:
        label = _("Delivery update")
        icon = "upload"
        group = RESULT
        description = _("How many signatures were handed over, when and to whom, from the delivery itself.")
        template = "actions/blocks/delivery_update.html"

    def get_preview_value(self):
        return sample(self, heading=_("Signatures on their way"), delivery=first("Delivery", "-id"))

    def get_context(self, value, parent_context=None):
        """The delivery as the page tells of it, in its language; alone (in a preview) as it is recorded."""
        context = super().get_context(value, parent_context)
        record = value["delivery"]
        told = [d for d in context.get("deliveries", ()) if record and d.pk == record.pk]
        context["delivery"] = (
            told[0]
            if told
            else record
            and {
                "number": record.number,
                "delivered_on": record.delivered_on,
                "recipients": list(record.recipients.all()),
            }
        )
        return context

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .groups import SENTENCES


class MailParagraphBlock(blocks.StructBlock):
    """A part of a mail to signers: running text, with a heading where there is one."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=[*SENTENCES, "ul", "ol"])

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        description = _("A heading and running text, with links and lists.")
        template = "actions/mail/mail_paragraph.html"
        preview_value = {
            "heading": _("Your signature is handed over"),
            "text": "<p>Yesterday we handed over the signatures.</p>",
        }


class MailButtonBlock(blocks.StructBlock):
    """A link that looks like a button, to a page of the site or another address."""

    label = blocks.CharBlock(label=_("Text of the button"), max_length=60)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    url = blocks.URLBlock(label=_("Address"), required=False, help_text=_("If no page is chosen."))

    def clean(self, value):
        cleaned = super().clean(value)
        if not cleaned["page"] and not cleaned["url"]:
            raise blocks.StructBlockValidationError(
                {"page": ValidationError(_("Choose a page, or write an address below."))}
            )
        return cleaned

    class Meta:
        label = _("Button")
        icon = "link"
        description = _("A link that stands out.")
        template = "actions/mail/mail_button.html"
        preview_value = {"label": _("Read more"), "url": "https://example.org/"}

"""The groups blocks are sorted into in the chooser, and the rich text they share."""

from django.utils.translation import gettext_lazy as _

STORY = _("Story")
CASE = _("The case")
RESULT = _("Result and next step")

PROSE = ["bold", "italic", "link", "document-link", "ul", "ol"]
SENTENCES = ["bold", "italic", "link", "document-link"]

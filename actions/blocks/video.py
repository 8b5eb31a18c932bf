import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from .groups import PROSE, STORY

# Players that can be asked not to follow the visitor, and how their addresses name a film.
PLAYERS = {
    "YouTube": (
        re.compile(r"(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:.*&)?v=|embed/|shorts/)|youtu\.be/)([\w-]{6,20})"),
        "https://www.youtube-nocookie.com/embed/{}?autoplay=1",
    ),
    "Vimeo": (
        re.compile(r"vimeo\.com/(?:video/)?(\d+)"),
        "https://player.vimeo.com/video/{}?dnt=1&autoplay=1",
    ),
}
HOSTS = re.compile(r"^(?:www\.|m\.|player\.)?(?:youtube\.com|youtube-nocookie\.com|youtu\.be|vimeo\.com)$")


def player(url: str) -> tuple[str, str] | None:
    """Name of the video host and address of its player, or None where the address is of no known host."""
    if not HOSTS.match((urlsplit(url).hostname or "").lower()):
        return None
    for name, (pattern, address) in PLAYERS.items():
        if found := pattern.search(url):
            return name, address.format(found[1])
    return None


class VideoValue(blocks.StructValue):
    @property
    def host(self) -> str:
        found = player(self["url"])
        return found[0] if found else ""

    @property
    def player(self) -> str:
        found = player(self["url"])
        return found[1] if found else ""


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=160, help_text=_("What the film is about."))
    url = blocks.URLBlock(
        label=_("Address at YouTube or Vimeo"),
        required=False,
        help_text=_("Nothing is asked from the video host before the visitor clicks."),
    )
    file = DocumentChooserBlock(label=_("Or own file"), required=False)
    poster = ImageBlock(label=_("Still picture"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), max_length=250, required=False)
    credit = blocks.CharBlock(label=_("Credit"), max_length=120, required=False)
    transcript = blocks.RichTextBlock(
        label=_("Transcript"),
        features=PROSE,
        required=False,
        help_text=_("What is said and shown, for those who cannot hear or see it."),
    )

    class Meta:
        label = _("Video")
        icon = "media"
        group = STORY
        description = _("A film that starts only after a click, with caption and transcript.")
        template = "actions/blocks/video.html"
        value_class = VideoValue
        preview_value = {
            "title": _("A film"),
            "url": "https://vimeo.com/76979871",
            "caption": _("What the film shows"),
        }

    def clean(self, value):
        cleaned = super().clean(value)
        if bool(cleaned["url"]) == bool(cleaned["file"]):
            message = _("Give either an address at YouTube or Vimeo, or a file of your own.")
            raise StructBlockValidationError({"url": ValidationError(message)})
        if cleaned["url"] and not player(cleaned["url"]):
            message = _(
                "This is not the address of a film at YouTube or Vimeo. "
                "Copy it from the browser's address bar, or upload the film as a file."
            )
            raise StructBlockValidationError({"url": ValidationError(message)})
        return cleaned

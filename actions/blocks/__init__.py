"""Floor 1: the vocabulary editors compose a page with. One block, one file, one template of the same name."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .background import BackgroundBlock
from .callout import CalloutBlock
from .country_facts import CountryFactsBlock
from .delivery_update import DeliveryUpdateBlock
from .demands import DemandsBlock
from .donate import DonateBlock
from .image import CaptionedImageBlock
from .letter import LetterBlock
from .mail import MailButtonBlock, MailParagraphBlock
from .quote import QuoteBlock
from .related_page import RelatedPageBlock
from .rights import RightsArticleBlock
from .section import SectionBlock
from .topic import TopicBlock
from .video import VideoBlock

__all__ = [
    "ActionBody",
    "BackgroundBlock",
    "CalloutBlock",
    "CaptionedImageBlock",
    "ContentBody",
    "CountryFactsBlock",
    "CountryTopics",
    "DeliveryUpdateBlock",
    "DemandsBlock",
    "DonateBlock",
    "LetterBlock",
    "MailBody",
    "MailButtonBlock",
    "MailParagraphBlock",
    "QuoteBlock",
    "RelatedPageBlock",
    "RightsArticleBlock",
    "SectionBlock",
    "TopicBlock",
    "VideoBlock",
]


class ContentBody(blocks.StreamBlock):
    """What any page may hold."""

    section = SectionBlock()
    image = CaptionedImageBlock()
    quote = QuoteBlock()
    callout = CalloutBlock()
    video = VideoBlock()
    related_page = RelatedPageBlock()
    donate = DonateBlock()


class ActionBody(ContentBody):
    """What an action page may hold besides."""

    demands = DemandsBlock()
    rights = RightsArticleBlock()
    background = BackgroundBlock()
    country_facts = CountryFactsBlock()
    letter = LetterBlock()
    delivery_update = DeliveryUpdateBlock()

    class Meta:
        block_counts = {"demands": {"max_num": 1}, "letter": {"max_num": 1}}


class CountryTopics(blocks.StreamBlock):
    """The facts of a country, by topic."""

    topic = TopicBlock(label=_("Topic"))


class MailBody(blocks.StreamBlock):
    """What a mail to signers may hold. No pictures: a mail that loads something tells who reads it."""

    paragraph = MailParagraphBlock()
    button = MailButtonBlock()

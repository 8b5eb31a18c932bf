"""The lobby: every model of the app, by name."""

from .delivery.models import DeliveredSignature, Delivery, DeliveryRecipient, PetitionRecipient, Recipient
from .pages.action import ActionPage
from .pages.action_index import ActionIndexPage
from .pages.country import CountryIndexPage, CountryPage
from .pages.rights import RightsArticle
from .signing.models import ConsentText, OutboxMail, Petition, PetitionChange, Signature, Signer, Tally

__all__ = [
    "ActionIndexPage",
    "ActionPage",
    "ConsentText",
    "CountryIndexPage",
    "CountryPage",
    "DeliveredSignature",
    "Delivery",
    "DeliveryRecipient",
    "OutboxMail",
    "Petition",
    "PetitionChange",
    "PetitionRecipient",
    "Recipient",
    "RightsArticle",
    "Signature",
    "Signer",
    "Tally",
]

"""The records of signing. Only `Signer` holds anything about a person, and it is sealed."""

from .consent import ConsentText
from .counting import CheckedCount, Funnel, Tally, TotalSlot
from .house import JobRun
from .limits import AllowedNetwork, SigningRules
from .mail import AddressMail, OutboxMail, SignerLink
from .petition import Petition, PetitionChange, PetitionSecret
from .privacy import AuditRecord, SignerRequest, Tombstone
from .review import Alarm, Hold, ReviewRule, ReviewRuleItem
from .signature import PublicName, Signature, Signer

__all__ = [
    "AddressMail",
    "Alarm",
    "AllowedNetwork",
    "AuditRecord",
    "CheckedCount",
    "ConsentText",
    "Funnel",
    "Hold",
    "JobRun",
    "OutboxMail",
    "Petition",
    "PetitionChange",
    "PetitionSecret",
    "PublicName",
    "ReviewRule",
    "ReviewRuleItem",
    "Signature",
    "Signer",
    "SignerLink",
    "SignerRequest",
    "SigningRules",
    "Tally",
    "Tombstone",
    "TotalSlot",
]

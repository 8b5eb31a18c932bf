"""The records of signing. Only `Signer` holds anything about a person, and it is sealed."""

from .cases import Incident, RightsCase
from .consent import Consent, ConsentRecord, ConsentText, ConsentWish
from .counting import TOTAL, CheckedCount, Funnel, PublicHour, PublicNumber, PublicTotal, Tally, TotalSlot
from .hand_over import HandOverNotice
from .house import JobRun
from .limits import AllowedNetwork, SigningRules
from .lists import ListedAddress
from .mail import AddressMail, CodeTry, LinkRequest, OutboxMail, SignerLink
from .members import MemberContact, MemberDelivery, MemberLink, MemberNotice, MemberSystem
from .petition import KeyCheck, MasterKey, Petition, PetitionChange, PetitionSecret, PetitionTag
from .privacy import AuditRecord, Restriction, SignerRequest, Tombstone, TouchedSigner, WaitingErasure, Withdrawal
from .reminder import OpeningReminder
from .review import Alarm, Hold, LookedUp, ReviewRule, ReviewRuleItem
from .signature import PublicName, Signature, Signer
from .source import SourceTally
from .work import Export, SealedChunk, SealedFile, SignatureImport, StaffWork

__all__ = [
    "TOTAL",
    "AddressMail",
    "Alarm",
    "AllowedNetwork",
    "AuditRecord",
    "CheckedCount",
    "CodeTry",
    "Consent",
    "ConsentRecord",
    "ConsentText",
    "ConsentWish",
    "Export",
    "Funnel",
    "HandOverNotice",
    "Hold",
    "Incident",
    "JobRun",
    "KeyCheck",
    "LinkRequest",
    "ListedAddress",
    "LookedUp",
    "MasterKey",
    "MemberContact",
    "MemberDelivery",
    "MemberLink",
    "MemberNotice",
    "MemberSystem",
    "OpeningReminder",
    "OutboxMail",
    "Petition",
    "PetitionChange",
    "PetitionSecret",
    "PetitionTag",
    "PublicHour",
    "PublicName",
    "PublicNumber",
    "PublicTotal",
    "Restriction",
    "ReviewRule",
    "ReviewRuleItem",
    "RightsCase",
    "SealedChunk",
    "SealedFile",
    "Signature",
    "SignatureImport",
    "Signer",
    "SignerLink",
    "SignerRequest",
    "SigningRules",
    "SourceTally",
    "StaffWork",
    "Tally",
    "Tombstone",
    "TotalSlot",
    "TouchedSigner",
    "WaitingErasure",
    "Withdrawal",
]

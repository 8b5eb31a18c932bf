"""Addresses and hosts that staff block, or let through where others would be held. No address can be read here."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ListedAddressQuerySet(models.QuerySet["ListedAddress"]):
    def in_force(self) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=Now()))


class ListedAddress(models.Model):
    """One mailbox, by a digest that no petition has, or every mailbox of a host and of the hosts below it.

    Looked at when somebody signs, by the database itself (`actions_listed`): what stands closest holds, an address
    before its host, a host before the one above it.
    """

    class List(models.TextChoices):
        BLOCK = "block", _("block: never counted unless staff say so")
        ALLOW = "allow", _("allow: not held for pace or network")

    list = models.CharField(_("list"), max_length=5, choices=List)
    digest = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    host = models.CharField(_("host"), max_length=253, blank=True)
    reason = models.CharField(
        _("why"), max_length=120, help_text=_("For the others. Do not write anybody's name or address here.")
    )
    until = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until somebody takes it off the list.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("since"), db_default=Now())

    objects = ListedAddressQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        default_permissions = ("change",)
        verbose_name = _("listed address or host")
        verbose_name_plural = _("listed addresses and hosts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(digest=None) & ~Q(host="")) | Q(digest__isnull=False, host=""),
                name="either_an_address_or_a_host",
            ),
            models.UniqueConstraint(fields=["host"], condition=~Q(host=""), name="one_list_for_a_host"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.list}"

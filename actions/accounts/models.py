"""Roles that wait for a second person, and what things were called that the audit trail still names."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ProposedRole(models.Model):
    """A role that opens signers' data, proposed by one person; another one confirms it. Without group: superuser."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("for whom"))
    group = models.ForeignKey(Group, models.CASCADE, null=True, related_name="+", verbose_name=_("role"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("proposed by")
    )
    asked_at = models.DateTimeField(_("proposed"), db_default=Now())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("proposed role")
        verbose_name_plural = _("proposed roles")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group"],
                condition=Q(decided_at=None),
                nulls_distinct=False,
                name="one_waiting_proposal_per_role",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class FormerName(models.Model):
    """What a user or a signature form was called that is deleted. Written by triggers of the database, whichever way it
    went; the audit trail has its id alone."""

    class Kind(models.TextChoices):
        USER = "user", _("user")
        FORM = "form", _("signature form")

    kind = models.CharField(max_length=10, choices=Kind)
    of = models.BigIntegerField()
    name = models.CharField(max_length=320)
    at = models.DateTimeField(db_default=Now())

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        constraints = [models.UniqueConstraint(fields=["kind", "of"], name="one_former_name")]

    def __str__(self) -> str:
        return str(self.pk)

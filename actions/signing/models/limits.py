"""What staff can set while the site runs: limits, pauses, and networks that many people share."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actions.rules.network import normal_network


class SigningRules(models.Model):
    """One row for the whole site."""

    paused = models.BooleanField(
        _("pause all signing"),
        default=False,
        help_text=_("No form of the site takes signatures while this is on. Pages say so."),
    )
    per_ten_minutes = models.PositiveIntegerField(
        _("from one network in ten minutes"),
        default=40,
        help_text=_("Signatures above this number are held, never lost. 0: no limit."),
    )
    per_hour = models.PositiveIntegerField(
        _("from one network in an hour"),
        default=50,
        help_text=_("Signatures above this number are held, never lost. 0: no limit."),
    )
    fastest_seconds = models.PositiveSmallIntegerField(
        _("fastest honest signature"),
        default=1,
        help_text=_(
            "Seconds from page to signature. Forms that a browser fills in take two or three. 0: not looked at."
        ),
    )
    mails_per_hour = models.PositiveIntegerField(
        _("mails in an hour"),
        default=200_000,
        help_text=_("When more would be sent, sending stops and an alarm is raised; nothing is lost. 0: no limit."),
    )

    class Meta:
        verbose_name = _("signing limits")
        verbose_name_plural = _("signing limits")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_row_of_signing_rules")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class AllowedNetwork(models.Model):
    """A network that many people share for a while: a school, a library, a stand in the street."""

    network = models.CharField(_("network"), max_length=50, help_text=_("Such as 192.0.2.0/24 or 2001:db8:1::/48."))
    what = models.CharField(_("what it is"), max_length=120, help_text=_("“Stand at the university, 3 May”."))
    until = models.DateTimeField(_("until"), help_text=_("Afterwards the usual limits hold again by themselves."))

    class Meta:
        verbose_name = _("shared network")
        verbose_name_plural = _("shared networks")
        ordering = ["-until"]

    def __str__(self) -> str:
        return self.what

    def clean(self) -> None:
        try:
            self.network = normal_network(self.network)
        except ValueError:
            raise ValidationError(
                {
                    "network": _(
                        "This is no network. Write it as 192.0.2.0/24 or 2001:db8:1::/48, not larger than /8 or /32."
                    )
                }
            ) from None

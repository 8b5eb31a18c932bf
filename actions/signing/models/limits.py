"""What staff can set while the site runs: limits, pauses, and networks that many people share."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
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
        help_text=_(
            "A network is what a household or a school shares: 256 addresses of IPv4, a /64 of IPv6. "
            "Signatures above this number are held, never lost. 0: no limit."
        ),
    )
    per_hour = models.PositiveIntegerField(
        _("from one network in an hour"),
        default=50,
        help_text=_(
            "Wider networks have a larger limit: of IPv6 a /56 three times, a /48 eight times and a /32 a hundred "
            "times this number, of IPv4 a /16 twenty times. Signatures above are held, never lost. 0: no limit."
        ),
    )
    new_networks_percent = models.PositiveSmallIntegerField(
        _("from new networks, in per cent"),
        default=70,
        db_default=70,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "Of an action's signatures in an hour, how many may come from wide networks that nobody has come from in "
            "that hour. Looked at from 200 signatures on; those from new networks above it are held. 0: not looked at."
        ),
    )
    fastest_seconds = models.PositiveSmallIntegerField(
        _("fastest honest signature"),
        default=1,
        help_text=_(
            "Seconds from page to signature. Forms that a browser fills in take two or three. 0: not looked at."
        ),
    )
    mails_per_hour = models.PositiveIntegerField(
        _("emails in an hour"),
        default=5_000,
        help_text=_(
            "Or ten times the emails of an hour of the day before, where that is more. At half of it an alarm is "
            "raised; above it sending stops and nothing is lost. Raise it before a day with many signatures. "
            "0: no limit."
        ),
    )
    held_mails_per_hour = models.PositiveIntegerField(
        _("emails to held signers in an hour"),
        default=60,
        db_default=60,
        help_text=_(
            "Whose signature is held is asked to confirm it, but slowly: so many in an hour, and ten for one network. "
            "Who has signed in whose name nobody knows before. 0: nobody is asked; look at them instead."
        ),
    )
    names_per_hour = models.PositiveIntegerField(
        _("names opened by one person in an hour"),
        default=500,
        db_default=500,
        help_text=_("At half of it an alarm is raised; above it nothing more is opened to that person. 0: no limit."),
    )
    exports_per_day = models.PositiveIntegerField(
        _("exports by one person in a day"),
        default=5,
        db_default=5,
        help_text=_("More than this raises an alarm; nothing is refused. 0: no alarm."),
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

"""When regular work was done last."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """One kind of regular work, and when it is due next. Whoever claims the row does it."""

    name = models.CharField(primary_key=True, max_length=30)
    due_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("regular work")
        verbose_name_plural = _("regular work")

    def __str__(self) -> str:
        return self.name

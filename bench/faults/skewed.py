"""The site on a machine whose clock is wrong by SKEW seconds: every clock our code reads is Django's `timezone.now`."""

import os
from datetime import timedelta

from django.utils import timezone

_right = timezone.now
timezone.now = lambda: _right() + timedelta(seconds=float(os.environ["SKEW"]))

from mysite.wsgi import application  # noqa: E402

__all__ = ["application"]

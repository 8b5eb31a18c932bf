"""A mail as every part of the site sends it."""

from email.header import Header
from email.message import Message

from django.core.mail import EmailMultiAlternatives


class Mail(EmailMultiAlternatives):
    """A mail whose subject begins on the line that says so.

    Django folds a subject with letters outside ASCII as if its name took no room, and Python then puts all of it on the
    next line. A first line with nothing on it costs points with filters. Goes with Django 6, which folds as it should.
    """

    def message(self) -> Message:
        made = super().message()
        made.replace_header("Subject", Header(str(self.subject), header_name="Subject").encode())
        return made

"""One connection to the mail server for many mails: opening one, with TLS and a password, takes longer than a mail."""

from contextlib import suppress
from smtplib import SMTPException

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

MOST = 50  # mails; servers do not like those who never hang up


class Post:
    """Sends mails one after the other. Whoever has nothing to send for a while calls `close`."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None
        self._mails = 0

    def send(self, message: EmailMessage) -> None:
        """Raises what the mail server's backend raises; the next mail then gets a new connection."""
        if self._connection is None:
            self._connection, self._mails = get_connection(), 0
        message.connection = self._connection
        try:
            self._connection.open()  # nothing, where it is open; and one that was opened before stays so after a mail
            message.send()
        except BaseException:
            self.close()
            raise
        self._mails += 1
        if self._mails >= MOST:
            self.close()

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, SMTPException):  # it may be gone already
                connection.close()

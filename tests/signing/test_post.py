"""Many mails go through one connection, and trouble with one mail is not the next one's."""

from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from actions.signing import post
from actions.signing.post import Post


class Server(BaseEmailBackend):
    """A backend that behaves as Django's for SMTP does: what was opened beforehand stays open after a mail."""

    opened, closed, taken, trouble = 0, 0, 0, False
    is_open = False

    def open(self):
        if self.is_open:
            return False
        Server.opened += 1
        self.is_open = True
        return True

    def close(self):
        Server.closed += self.is_open
        self.is_open = False
        if Server.trouble:
            raise SMTPServerDisconnected

    def send_messages(self, messages):
        is_own = self.open()
        if Server.trouble:
            raise SMTPServerDisconnected
        Server.taken += len(messages)
        if is_own:
            self.close()
        return len(messages)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(post, "get_connection", Server)
    for name in ("opened", "closed", "taken"):
        monkeypatch.setattr(Server, name, 0)
    monkeypatch.setattr(Server, "trouble", False)
    return Server


def letter():
    return EmailMessage("Receipt", "Thank you", to=["signer@example.org"])


def test_many_mails_go_through_one_connection(server):
    """Seen to fail where each mail opened its own."""
    sender = Post()
    for _ in range(10):
        sender.send(letter())
    assert (server.opened, server.closed, server.taken) == (1, 0, 10)
    sender.close()
    assert server.closed == 1
    sender.close()
    sender.send(letter())
    assert server.opened == 2


def test_a_connection_does_not_stay_for_ever(server):
    sender = Post()
    for _ in range(post.MOST + 1):
        sender.send(letter())
    assert (server.opened, server.closed, server.taken) == (2, 1, post.MOST + 1)


def test_after_trouble_the_next_mail_gets_a_new_connection(server):
    """Seen to fail with the broken connection kept."""
    sender = Post()
    sender.send(letter())
    server.trouble = True
    with pytest.raises(SMTPServerDisconnected):
        sender.send(letter())
    server.trouble = False
    sender.send(letter())
    assert (server.opened, server.taken) == (2, 2)

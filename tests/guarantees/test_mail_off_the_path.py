"""Quick form of R7: mail trouble of every kind touches no signature, and afterwards every mail arrives once."""

import socket
import threading

import pytest
from django.core import mail
from django.utils import timezone

from actions.signing.models import OutboxMail, Signature
from actions.signing.outbox import send_next
from actions.web.mail import compose
from tests.factories import PetitionFactory, action

pytestmark = pytest.mark.django_db


def smtp(behaviour):
    """A mail server on a free port that answers each connection with `behaviour`; returns the port."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                client, _address = server.accept()
            except OSError:
                return
            with client:
                behaviour(client)

    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()[1], server


def hangs(client):
    client.settimeout(3)
    while client.recv(1024):
        pass


def says(*lines):
    def behaviour(client):
        for line in lines:
            client.sendall(line + b"\r\n")
            client.recv(4096)

    return behaviour


TROUBLE = {
    "refuses": None,
    "hangs": hangs,
    "4xx": says(b"421 try later"),
    "5xx": says(b"220 hello", b"250 ok", b"550 no such user"),
    "closes mid-data": says(b"220 hello", b"250 ok", b"250 ok", b"250 ok", b"354 go on"),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_signing_does_not_notice_that_mail_is_in_trouble(trouble, client, site, settings):
    """Seen to fail with the mail sent inside `sign_action` instead of the outbox."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.5
    behaviour = TROUBLE[trouble]
    settings.EMAIL_PORT, server = smtp(behaviour) if behaviour else (1, None)
    page = action(site, PetitionFactory())
    for number in range(5):
        answer = client.post(page.get_url(), {"name": "Kari", "email": f"kari{number}@example.org"})
        assert answer.status_code == 303
        send_next(compose)
    assert Signature.objects.count() == OutboxMail.objects.filter(sent_at=None).count() == 5
    if server:
        server.close()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    OutboxMail.objects.update(due_at=timezone.now())
    while send_next(compose):
        pass
    assert sorted(to for message in mail.outbox for to in message.to) == [f"kari{n}@example.org" for n in range(5)]
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 5

"""The mailbox of development: every mail that would have been sent."""

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.http import Http404
from django.urls import path

from actions.web import mailbox

urlpatterns = [
    path("dev/mailbox/", mailbox.mailbox, name="mailbox"),
    path("dev/mailbox/<slug:name>/", mailbox.letter, name="mailbox_letter"),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def send(*subjects):
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend")
    connection.open()
    for subject in subjects:
        message = EmailMultiAlternatives(subject, f"text of {subject}", "a@example.org", ["b@example.org"])
        message.attach_alternative(f"<p>page of {subject}</p>", "text/html")
        connection.send_messages([message])
    connection.close()


def test_every_mail_of_one_connection_is_listed_and_can_be_read(client, folder):
    """Seen to fail: the first of each file was shown alone."""
    send("One", "Two", "Three")
    send("Four")
    assert len(list(folder.glob("*.log"))) == 2
    body = client.get("/dev/mailbox/").content.decode()
    for subject in ("One", "Two", "Three", "Four"):
        assert subject in body
    assert body.index("Three") < body.index("Two") < body.index("One")
    read = [client.get(address).content.decode() for address in addresses(body)]
    assert sorted(read) == sorted(f"<p>page of {one}</p>" for one in ("One", "Two", "Three", "Four"))


def addresses(body):
    return [part.split('"')[0] for part in body.split('href="')[1:] if part.startswith("/dev/mailbox/")]


def test_a_mail_without_a_page_is_shown_as_text(client, folder):
    EmailMessage("Plain", "only text", "a@example.org", ["b@example.org"],
                 connection=get_connection("django.core.mail.backends.filebased.EmailBackend")).send()  # fmt: skip
    (address,) = addresses(client.get("/dev/mailbox/").content.decode())
    assert "only text" in client.get(address).content.decode()


@pytest.mark.parametrize("name", ["nothing-0", "nothing", "x-99999"])
def test_what_is_not_there_is_not_found(rf, folder, name):
    send("One")
    with pytest.raises(Http404):
        mailbox.letter(rf.get("/"), name)

"""Staff come another way than visitors: what is mailed to them leads there, through the tunnel that deploy/README.md
tells of, and shows nothing to the public surface or its proxy when it is opened there.
"""

import socket
import threading
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

import pytest
import requests

from tests import chromium

from .deployment import OF_STAFF

pytestmark = pytest.mark.processes

INVITED = """
from django.contrib.auth import get_user_model
from actions.backoffice.invitations import send_invitation
from actions.backoffice.password_reset import send_links
user, made = get_user_model().objects.get_or_create(username="invited", email="invited@example.org")
user.set_password("a long password of somebody"); user.is_superuser = True; user.save()
send_invitation.func(user.pk); send_links.func([user.pk])
"""
PASSWORD = "a long password of somebody"


@pytest.fixture(scope="module")
def tunnel(deployed):
    """`ssh -L PORT:127.0.0.2:PORT host`, without ssh: what comes to this machine's own port goes there as it is."""
    assert deployed.staff.get("/staff/login/").status == 200
    there = (OF_STAFF, deployed.staff_port)

    class Pass(BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(there) as line:
                back = threading.Thread(target=self.pump, args=(line, self.request), daemon=True)
                back.start()
                self.pump(self.request, line)
                back.join()

        @staticmethod
        def pump(one: socket.socket, other: socket.socket) -> None:
            with suppress(OSError):
                while data := one.recv(65_536):
                    other.sendall(data)
            with suppress(OSError):
                other.shutdown(socket.SHUT_WR)

    class Server(ThreadingTCPServer):
        daemon_threads = allow_reuse_address = True

    with Server(("127.0.0.1", deployed.staff_port), Pass) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield deployed.tunnel
        server.shutdown()


def ask(address: str) -> requests.Response:
    return requests.get(address, allow_redirects=False, timeout=60)


def test_the_tunnel_leads_to_the_log_in(tunnel):
    """Seen to fail before: 400 for the host, and with another one 301 to a TLS that nobody speaks there."""
    assert ask(f"{tunnel}/admin/").headers["Location"].startswith("/staff/login/")
    answer = ask(f"{tunnel}/staff/login/")
    assert answer.status_code == 200
    cookies = answer.headers["Set-Cookie"]
    assert cookies.startswith("__Host-")
    assert "Secure" in cookies
    strange = requests.get(f"{tunnel}/staff/login/", headers={"Host": "evil.example"}, timeout=60)
    assert strange.status_code == 400


@pytest.fixture(scope="module")
def links(deployed, tunnel) -> list[str]:
    """An invitation and a forgotten password, from the mailbox."""
    deployed.manage("shell", "-c", INVITED)
    mails = [mail.get_content() for mail in deployed.letters() if mail["To"] == "invited@example.org"]
    found = [word for mail in mails for word in mail.split() if "/password_reset/confirm/" in word]
    assert len(found) == 2
    return found


def test_what_is_mailed_to_staff_leads_to_their_surface(links, tunnel):
    """Seen to fail before: to the public surface, which answered 302 and 404."""
    for link in links:
        assert link.startswith(f"{tunnel}/admin/password_reset/confirm/")
        assert ask(link).status_code == 302  # to where a password is typed


def test_the_public_surface_knows_nothing_of_it_and_its_proxy_keeps_no_word(links, deployed):
    """Nor of a signer's link that a mail program has broken. Seen to fail before: `KEY: …/admin/password_reset/…`."""
    token = "W0s--CZdswLY_5WFGBH0O7er7SCX9HrCVkToepT25MY"
    broken = [f"/nb/My-Signature/{token}/", f"/nb/my-signat/ure/{token}/", f"/{token}", f"/nb/my-signature%2F{token}"]
    paths = [urlsplit(link).path for link in links]
    assert deployed.public.get("/nb/").status == 200
    for path in (*paths, *(f"/nb{path}" for path in paths), *broken):
        answer = deployed.public.get(path, follow=True)
        assert answer.status == 404, "not found"
    secrets = [path.split("/")[-2] for path in paths] + [token]
    files = [one for one in (deployed.proxy.folder / "cache").rglob("*") if one.is_file()]
    assert files, "something is kept"
    assert [one.name for one in files if any(secret.encode() in one.read_bytes() for secret in secrets)] == []
    for path in paths:
        assert deployed.public.get(path).status == 404, "at once"


@pytest.mark.skipif(chromium.find() is None, reason="there is no browser")
def test_a_browser_logs_in_through_the_tunnel(links, tunnel):
    """With cookies that are for https alone: a browser takes them from its own machine too."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{tunnel}/admin/")
        page.fill("[name=login]", "invited")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{tunnel}/staff/second-step/**")
        names = {cookie["name"]: cookie["secure"] for cookie in context.cookies()}
        browser.close()
    assert names.get("__Host-session") is True

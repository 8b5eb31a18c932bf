"""The whole site as its own processes on a database of its own, and a real browser before it.

Each worker of a parallel run starts its own.
"""

import email
import os
import re
import shutil
import subprocess
import sys
import time
from email import policy
from pathlib import Path

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from bench.processes import ROOT, await_port, free_port
from mysite.postgres import VAR
from tests.chromium import find
from tests.copies import copied, url_of


class Site:
    """Address, database and mail folder of the running site."""

    def __init__(self, address: str, database: str, mail: Path) -> None:
        self.address, self.database, self.mail = address, database, mail

    def query(self, sql: str, *values):
        with psycopg.connect(self.database, autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else None

    def end_action(self, name: str) -> None:
        """Let the petition's end have been a second ago; nothing else is touched."""
        self.query("update actions_petition set ends_at = now() - interval '1 second' where name = %s", name)

    def subject_of(self, mail: str) -> str:
        return str(email.message_from_string(mail, policy=policy.default)["Subject"]).strip()

    def link_in(self, mail: str) -> str:
        """The address of “my signature” in a mail, without its host."""
        body = email.message_from_string(mail, policy=policy.default).get_body(("plain",)).get_content()
        return re.search(r"/[a-z]{2}/my-signature/[\w-]{43}/", body).group()

    def last_mail(self, to: str) -> str:
        for _ in range(60):
            for path in sorted(self.mail.glob("*.log"), reverse=True):
                if f"To: {to}" in (text := path.read_text()):
                    return text
            time.sleep(0.25)
        raise AssertionError("no mail came")


MEDIA = VAR / "journeys-media"


def manage(*command: str) -> list[str]:
    return [sys.executable, "manage.py", *command]


def fill(env: dict[str, str]) -> None:
    """The demo, and somebody who may do everything."""
    shutil.rmtree(MEDIA, ignore_errors=True)
    env |= {"MEDIA_ROOT": str(MEDIA), "DJANGO_SUPERUSER_PASSWORD": "admin"}
    for command in (
        ["migrate", "--verbosity", "0"],
        ["load_demo"],
        ["createsuperuser", "--no-input", "--username", "admin", "--email", "admin@localhost"],
    ):
        subprocess.run(manage(*command), cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    name = f"journeys_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    folder = tmp_path_factory.mktemp("site")
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": url_of(name),
        "DJANGO_SETTINGS_MODULE": "mysite.settings.dev",
        "MEDIA_ROOT": str(folder / "media"),
        "MAIL_FOLDER": str(folder / "mail"),
        "PORT": str(port),
        "TZ": "UTC",
    }

    database = copied(name, "journeys_template", lambda: fill(env | {"DATABASE_URL": url_of("journeys_template")}))
    shutil.copytree(MEDIA, folder / "media")
    with psycopg.connect(database, autocommit=True) as connection:  # whose own address the pages name
        connection.execute("update wagtailcore_site set port = %s", [port])
    log = (folder / "log").open("w")
    processes = [
        subprocess.Popen(manage(*command), cwd=ROOT, env=env, stdout=log, stderr=log)
        for command in (
            ["runserver", "--noreload", "--insecure", f"127.0.0.1:{port}"],
            ["db_worker", "--queue-name", "*", "--no-reload"],  # looking for changed files takes a tenth of a core
            ["send_mail", "--pause", "0.2"],
        )
    ]
    try:
        await_port("127.0.0.1", port, folder / "log")
        yield Site(f"http://localhost:{port}", database, folder / "mail")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        # Pages of "other sites" stand on this machine too; Chromium would ask before they may reach it.
        started = playwright.chromium.launch(
            executable_path=find(), args=["--disable-features=LocalNetworkAccessChecks"]
        )
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, site: Site):
    """Opens pages of the site: `visit("/nb/", javascript=False)`. Nothing outside the site may be asked for."""
    contexts = []

    def open_page(path: str, *, javascript: bool = True, width: int = 1280, **options) -> Page:
        context = browser.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 900}, base_url=site.address, **options
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.foreign = []
        page.on("request", lambda r: None if r.url.startswith((site.address, "data:")) else page.foreign.append(r.url))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def take_your_time(page: Page) -> None:
    """Let a second and a bit pass since the page was opened: whoever signs faster is held for a program."""
    page.wait_for_timeout(1100)


@pytest.fixture(scope="session")
def axe():
    return Axe()

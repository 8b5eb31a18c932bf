"""The whole site as its own processes on a database of its own, and a real browser before it.

Each worker of a parallel run starts its own.
"""

import email
import os
import re
import sys
import time
from email import policy
from pathlib import Path

import PIL.Image
import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import bench.site
from bench.processes import Supervised, free_port
from tests.chromium import find

from .staff import log_in

PATIENCE = 30_000  # ms: a busy machine is no fault
expect.set_options(timeout=PATIENCE)


class Site:
    """Address, database and mail folder of the running site, and its processes."""

    def __init__(self, address: str, database: str, mail: Path) -> None:
        self.address, self.database, self.mail = address, database, mail
        self.running: list[Supervised] = []

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
        for _ in range(4 * PATIENCE // 250):
            for path in sorted(self.mail.glob("*.log"), reverse=True):
                if f"To: {to}" in (text := path.read_text()):
                    return text
            time.sleep(0.25)
        raise AssertionError("no mail came")


MANAGE = [sys.executable, "manage.py"]
ADMIN = """insert into auth_user (username, password, is_superuser, is_staff, is_active, first_name, last_name, email,
    date_joined) values ('admin', %s, true, true, true, '', '', 'admin@localhost', now())"""
# All that browsers sign here comes from one network.
NO_LIMITS = """insert into actions_signingrules (id, paused, per_ten_minutes, per_hour, fastest_seconds, mails_per_hour)
    values (1, false, 0, 0, 1, 0)"""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    log, port = folder / "log", free_port()
    copy = bench.site.Site(f"journeys-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}", pictures=True)
    served = Site(f"http://localhost:{port}", copy.database.url(copy.name), folder / "mail")
    try:
        copy.query(ADMIN, make_password("admin", hasher="md5"))
        copy.query(NO_LIMITS)
        copy.query("update wagtailcore_site set hostname = 'localhost', port = %s", port)
        # Pictures are made when a page asks for them, and of one colour: as large as ever, in a fraction of the time.
        copy.query("delete from django_tasks_database_dbtaskresult where task_path like %s", "%make_renditions")
        paint_over(copy.private_media / "original_images", folder / "private-media" / "original_images")
        env = copy.env("all", "postgres") | {
            "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
            "PORT": str(port),
            "MEDIA_ROOT": str(folder / "media"),
            "PRIVATE_MEDIA_ROOT": str(folder / "private-media"),
            "MAIL_FOLDER": str(folder / "mail"),
            "TZ": "UTC",
        }
        served.running += [bench.site.Server("mysite.wsgi:application", log, env, workers=1, threads=4, port=port)]
        served.running += [Supervised([*MANAGE, "send_mail", "--pause", "1"], env, log)]
        yield served
        assert not any(process.restarts for process in served.running), "a process of the site ended by itself"
    finally:
        for process in served.running:
            process.stop()
        copy.stop()


@pytest.fixture(scope="session")
def tasks(site: Site) -> None:
    """What is asked for is made, by a worker that goes on to the end. Looking for changed files would take a tenth of a
    core."""
    web = site.running[0]
    site.running += [Supervised([*MANAGE, "db_worker", "--queue-name", "*", "--no-reload"], web.env, web.log)]


def paint_over(originals: Path, target: Path) -> None:
    """Copy pictures, each in one colour."""
    target.mkdir(parents=True)
    for path in originals.iterdir():
        with PIL.Image.open(path) as picture:
            PIL.Image.new("RGB", picture.size, (96, 96, 96)).save(target / path.name)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        # Pages of "other sites" stand on this machine too; Chromium would ask before they may reach it.
        started = playwright.chromium.launch(
            executable_path=find(), args=["--disable-features=LocalNetworkAccessChecks"]
        )
        yield started
        started.close()


def new_tab(browser: Browser, site: Site, *, javascript: bool = True, width: int = 1280, **options) -> Page:
    """A tab in a browser that has kept nothing; `foreign` are the addresses outside the site it has asked for."""
    context = browser.new_context(
        java_script_enabled=javascript, viewport={"width": width, "height": 900}, base_url=site.address, **options
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.foreign = []
    page.on("request", lambda r: None if r.url.startswith((site.address, "data:")) else page.foreign.append(r.url))
    return page


@pytest.fixture
def visit(browser: Browser, site: Site):
    """Opens pages of the site, each for somebody new: `visit("/nb/", javascript=False)`."""
    contexts = []

    def open_page(path: str, **options) -> Page:
        page = new_tab(browser, site, **options)
        contexts.append(page.context)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def tabs(browser: Browser, site: Site) -> dict[bool, Page]:
    return {javascript: new_tab(browser, site, javascript=javascript) for javascript in (True, False)}


@pytest.fixture
def look(tabs: dict[bool, Page]):
    """Opens pages one after the other in the same tab, for half of the work: `look("/nb/", javascript=False)`.

    Only to look at: it holds that nothing is asked from strangers and nothing kept that the next one would find.
    """
    used = set()

    def open_page(path: str, *, javascript: bool = True) -> Page:
        page = tabs[javascript]
        used.add(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(path)
        return page

    yield open_page
    for page in used:
        alone(page)


def alone(page: Page) -> None:
    """Nothing was asked from strangers since the last look, and nothing is kept in the browser."""
    asked, page.foreign = page.foreign, []
    assert asked == []
    assert page.context.cookies() == []
    assert page.context.storage_state()["origins"] == []


@pytest.fixture(scope="session")
def staff_browser(browser: Browser, site: Site) -> BrowserContext:
    """The browser of an administrator who is logged in, with what it has kept of the admin's scripts."""
    context = browser.new_context(base_url=site.address, locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/admin/login/")
    log_in(page)
    page.close()
    return context


@pytest.fixture
def admin(staff_browser: BrowserContext):
    """The administrator's first page."""
    page = staff_browser.new_page()
    page.goto("/admin/")
    yield page
    page.close()


# Two frames, so that the new style counts; then until nothing fades any more, for a colour on its way is neither.
DRAWN = """async () => {
    await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    await Promise.allSettled(document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished));
}"""


def change_window(page: Page, *, width: int, color_scheme: str) -> None:
    """Show the same document in another window and other colours."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=color_scheme)
    page.evaluate(DRAWN)


def take_your_time(page: Page) -> None:
    """Let a second and a bit pass since the page was opened: whoever signs faster is held for a program."""
    page.wait_for_timeout(1100)

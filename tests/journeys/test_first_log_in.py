"""A new colleague's first day, with the second step required as in production: from the mail to the admin.

Seen to fail before: log-in screens lay over the pages, nobody could read the recovery codes, the next click led out.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import bench.site
from bench.processes import free_port
from tests.codes import code
from tests.journeys import axe
from tests.journeys.conftest import PATIENCE, Site
from tests.journeys.staff import somebody

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("tasks")]
PASSWORD = "plenty of letters"


@pytest.fixture(scope="module")
def strict(site: Site):
    """The same site under another address, where the second step is required; returns the address."""
    web, port = site.running[0], free_port()
    env = web.env | {"SECOND_FACTOR_REQUIRED": "yes", "PORT": str(port)}
    server = bench.site.Server("mysite.wsgi:application", web.log, env, workers=1, threads=4, port=port)
    yield f"http://localhost:{port}"
    server.stop()


def one_page(page: Page) -> None:
    """One page is shown, and nothing of another one lies in it or is kept for the next."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("main")).to_have_count(1)
    expect(page.locator("[data-sprite] svg")).to_have_count(1)
    kept = page.evaluate("Object.values(localStorage).join('')")
    assert "<main" not in kept
    assert "<svg" in kept


def test_from_the_mail_to_the_admin(admin, visit, site, strict):
    admin.goto("/admin/users/new/")
    for field, value in {
        "username": "nora",
        "email": "nora@localhost",
        "first_name": "Nora",
        "last_name": "Ny",
    }.items():
        admin.locator(f"#id_{field}").fill(value)
    admin.get_by_role("tab", name="Roles").first.click()
    admin.get_by_label("Editor", exact=True).check()
    admin.get_by_role("button", name="Create", exact=True).click()
    expect(admin.get_by_text("An invitation is on its way").first).to_be_visible()
    link = re.search(r"/admin/password_reset/confirm/\S+", site.last_mail("nora@localhost")).group()

    page = visit(strict + link, locale="en-GB")
    one_page(page)
    expect(page.get_by_role("heading", name="Welcome, Nora Ny")).to_be_visible()
    expect(page.get_by_text("nora", exact=True)).to_be_visible()
    page.locator("#id_new_password1").fill(PASSWORD)
    page.locator("#id_new_password2").fill(PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    page.get_by_role("link", name="Log in").click()
    page.get_by_label("Username").fill("nora")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()

    page.wait_for_url("**/staff/second-step/")
    one_page(page)
    page.get_by_role("link", name="Activate").click()  # not asked for the password again: it was typed just now
    one_page(page)
    secret = page.locator("#authenticator_secret").get_attribute("value")
    page.get_by_label("Authenticator code").fill(code(secret, at_least=5))
    page.get_by_role("button", name="Activate").click()

    page.wait_for_url("**/recovery-codes/")
    one_page(page)
    codes = page.locator("#recovery-codes li").all_inner_texts()
    assert len(codes) == 10
    assert all(re.fullmatch(r"\d{8}", one) for one in codes)
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download").click()
    assert Path(caught.value.path()).read_text().split() == codes
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")
    axe.finds_nothing_serious(page)

    page.get_by_role("link", name="To the admin").click()
    expect(page.get_by_role("heading", name="Actions").first).to_be_visible(timeout=PATIENCE)
    assert page.url == f"{strict}/admin/"
    one_page(page)
    page.goto(f"{strict}/staff/second-step/recovery-codes/")
    assert not any(one in page.content() for one in codes)  # shown once


def test_whoever_has_no_role_yet_is_told_and_gets_out(visit, site, strict):
    """Seen to fail before: 23 redirects between the admin and the log-in, and then a browser's error."""
    name = somebody(site, "rolf", "no such group")
    page = visit("/admin/login/", locale="en-GB")
    page.get_by_label("Username").fill(name)
    page.locator("#id_password").fill("admin")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="You have no role yet")).to_be_visible()
    one_page(page)
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(re.compile("/staff/login/"))

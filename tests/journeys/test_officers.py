"""Officers with one person's letter: each role in its own browser, in both languages, on a desk and on a telephone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import axe
from tests.journeys.conftest import change_window
from tests.journeys.staff import log_in, somebody
from tests.journeys.test_backoffice import sign

pytestmark = pytest.mark.journey

WRITER = "officers.journey@example.org"
ROLES = {"Signature officer": "journey-officer", "Data-protection officer": "journey-protection"}


def officer(visit, site, role: str) -> Page:
    return log_in(visit("/admin/login/", locale="en-GB"), somebody(site, ROLES[role], role))


def find(page: Page, email: str) -> None:
    page.goto("/admin/find-signature/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("What for").fill("letter 7")
    page.get_by_role("button", name="Look").click()


def test_a_signature_is_found_taken_out_and_put_back(visit, site):
    sign(visit, WRITER)
    page = officer(visit, site, "Signature officer")
    find(page, WRITER)
    page.locator(".listing a").first.click()
    page.wait_for_url(re.compile(r"/signature-forms/\d+/signatures/[0-9a-f-]{36}/$"))
    page.get_by_label("Why").fill("she wrote to us")
    page.get_by_role("button", name="Take it out").click()
    expect(page.locator(".desk-facts")).to_contain_text("invalidated")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".desk-facts")).to_contain_text("counted")


def test_a_case_is_begun_about_one_signature_alone(visit, site):
    sign(visit, WRITER)
    page = officer(visit, site, "Data-protection officer")
    find(page, WRITER)
    page.locator(".listing a").first.click()
    expect(page.get_by_role("button", name="Take it out")).to_have_count(0)
    page.get_by_role("link", name="Begin a case about this signature alone").click()
    expect(page.get_by_label("Email address")).to_have_count(0)
    page.locator("#id_kind").select_option("withdraw")
    page.get_by_label("Number of the case").fill("2026/22")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("h1, .w-header__title").first).to_contain_text("2026/22")
    expect(page.locator("input[name=which]")).to_have_count(1)


def test_an_address_is_blocked_and_cannot_be_read_afterwards(visit, site):
    page = officer(visit, site, "Signature officer")
    page.goto("/admin/block-and-allow/")
    page.get_by_label("Email address").fill("blocked.journey@example.org")
    page.get_by_label("Why").fill("asked us to")
    page.get_by_role("button", name="Put it on the list").click()
    expect(page.get_by_text("It holds for signatures from now on;")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("blocked.journey@example.org")
    page.get_by_role("button", name=re.compile("Take it off")).first.click()
    expect(page.get_by_text("It is off the list.")).to_be_visible()


SCREENS = {
    "Signature officer": ["find-signature/", "mail-hosts/", "block-and-allow/", "{one}"],
    "Data-protection officer": ["find-signature/", "block-and-allow/", "{one}", "cases/?signature={pk}"],
}
SPEAKS = {"en": "Block and allow", "nb": "Blokkerings"}


@pytest.mark.parametrize("language", SPEAKS)
@pytest.mark.parametrize("role", SCREENS)
def test_each_screen_reads_well_on_a_desk_and_on_a_telephone(role, language, visit, site, subtests):
    sign(visit, WRITER)
    page = officer(visit, site, role)
    page.goto("/admin/account/")  # which makes the profile
    site.query(
        "update wagtailusers_userprofile set preferred_language = %s "
        "where user_id = (select id from auth_user where username = %s)",
        language,
        ROLES[role],
    )
    somebodys = "select petition_id, id from actions_signature join actions_signer on signature_id = id limit 1"
    [(form, pk)] = site.query(somebodys)
    page.goto("/admin/block-and-allow/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(SPEAKS[language])
    for screen in SCREENS[role]:
        page.goto("/admin/" + screen.format(one=f"signature-forms/{form}/signatures/{pk}/", pk=pk))
        for width in (1280, 390):
            change_window(page, width=width, color_scheme="light")
            with subtests.test("axe finds nothing serious", screen=screen, width=width):
                axe.finds_nothing_serious(page, ".desk-body")
            with subtests.test("nothing pushes the screen sideways", screen=screen, width=width):
                body = page.locator(".desk-body")
                assert body.evaluate("body => body.scrollWidth - body.clientWidth") <= 0

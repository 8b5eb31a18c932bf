"""The data-protection officer and one letter: a person asks to be erased, and gets an answer within the month."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import axe
from tests.journeys.staff import log_in, somebody
from tests.journeys.test_backoffice import sign

pytestmark = pytest.mark.journey


def test_a_letter_becomes_a_case_and_nothing_is_erased_on_one_click(visit, site):
    sign(visit, "letter.journey@example.org")
    page = log_in(visit("/admin/login/", locale="en-GB"), somebody(site, "officer-of-cases", "Data-protection officer"))
    page.goto("/admin/cases/")
    page.get_by_label("Email address").fill("letter.journey@example.org")
    page.locator("#id_kind").select_option("erase")
    page.get_by_label("Number of the case").fill("2026/14")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    page.get_by_role("radio", name="Erase the person").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("First write down how it was made sure who asks.")).to_be_visible()
    page.locator("#id_identity").select_option("mailbox")
    page.get_by_role("button", name="Save", exact=True).click()
    axe.finds_nothing_serious(page)
    page.get_by_role("radio", name="Erase the person").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Nobody can undo it.")).to_be_visible()
    asked = page.url
    held = site.query("select count(*) from actions_signer")
    page.get_by_role("button", name="Erase the person").click()
    expect(page.get_by_text("Receipt for the person")).to_be_visible()
    assert site.query("select count(*) from actions_signer")[0][0] == held[0][0] - 1
    page.goto(asked)
    page.get_by_role("radio", name="done", exact=True).check()
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_text("No case is open.")).to_be_visible()

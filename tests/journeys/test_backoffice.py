"""What communications staff do at a signature form, in a real browser with a real worker behind it."""

import csv
import json
import re
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.codes import code
from tests.journeys import axe
from tests.journeys.conftest import PATIENCE, change_window, take_your_time
from tests.journeys.staff import log_in

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("tasks")]
NAME = "Iran: executions"
PATH = "/nb/aksjoner/stans-henrettelsene/"


@pytest.fixture
def second(visit, site) -> Page:
    """Another person of staff."""
    site.query(
        "insert into auth_user (username, password, is_superuser, is_staff, is_active, first_name, last_name, email, "
        "date_joined) select 'second', password, true, true, true, '', '', 'second@localhost', now() from auth_user "
        "where username = 'admin' on conflict do nothing"
    )
    return log_in(visit("/admin/login/", locale="en-GB"), "second")


@pytest.fixture
def form(site) -> int:
    return site.query("select id from actions_petition where name = %s", NAME)[0][0]


def sign(visit, address: str) -> None:
    page = visit(PATH + "?s=stand")
    page.get_by_label("Navnet ditt").fill("Kari Nordmann")
    page.get_by_label("E-postadressen din").fill(address)
    page.locator("[data-folded] summary").click()
    page.locator("#sign-contact_action").check()
    take_your_time(page)
    page.get_by_role("button", name="Jeg skriver under").click()
    page.wait_for_url("**/thanks/")


def download(page: Page, button: str) -> Path:
    expect(page.get_by_role("button", name=re.compile(button)).first).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as caught:
        page.get_by_role("button", name=re.compile(button)).first.click()
    return Path(caught.value.path())


def test_the_desk_the_register_and_a_file_taken_once(admin, visit, form):
    sign(visit, "desk.journey@example.org")
    admin.goto(f"/admin/signature-forms/{form}/desk/")
    expect(admin.get_by_role("img", name=re.compile("Signatures by day"))).to_be_visible()
    expect(admin.locator(".desk-shares").filter(has_text="stand")).to_be_visible()
    admin.locator("summary").first.click()
    expect(admin.locator("details table").first).to_be_visible()

    admin.get_by_role("link", name="Signatures", exact=True).click()
    assert "Kari Nordmann" not in admin.content()
    admin.locator("#id_search-email").fill("DESK.journey@example.org")
    admin.locator("#id_search-purpose").fill("case 1")
    admin.get_by_role("button", name="Look", exact=True).click()
    expect(admin.get_by_text("It signed on")).to_be_visible()
    admin.locator("#id_names-purpose").fill("case 1")
    admin.get_by_role("button", name="Show the names").click()
    expect(admin.get_by_text("Kari Nordmann").first).to_be_visible()

    admin.get_by_role("link", name="Export").click()
    admin.get_by_label("Email address").check()
    admin.get_by_label("CSV", exact=True).check()
    admin.get_by_label("What for").fill("case 1")
    admin.get_by_role("button", name="Make the file").click()
    expect(admin.get_by_text("Not for this use: Email address.").first).to_be_visible()
    admin.get_by_label("a legal claim").check()
    admin.get_by_role("button", name="Make the file").click()
    file = download(admin, "Download CSV")
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert any("desk.journey@example.org" in row for row in rows)
    admin.reload()
    expect(admin.get_by_text(re.compile("^taken "))).to_be_visible()


def test_paper_counts_when_a_second_person_has_confirmed_it(admin, second, visit, form):
    admin.goto(f"/admin/signature-forms/{form}/paper/")
    with admin.expect_download() as caught:
        admin.get_by_role("link", name="English (PDF)").click()
    assert Path(caught.value.path()).read_bytes().startswith(b"%PDF")
    admin.get_by_label("Place").fill("Stand in Tromsø")
    admin.get_by_label("Day").fill(time.strftime("%Y-%m-%d"))
    admin.keyboard.press("Escape")
    admin.get_by_label("Number of signatures").fill("41")
    admin.get_by_role("button", name="Enter", exact=True).click()
    expect(admin.get_by_text("waits for a second person")).to_be_visible()
    assert admin.get_by_role("button", name="Confirm").count() == 0
    second.goto("/admin/")
    second.get_by_role("link", name=re.compile("41 from Stand in Tromsø")).click()
    second.get_by_role("button", name="Confirm").click()
    expect(second.get_by_text("Confirmed, and counted.")).to_be_visible()
    expect(visit(PATH).locator("#sign")).to_contain_text("41 på papir")


def test_earlier_signatures_are_tried_and_brought_in(admin, form, tmp_path):
    file = tmp_path / "earlier.csv"
    day = datetime.now(tz=UTC).date() - timedelta(days=3)
    file.write_text(f"Name;E-mail;Date\nOla;ola.earlier@example.org;{day}\nPer;no address;{day}\n")
    admin.goto(f"/admin/signature-forms/{form}/import/")
    admin.get_by_label("CSV file").set_input_files(file)
    admin.get_by_label("Where the signatures come from").fill("the old site")
    admin.get_by_role("button", name="Look at the file").click()
    expect(admin.get_by_label("Name", exact=True)).to_have_value("name")
    admin.get_by_role("button", name="Try it").click()
    expect(admin.get_by_text("Tried, and nothing is changed yet")).to_be_visible(timeout=PATIENCE)
    expect(admin.get_by_text("No email address.")).to_be_visible()
    admin.get_by_role("button", name="Bring in 1 signature").click()
    expect(admin.get_by_text("Brought in:")).to_be_visible(timeout=PATIENCE)


def test_a_hand_over_is_looked_at_frozen_and_taken_along(admin, visit, form):
    sign(visit, "deliver.journey@example.org")
    admin.goto(f"/admin/signature-forms/{form}/deliveries/")
    admin.get_by_role("button", name="Look at it first").click()
    expect(admin.get_by_text("Nothing is frozen yet")).to_be_visible()
    admin.get_by_role("button", name="Freeze it and make the package").click()
    package = zipfile.ZipFile(download(admin, r"Download \("))
    manifest = json.loads(package.read("manifest.json"))
    assert set(package.namelist()) == {"letter.pdf", "manifest.json"}, "this form hands over the number only"
    assert manifest["listed_by_name"] == 0
    assert manifest["fingerprint"] in admin.content()
    page = visit(PATH)
    expect(page.locator("#sign")).to_contain_text("overlevert")


def test_a_mail_to_signers_is_composed_tried_and_sent(admin, visit, site, form):
    sign(visit, "mailing.journey@example.org")
    mine = visit(site.link_in(site.last_mail("mailing.journey@example.org")))
    mine.get_by_role("button", name="Ja, det var meg").click()  # what is ticked begins when the mailbox has answered
    admin.goto("/admin/mail-to-signers/new/")
    admin.wait_for_load_state("networkidle")
    admin.locator("#id_name").fill("News")
    admin.get_by_role("button", name="Choose or make a signature form").click()
    admin.locator(".modal").get_by_role("link", name=NAME).click()
    expect(admin.locator(".modal")).to_be_hidden()
    admin.locator("#id_texts-0-language").select_option("nb")
    admin.locator("#id_texts-0-subject").fill("Nytt om aksjonen")
    admin.locator("#inline_child_texts-0 button[title='Insert a block']").first.click()
    admin.get_by_role("option", name="Button", exact=True).click()
    admin.locator("#texts-0-body-0-value-label").fill("Les mer")
    admin.locator("#texts-0-body-0-value-url").fill("https://example.org/les")
    admin.get_by_role("button", name="Create").click()
    admin.wait_for_url(re.compile("/send/$"))
    admin.get_by_role("button", name=re.compile("Send it to myself")).click()
    expect(admin.get_by_text("on its way to your own address")).to_be_visible()
    admin.get_by_role("button", name=re.compile(r"Send to \d+ signer")).click()
    expect(admin.get_by_text("What became of it")).to_be_visible()
    for _ in range(80):
        mail = site.last_mail("mailing.journey@example.org")
        if site.subject_of(mail) == "Nytt om aksjonen":
            break
        time.sleep(0.25)
    assert site.subject_of(mail) == "Nytt om aksjonen"
    assert "https://example.org/les" in mail


def test_every_state_is_previewed_beside_the_editor(admin, site):
    page = site.query("select id from wagtailcore_page where slug = 'stans-henrettelsene'")[0][0]
    admin.goto(f"/admin/pages/{page}/edit/")
    admin.wait_for_load_state("networkidle")
    admin.get_by_role("button", name="Toggle preview").click()
    heading = admin.frame_locator("iframe[title='Preview']").last.locator("#sign-heading")
    expect(heading).to_have_text("Krev at henrettelsene stanser", timeout=PATIENCE)
    for _ in range(5):  # Wagtail drops a choice that comes while it is still loading the one before
        admin.locator("#id_preview_mode").select_option("open")
        admin.wait_for_timeout(1500)
        admin.locator("#id_preview_mode").select_option("won")
        admin.wait_for_timeout(3000)
        if heading.inner_text() == "Vi vant!":
            break
    expect(heading).to_have_text("Vi vant!", timeout=PATIENCE)
    admin.get_by_role("button", name="Toggle checks").click()
    expect(admin.locator(".desk-findings")).to_be_visible()


def test_a_second_factor_is_set_up_and_asked_for(second, visit, site):
    second.goto("/staff/second-step/totp/activate/")
    secret = second.locator("#authenticator_secret").get_attribute("value")
    first = code(secret, at_least=10)
    second.locator("#id_code").fill(first)
    second.get_by_role("button", name="Activate").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    again = visit("/admin/login/", locale="en-GB")
    again.get_by_label("Username").fill("second")
    again.locator("#id_password").fill("admin")
    again.get_by_role("button", name="Log in").click()
    while code(secret) == first:  # a code is taken once
        time.sleep(0.5)
    again.locator("#id_code").fill(code(secret, at_least=10))
    again.get_by_role("button", name="Sign In").click()
    again.wait_for_url(re.compile("/admin/$"))
    site.query("delete from mfa_authenticator")


def test_reports_are_saved_as_files(admin):
    admin.goto("/admin/reports/actions/?state=open")
    expect(admin.get_by_role("link", name=NAME)).to_be_visible()
    admin.get_by_role("button", name="Actions", exact=True).first.click()
    with admin.expect_download() as caught:
        admin.get_by_role("link", name=re.compile("CSV")).click()
    assert NAME in Path(caught.value.path()).read_text("utf-8-sig")


SCREENS = [
    *("signature-forms/{form}/desk/", "signature-forms/{form}/signatures/", "signature-forms/{form}/export/"),
    *("signature-forms/{form}/paper/", "signature-forms/{form}/import/", "signature-forms/{form}/deliveries/"),
    *("signature-forms/{form}/life/", "membership-system/", "membership-system/replay/", "new-action/"),
    *("new-action/earlier/", "", "mail-to-signers/", "reports/actions/", "reports/consents/"),
]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_has_no_serious_finding(screen, admin, form, subtests):
    admin.goto("/admin/" + screen.format(form=form))
    context = ".desk-body, .desk-heaps, .listing" if screen else "#panel-actions-waiting-section"
    context = context if admin.locator(context).count() else "#main"
    for width in (1280, 768):
        for scheme in ("light", "dark"):
            change_window(admin, width=width, color_scheme=scheme)
            with subtests.test("axe finds nothing serious", width=width, scheme=scheme):
                axe.finds_nothing_serious(admin, context)

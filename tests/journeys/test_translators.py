"""An action goes from an editor to a translator to visitors of two languages, and ends for all of them at once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from . import axe
from .conftest import change_window, take_your_time
from .staff import add_block, log_in, make_form, publish, somebody

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("tasks")]

TEXTS = {
    "Fri journalistene": "Free the journalists",
    "fri-journalistene": "free-the-journalists",
    "Krev at de slippes ut.": "Demand that they are let out.",
    "Hentet på jobb": "Taken from work",
    "De ble tatt uten et ord.": "They were taken without a word.",
}

TOTAL = """select sum(counted) from actions_totalslot
    where petition_id = (select id from actions_petition where name = %s)"""


def sign(visit, path: str, name: str, address: str, labels: tuple[str, str, str]) -> Page:
    page = visit(path)
    page.get_by_label(labels[0]).fill(name)
    page.get_by_label(labels[1]).fill(address)
    take_your_time(page)
    page.get_by_role("button", name=labels[2]).click()
    page.wait_for_url("**/thanks/")
    return page


def compose(page: Page, site) -> None:
    index = site.query("select id from wagtailcore_page where slug = 'aksjoner'")[0][0]
    page.goto(f"/admin/pages/add/actions/actionpage/{index}/")
    page.locator("#id_title").press_sequentially("Fri journalistene")
    page.locator("#id_lead").fill("Krev at de slippes ut.")
    add_block(page, "Section")
    page.locator("#body-0-value-heading").fill("Hentet på jobb")
    page.locator("#panel-child-content-body-content .public-DraftEditor-content").first.click()
    page.keyboard.type("De ble tatt uten et ord.")
    make_form(page, "Free the journalists 2026")
    publish(page)


def translate(page: Page, texts: dict[str, str]) -> None:
    """Block by block, as upstream's editor has it: each tab, each text that is left."""
    for source, words in texts.items():
        for tab in page.locator("[role=tab]").all():
            tab.click()
            segment = page.locator("li.incomplete, li").filter(has=page.get_by_text(source, exact=True)).last
            if segment.is_visible():
                break
        segment.get_by_role("button", name="Translate").click()
        segment.locator("textarea").fill(words)
        segment.get_by_role("button", name="Save").click()
        expect(segment.get_by_role("button", name="Edit")).to_be_visible()


def test_from_the_editor_over_the_translator_to_visitors_and_the_end(visit, site):
    editor = log_in(visit("/admin/login/", locale="en-GB"), somebody(site, "editor", "Publisher"))
    compose(editor, site)
    source = site.query("select id from wagtailcore_page where slug = 'fri-journalistene'")[0][0]
    editor.goto(f"/admin/translations/page/{source}/")
    editor.get_by_role("button", name="Send everything to all languages").click()
    expect(editor.get_by_text("2 translations begun, as drafts.")).to_be_visible()
    assert visit("/en/actions/").get_by_text("Fri journalistene").count() == 0, "a draft is nobody's business"

    translator = log_in(visit("/admin/login/", locale="en-GB"), somebody(site, "translator", "Translator"))
    translator.get_by_role("link", name="Fri journalistene").click()
    translator.get_by_role("row", name="Fri journalistene").get_by_role("link", name="Translate").last.click()
    translator.wait_for_load_state("networkidle")
    translate(translator, TEXTS)
    translator.get_by_role("button", name="Publish in English").click()
    expect(translator.get_by_text("Published 'Free the journalists' in English.")).to_be_visible()

    norwegian, english = "/nb/aksjoner/fri-journalistene/", "/en/actions/free-the-journalists/"
    sign(visit, norwegian, "Kari", "kari.t@example.org", ("Navnet ditt", "E-postadressen din", "Jeg skriver under"))
    sign(visit, english, "Kari", "KARI.T@example.org", ("Your name", "Your email address", "Add my name"))
    # One person, whatever the language; while the action is open visitors see no number of one.
    assert site.query(TOTAL, "Free the journalists 2026") == [(1,)]
    expect(visit(norwegian).locator("#sign")).to_contain_text("Tallet vises når")
    expect(visit(english).locator("#sign")).to_contain_text("The number is shown once")

    page = visit(norwegian)
    page.get_by_role("navigation", name="Språk").get_by_role("link", name="English").click()
    expect(page).to_have_url(site.address + english)

    editor.goto(f"/admin/pages/{source}/edit/")
    editor.wait_for_load_state("networkidle")
    editor.locator("#id_lead").fill("Krev at alle slippes ut nå.")
    publish(editor, "has been published")
    expect(visit(norwegian).get_by_text("Krev at alle slippes ut nå.")).to_be_visible()
    expect(visit(english).get_by_text("Demand that they are let out.")).to_be_visible()

    translator.goto("/admin/")
    translator.get_by_role("link", name="Fri journalistene (English)").click()
    expect(translator.get_by_text("Krev at de slippes ut.")).to_be_visible()
    expect(translator.get_by_text("Krev at alle slippes ut nå.")).to_be_visible()

    petition = site.query("select id from actions_petition where name = 'Free the journalists 2026'")[0][0]
    editor.goto(f"/admin/signature-forms/{petition}/life/")
    editor.get_by_label("Move the end").check()
    last_day = datetime.now(ZoneInfo("Europe/Oslo")).date() + timedelta(days=40)
    editor.get_by_label("Last day to sign").fill(last_day.isoformat())
    editor.get_by_label("Why").fill("More time")
    editor.get_by_label("Why").press("Enter")  # the calendar lies over the button
    expect(editor.get_by_text("More time")).to_be_visible()
    months = ["januar", "februar", "mars", "april", "mai", "juni", "juli"]
    months += ["august", "september", "oktober", "november", "desember"]
    ends = f"slutter {last_day.day}. {months[last_day.month - 1]}"
    expect(visit(norwegian).locator("#sign")).to_contain_text(ends)
    expect(visit(english).locator("#sign")).to_contain_text(f"ends {last_day:%-d %B}")
    editor.get_by_label("Close now").check()
    editor.get_by_label("Why").fill("They are free")
    editor.get_by_role("button", name="Do it").click()
    expect(editor.get_by_text("They are free")).to_be_visible()
    expect(visit(norwegian).locator("#sign-heading")).to_have_text("Aksjonen er avsluttet")
    expect(visit(english).locator("#sign-heading")).to_have_text("The action has ended")
    assert site.query("select count(*) from actions_signature where petition_id = %s", petition) == [(1,)]


def test_the_screens_of_translators_have_no_serious_finding(visit, site, subtests):
    page = log_in(visit("/admin/login/", locale="en-GB"), somebody(site, "translator", "Translator"))
    action = site.query("select id from wagtailcore_page where slug = 'xinjiang' order by id limit 1")[0][0]
    translation = site.query("select id from wagtail_localize_translation order by id limit 1")[0][0]
    for screen in ("", "?kind=records", f"page/{action}/", f"changes/{translation}/"):
        page.goto("/admin/translations/" + screen)
        for width in (1280, 768):
            change_window(page, width=width, color_scheme="light")
            with subtests.test("axe finds nothing serious", screen=screen, width=width):
                axe.finds_nothing_serious(page)

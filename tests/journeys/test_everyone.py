"""axe on every kind of page in light and dark, nothing from strangers, and nothing that does not fit."""

import pytest

pytestmark = pytest.mark.journey

PAGES = {
    "home": "/nb/",
    "home nn": "/nn/",
    "home en": "/en/",
    "index": "/nb/aksjoner/",
    "open": "/nb/aksjoner/stans-henrettelsene/",
    "open nn": "/nn/aksjonar/stans-avrettingane/",
    "open en": "/en/actions/stop-the-executions/",
    "thanks": "/nb/aksjoner/stans-henrettelsene/thanks/",
    "ended": "/nb/aksjoner/xinjiang/",
    "won": "/nb/aksjoner/avskaff-dodsstraffen/",
    "scheduled": "/nb/aksjoner/la-kvinner-velge/",
    "letter": "/nb/aksjoner/xinjiang/letter/",
    "country": "/nb/land/kina/",
    "countries": "/nb/land/",
    "content": "/nb/personvern/",
    "notice": "/nb/aksjoner/stans-henrettelsene/privacy/",
    "notice en": "/en/actions/stop-the-executions/privacy/",
    "ask for a link": "/nb/my-signature/",
    "link asked": "/nb/my-signature/sent/",
    "bad link": "/nb/my-signature/nothing/",
    "story": "/nb/historier/nar-noen-forsvinner/",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name, scheme, visit, axe):
    page = visit(PAGES[name], color_scheme=scheme)
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_form_with_errors(scheme, visit, axe):
    page = visit(PAGES["open"], color_scheme=scheme)
    page.get_by_role("button", name="Skriv under").click()
    page.wait_for_selector("[data-errors]")
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_asked_from_strangers_and_nothing_is_kept(name, javascript, visit):
    """R17, quick form. Seen to fail with a picture from another host in the footer."""
    page = visit(PAGES[name], javascript=javascript)
    page.wait_for_load_state("networkidle")
    assert page.foreign == []
    assert page.context.cookies() == []
    assert page.context.storage_state()["origins"] == []


@pytest.mark.parametrize("width", [320, 768])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(name, width, visit):
    page = visit(PAGES[name], width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width

"""What the page's script proposes and offers is what the server would: the rules are written down twice, and agree."""

import re
import unicodedata

import pytest
from playwright.sync_api import expect

from actions.rules import address
from tests.people import PEOPLE

from .conftest import take_your_time

pytestmark = pytest.mark.journey

ACTION = "/nb/aksjoner/stans-henrettelsene/"
HOSTS = (
    "hotmail.se", "hotmail.nl", "hotmail.fr", "live.nl", "online.nl", "mail.com", "ymail.com", "gmail.co", "ge.com",
    "gmial.com", "gmail.con", "hotmial.com", "homail.no", "outlok.com", "gmail,com", "example,org", "example.org.",
    "example.org,", "example.org", "Gmial.Com", "gmailcom", "proton.mee", "hotmail.co.uk", "yaho.no", "",
    "gmial.con", "online.on", "hotmail.on", "lvie.no", "hotmail.es", "proton.em",
)  # fmt: skip
WHOLE = (
    "kari,nordmann@example.org", "kari,nordmann@gmial.com", "kari,,nordmann@gmial.com", ".kari@gmial.com",
    "Kari Nordmann <kari@gmail.com>", "Kari Nordmann <kari@gmial.com>", "Nordmann, Kari <kari@example.org>,", "<kari>",
    "Kari Nordmann kari@gmial.com", "kari@example.org; ola@gmial.com", "kari(hjemme)@gmial.com", 'ka"ri@gmial.com',
)  # fmt: skip
PROPOSED = """names => {
    const { name, shown_name: shown, show_name: tick } = document.querySelector('[data-sign-form]').elements;
    tick.click();
    return names.map(typed => {
        name.value = typed;
        name.dispatchEvent(new Event('input'));
        return shown.value;
    });
}"""
OFFERED = """typed => {
    window.setTimeout = look => look();
    const field = document.querySelector('[data-mistyped]');
    const line = document.querySelector('[data-suggestion]');
    return typed.map(address => {
        field.value = address;
        field.dispatchEvent(new Event('change'));
        return line.hidden ? '' : line.querySelector('[data-suggested]').textContent;
    });
}"""


def test_the_script_proposes_what_the_server_does(look):
    """Of whatever is typed as it is kept; marks that nobody sees are the server's to clean."""
    kept = [person for person in PEOPLE if unicodedata.is_normalized("NFC", person.name)]
    found = look(ACTION).evaluate(PROPOSED, [person.name for person in kept])
    assert found == [person.proposed for person in kept]


def test_the_script_offers_what_the_server_does(look):
    """Seen to fail: "Did you mean x@hotmail.no?" of hotmail.se, .nl, .fr and live.nl, and nothing of a comma."""
    typed = [f"x@{host}" for host in HOSTS] + [*WHOLE, "kari", "@gmial.com", ""]
    found = look(ACTION).evaluate(OFFERED, typed)
    assert dict(zip(typed, found, strict=True)) == {each: address.suggestion(each) for each in typed}


def test_the_name_that_is_shown_is_seen_before_it_is_agreed_to(visit):
    page = visit(ACTION)
    page.locator("[data-folded] summary").click()
    name, shown = page.get_by_label("Navnet ditt"), page.get_by_label("Navnet som vises")
    tick = page.get_by_label("Vis navnet jeg skriver her")
    expect(shown).to_be_hidden()
    name.fill("Kari Nordmann")
    tick.check()
    expect(shown).to_have_value("Kari")
    name.fill("Nordmann, Kari")
    expect(shown).to_have_value("")
    name.fill("Kari Nordmann")
    shown.fill("K. N.")
    name.fill("Karianne Nordmann")
    expect(shown).to_have_value("K. N.")
    tick.uncheck()
    expect(shown).to_be_hidden()


def test_without_a_script_it_is_proposed_in_the_form_that_is_shown_again(visit):
    page = visit(ACTION, javascript=False)
    page.get_by_label("Navnet ditt").fill("Kari Nordmann")
    page.get_by_label("E-postadressen din").fill("kari-shown@example.org")
    page.locator("[data-folded] summary").click()
    page.get_by_label("Vis navnet jeg skriver her").check()
    take_your_time(page)
    page.get_by_role("button", name="Jeg skriver under", exact=True).click()
    shown = page.get_by_label("Navnet som vises")
    expect(shown).to_have_value("Kari")
    expect(shown).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Jeg skriver under", exact=True).click()
    expect(page).to_have_url(re.compile(f"{ACTION}thanks/$"))

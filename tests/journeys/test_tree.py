"""What a screen reader is told, in each language: names, what is required, what is wrong, and language of parts."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

WORDS = {
    "nb": {
        "path": "/nb/aksjoner/stans-henrettelsene/",
        "ended": "/nb/aksjoner/xinjiang/",
        "name": "Navnet ditt",
        "email": "E-postadressen din",
        "sign": "Jeg skriver under",
        "wrong": "Skriv navnet ditt.",
        "over": "Aksjonen er avsluttet",
        "letter": "en",
    },
    "nn": {
        "path": "/nn/aksjonar/stans-avrettingane/",
        "ended": "/nn/aksjonar/xinjiang/",
        "name": "Namnet ditt",
        "email": "E-postadressa di",
        "sign": "Eg skriv under",
        "wrong": "Skriv namnet ditt.",
        "over": "Aksjonen er avslutta",
        "letter": "en",
    },
    "en": {
        "path": "/en/actions/stop-the-executions/",
        "ended": "/en/actions/xinjiang/",
        "name": "Your name",
        "email": "Your email address",
        "sign": "Add my name",
        "wrong": "Write your name.",
        "over": "The action has ended",
        "letter": "en",
    },
}


@pytest.fixture(params=list(WORDS))
def words(request):
    return WORDS[request.param] | {"code": request.param}


def test_fields_are_named_and_say_what_is_required(words, look):
    page = look(words["path"])
    expect(page.locator("html")).to_have_attribute("lang", words["code"])
    name = page.get_by_role("textbox", name=words["name"], exact=False)
    expect(name).to_have_attribute("aria-required", "true")
    email = page.get_by_role("textbox", name=words["email"], exact=False)
    expect(email).to_have_attribute("type", "email")
    described = email.get_attribute("aria-describedby")
    assert described
    assert all(page.locator(f"#{part}").count() == 1 for part in described.split())
    expect(page.locator("#sign").get_by_role("button", name=words["sign"], exact=True)).to_be_visible()


def test_what_is_wrong_is_said_at_the_field_and_in_its_language(words, visit):
    page = visit(words["path"], javascript=False)
    page.locator("#sign form").evaluate("form => form.noValidate = true")
    page.locator("#sign button[type=submit]").click()
    name = page.get_by_role("textbox", name=words["name"], exact=False)
    expect(name).to_have_attribute("aria-invalid", "true")
    told = " ".join(page.locator(f"#{part}").inner_text() for part in name.get_attribute("aria-describedby").split())
    assert words["wrong"] in told


def test_an_ended_action_has_a_heading_that_says_so_and_no_field(words, look):
    page = look(words["ended"])
    expect(page.get_by_role("heading", name=words["over"])).to_be_visible()
    assert page.get_by_role("textbox").count() == 0


def test_a_letter_and_the_other_languages_say_which_language_they_are(words, look):
    page = look(words["ended"])
    letter = page.locator(".part-letter [lang]").first
    expect(letter).to_have_attribute("lang", words["letter"])
    expect(letter).to_have_attribute("dir", "ltr")
    links = page.locator(".languages a")
    assert links.count() == 3
    for place in range(3):
        code = links.nth(place).get_attribute("lang")
        assert code in WORDS
        assert links.nth(place).get_attribute("hreflang") == code


def test_what_is_seen_of_a_language_can_be_said_to_the_browser(words, look):
    """Label in name (WCAG 2.5.3). Seen to fail: NB was seen, “Norsk bokmål” alone was its name."""
    page = look(words["path"])
    for code in WORDS:
        expect(page.get_by_role("link", name=re.compile(f"^{code.upper()} – "))).to_have_count(1)


LETTER = {"nb": "Brevet", "nn": "Brevet", "en": "The letter"}


def test_a_letter_is_a_group_with_a_name(words, look):
    """Who listens hears where it begins and ends. Seen to fail: it was plain text in the page."""
    page = look(words["ended"])
    group = page.get_by_role("group", name=LETTER[words["code"]], exact=True)
    expect(group).to_contain_text("Your Excellency,")


# Of a name as assistive technology has it: signs that only the eye needs, and blanks before a sign.
SPOKEN = re.compile(r"[→←↗✓]|\s[:;,.](\s|$)")


@pytest.mark.parametrize("path", ["/nb/aksjoner/xinjiang/", "/nb/", "/nb/rettigheter/", "/nb/land/kina/"])
def test_names_of_links_hold_no_arrow_and_no_blank_before_a_colon(path, look):
    """Seen to fail: “Mer om Kina →”, “Les og skriv under : Stans …”."""
    page = look(path)
    names = re.findall(r"- (?:link|button) \"((?:[^\"\\]|\\.)*)\"", page.locator("body").aria_snapshot())
    assert names
    assert [name for name in names if SPOKEN.search(name)] == []


def test_what_is_wrong_is_read_once(words, visit):
    """The box has the focus; were it an alert as well, it would be read twice. Seen to fail: it was both."""
    page = visit(words["path"])
    page.locator("#sign button[type=submit]").click()
    box = page.locator("[data-errors]")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("role", "group")
    assert box.get_attribute("aria-labelledby")
    assert words["wrong"] in page.locator(f"#{box.get_attribute('aria-describedby')}").inner_text()


STATES = {
    "scheduled": "/nb/aksjoner/la-kvinner-velge/",
    "won": "/nb/aksjoner/avskaff-dodsstraffen/",
    "ended": "/nb/aksjoner/xinjiang/",
    "open": "/nb/aksjoner/stans-henrettelsene/",
    "index": "/nb/aksjoner/",
    "country": "/nb/land/kina/",
    "rights": "/nb/rettigheter/",
    "home": "/nb/",
}
# One first heading, no step skipped, none empty; and a name for all that can be pressed or filled in.
OUTLINE = """() => {
    const seen = [...document.querySelectorAll("h1, h2, h3, h4")].filter(e => e.checkVisibility());
    const levels = seen.map(e => Number(e.tagName[1]));
    return {
        firsts: levels.filter(level => level === 1).length,
        jumps: levels.filter((level, i) => i && level > levels[i - 1] + 1).length,
        empty: seen.filter(e => !e.innerText.trim()).length,
    };
}"""


NAMELESS = """all => all.filter(e => !(e.innerText || e.ariaLabel || e.labels?.[0]?.innerText || e.title))
    .map(e => e.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_an_outline_and_names(state, look, subtests):
    """R38, in each language, by the link that the page itself gives."""
    page = look(STATES[state])
    others = {
        language: page.locator(f'link[rel="alternate"][hreflang="{language}"]').get_attribute("href")
        for language in ("nn", "en")
    }
    _has_outline_and_names(page, "nb")
    for language, address in others.items():
        page.goto(address)
        with subtests.test("outline and names", language=language):
            _has_outline_and_names(page, language)


def _has_outline_and_names(page, language: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)
    found = page.evaluate(OUTLINE)
    assert (found["firsts"], found["jumps"], found["empty"]) == (1, 0, 0), found
    for role in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
    for role in ("link", "button", "textbox", "combobox", "checkbox"):
        assert page.get_by_role(role).evaluate_all(NAMELESS) == [], role

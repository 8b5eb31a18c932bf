"""Every kind of page in light and dark: axe, nothing from strangers, and nothing that does not fit."""

from functools import partial

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from playwright.sync_api import expect

from . import axe
from .conftest import alone, change_window

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
    "accessibility": "/nb/tilgjengelighet/",
    "notice": "/nb/aksjoner/stans-henrettelsene/privacy/",
    "notice en": "/en/actions/stop-the-executions/privacy/",
    "ask for a link": "/nb/my-signature/",
    "link asked": "/nb/my-signature/sent/",
    "wrong address": "/nb/my-signature/wrong-address/",
    "bad link": "/nb/my-signature/nothing/",
    "story": "/nb/historier/nar-noen-forsvinner/",
    "stories": "/nb/historier/",
    "rights": "/nb/rettigheter/",
    "nothing found": "/nb/aksjoner/?q=finnesikke&state=open",
    "embed": "/nb/aksjoner/stans-henrettelsene/embed/",
    "embed thanks": "/nb/aksjoner/stans-henrettelsene/embed/thanks/",
    "embed ended": "/nb/aksjoner/xinjiang/embed/",
}
# The same in the other languages, for the long form.
MORE = {
    "index nn": "/nn/aksjonar/",
    "index en": "/en/actions/",
    "ended nn": "/nn/aksjonar/xinjiang/",
    "ended en": "/en/actions/xinjiang/",
    "thanks nn": "/nn/aksjonar/stans-avrettingane/thanks/",
    "thanks en": "/en/actions/stop-the-executions/thanks/",
    "rights nn": "/nn/rettar/",
    "rights en": "/en/rights/",
    "embed en": "/en/actions/stop-the-executions/embed/",
    "country en": "/en/countries/china/",
    "my signature en": "/en/my-signature/",
}
WITH_CONTROLS = {"open", "index", "thanks", "ask for a link", "embed", "ended", "letter"}
THEMES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}


@pytest.mark.long
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("name", [*PAGES, *MORE])
def test_axe_finds_nothing_in_any_theme_and_width(name, width, theme, visit):
    """R35, long form."""
    axe.finds_nothing(visit((PAGES | MORE)[name], width=width, **THEMES[theme]))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everyone(name, look, subtests):
    """R17, R35, R36 and R39, quick form: one visit, whose window and colours change."""
    page = look(PAGES[name])
    page.wait_for_load_state("networkidle")
    with subtests.test("nothing is asked from strangers"):
        alone(page)
    with subtests.test("axe finds nothing"):
        axe.finds_nothing(page)
    change_window(page, width=768, color_scheme="dark")
    with subtests.test("nothing scrolls sideways on a tablet"):
        assert page.evaluate(WIDTH) <= 768
    with subtests.test("axe finds nothing on a tablet in the dark"):
        axe.finds_nothing(page)
    change_window(page, width=320, color_scheme="light")
    if name in WITH_CONTROLS:
        with subtests.test("controls are large enough to hit"):  # links are looked at by axe's target-size (24 px)
            assert page.evaluate(SMALL) == []
    page.evaluate(ADD_STYLE, SPACING)
    with subtests.test("nothing is cut off at 400 per cent with more room between letters"):
        assert page.evaluate("getComputedStyle(document.body).letterSpacing") != "normal"
        assert page.evaluate(WIDTH) <= 320
        assert page.evaluate(CLIPPED) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_asked_from_strangers_without_script(name, look):
    """R17, quick form. Seen to fail with a picture from another host in the footer."""
    page = look(PAGES[name], javascript=False)
    page.wait_for_load_state("networkidle")
    alone(page)


WIDTH = "document.documentElement.scrollWidth"
# The spacing of WCAG 1.4.12; 1280 px at 400 % are 320.
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }"""
# The page's own policy allows no style in the page; one that a script makes is none.
ADD_STYLE = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets.push(sheet);
}"""
# What is cut off: an element whose words are larger than itself and which hides what sticks out.
CLIPPED = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(e => {
    const style = getComputedStyle(e);
    if (e.closest(".visually-hidden, .trap, [hidden], textarea, select, progress")) return false;
    if (!e.innerText?.trim()) return false;
    return style.overflow === "hidden" && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
}).map(e => e.className || e.tagName)"""
SMALL = """() => [...document.querySelectorAll("main button, main input:not([type=hidden]), main select, main .button")]
    .filter(e => e.checkVisibility() && !e.closest(".trap")).map(e => [e.getBoundingClientRect(), e])
    .filter(([box, e]) => box.height < (e.type === "checkbox" ? 24 : 44))
    .map(([box, e]) => `${e.outerHTML.slice(0, 80)} ${box.height}`)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_form_with_errors(scheme, visit):
    page = visit(PAGES["open"], color_scheme=scheme)
    page.get_by_role("button", name="Jeg skriver under").click()
    page.wait_for_selector("[data-errors]")
    axe.finds_nothing(page)


def _answer(body: str, route) -> None:
    route.fulfill(body=body, content_type="text/html; charset=utf-8")


TROUBLE = [(language, status) for language in ("nb", "nn", "en") for status in (400, 403, 404, 500, 503)]


def test_axe_finds_nothing_on_pages_that_tell_of_trouble(visit, subtests):
    """They ask nothing of the database, and so can be shown without the trouble."""
    page = visit("/robots.txt", width=320)
    for language, status in TROUBLE:
        with override(language):
            body = render_to_string(f"{status}.html")
        page.route("**/trouble", partial(_answer, body))
        page.emulate_media(color_scheme="dark" if status % 2 else "light")
        page.goto("/trouble")
        with subtests.test("page of trouble", language=language, status=status):
            expect(page.locator("html")).to_have_attribute("lang", language)
            assert page.evaluate(WIDTH) <= 320
            axe.finds_nothing(page)
        page.unroute("**/trouble")


def test_nothing_moves_when_motion_is_reduced(visit):
    """R39."""
    page = visit(PAGES["open"], reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll("*")].map(e => getComputedStyle(e))
        .filter(s => parseFloat(s.transitionDuration) > 0 || s.animationName !== "none").length"""
    assert page.evaluate(moving) == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


@pytest.mark.parametrize("name", ["home", "open", "ended", "index"])
def test_a_page_takes_six_requests_without_its_pictures(name, browser, site):
    """R41: page, two style sheets, script, typeface, icon."""
    context = browser.new_context()  # with nothing kept
    kinds: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: kinds.append(request.resource_type))
    page.goto(site.address + PAGES[name])
    page.wait_for_load_state("networkidle")
    context.close()
    without_pictures = sorted(kind for kind in kinds if kind not in ("image", "other"))
    most = ["document", "font", "script", "stylesheet", "stylesheet"]  # the icon is the sixth
    assert without_pictures in (most, [kind for kind in most if kind != "script"])

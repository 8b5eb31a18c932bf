"""The way to a signature, measured: what the first view holds, how many taps it takes, what is folded, what pushes."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import take_your_time
from .test_everyone import ADD_STYLE, SPACING, WIDTH

pytestmark = pytest.mark.journey

OPEN = {
    "nb": "/nb/aksjoner/stans-henrettelsene/",
    "nn": "/nn/aksjonar/stans-avrettingane/",
    "en": "/en/actions/stop-the-executions/",
}
OF_THE_FORM = ("#sign-name", "#sign-email", "#sign button[type=submit]")
BOX = "e => { const box = e.getBoundingClientRect(); return { top: box.top, bottom: box.bottom }; }"


def box(page, selector: str) -> dict:
    return page.locator(selector).first.evaluate(BOX)


def sees(page, selector: str) -> bool:
    """Whether all of it lies in the window, and nothing lies over it."""
    return page.locator(selector).first.evaluate(
        """e => {
            const box = e.getBoundingClientRect();
            const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return box.top >= 0 && box.bottom <= innerHeight && (e === over || e.contains(over));
        }"""
    )


@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1440, 900), (1920, 1080)], ids=str)
@pytest.mark.parametrize("language", OPEN)
def test_a_desktop_shows_name_address_and_button_at_once(language, size, look):
    """The form began at 578 px, its first field at 981, its button at 1 857."""
    page = look(OPEN[language])
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert [part for part in OF_THE_FORM if not sees(page, part)] == []
    expect(page.locator("[data-sign-bar]")).to_be_hidden()


@pytest.mark.parametrize("language", OPEN)
def test_a_telephone_has_them_within_one_window_of_the_title(language, look):
    """They were 4.6 windows down. One movement of the thumb brings the title to the top, and the button in sight."""
    page = look(OPEN[language])
    page.set_viewport_size({"width": 390, "height": 844})
    title, button = box(page, "h1"), box(page, OF_THE_FORM[-1])
    assert title["top"] < 844 / 2
    assert button["bottom"] - title["top"] <= 844


@pytest.mark.parametrize("size", [(390, 844), (1280, 720)], ids=str)
def test_the_picture_leaves_room(size, look):
    page = look(OPEN["nb"])
    page.set_viewport_size({"width": size[0], "height": size[1]})
    picture = box(page, ".hero img")
    assert picture["bottom"] - picture["top"] <= 0.4 * size[1] + 1


def test_somebody_new_signs_with_four_taps_and_two_texts(visit, site):
    """It took five: the bar, name, address, age and button."""
    page = visit(OPEN["nb"], width=390, has_touch=True, is_mobile=True)
    page.set_viewport_size({"width": 390, "height": 844})
    taps = texts = 0
    if not sees(page, "#sign-name"):
        page.locator("[data-sign-bar]").tap()
        taps += 1
    for field, words in (("#sign-name", "Kari Nordmann"), ("#sign-email", "four.taps@example.org")):
        page.locator(field).tap()
        page.keyboard.type(words)
        taps, texts = taps + 1, texts + 1
    take_your_time(page)
    page.locator("#sign button[type=submit]").tap()
    expect(page).to_have_url(re.compile("/thanks/"))
    assert (taps + 1, texts) <= (4, 2)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_bar_is_there_while_the_button_is_not(width, visit):
    """It was taken away by one pixel of the panel, with the button a thousand further down."""
    page = visit(OPEN["nb"], width=width)
    page.set_viewport_size({"width": width, "height": 400})
    bar, button = page.locator("[data-sign-bar]"), page.locator("#sign button[type=submit]")
    button.scroll_into_view_if_needed()
    expect(bar).to_be_hidden()
    button.evaluate("e => scrollBy(0, e.getBoundingClientRect().bottom + 10)")  # the panel's last lines are in sight
    expect(bar).to_be_visible()
    page.locator("footer").scroll_into_view_if_needed()
    expect(bar).to_be_visible()
    bar.click()
    page.locator("#sign-email").focus()
    expect(bar).to_be_hidden()


def test_the_bar_tells_the_number_beside_a_long_story(look):
    page = look(OPEN["nb"])
    page.locator(".action-page__story").evaluate("e => scrollTo(0, e.getBoundingClientRect().bottom + scrollY - 800)")
    bar = page.locator("[data-sign-bar]")
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("av 5\xa0000")
    place = bar.evaluate(
        "e => [e.getBoundingClientRect().left, document.querySelector('#sign .panel').getBoundingClientRect().left]"
    )
    assert abs(place[0] - place[1]) < 2


def test_a_very_low_window_is_not_covered_by_the_bar(look):
    page = look(OPEN["nb"])
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.locator("[data-sign-bar]").evaluate("e => getComputedStyle(e).position") == "static"


@pytest.mark.parametrize("javascript", [True, False])
def test_what_need_not_be_filled_in_is_folded_until_it_holds_something(javascript, visit):
    page = visit(OPEN["nb"], javascript=javascript)
    folded, country = page.locator("[data-folded]"), page.get_by_label("Land")
    expect(country).to_be_hidden()
    expect(page.get_by_label("hvordan det går med denne aksjonen")).to_be_hidden()
    folded.locator("summary").click()
    country.select_option("NO")
    page.locator("#sign button[type=submit]").click()  # without a name
    expect(page).to_have_title(re.compile("^Feil:"))
    expect(country).to_be_visible()
    expect(country).to_have_value("NO")


@pytest.mark.parametrize("javascript", [True, False])
def test_it_stays_folded_when_only_the_name_is_missing(javascript, visit):
    page = visit(OPEN["nb"], javascript=javascript)
    page.locator("#sign button[type=submit]").click()
    expect(page).to_have_title(re.compile("^Feil:"))
    expect(page.get_by_label("Land")).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False])
def test_an_error_among_the_folded_can_be_seen_and_reached(javascript, visit):
    page = visit(OPEN["nb"], javascript=javascript)
    page.locator("[data-folded] summary").click()
    page.locator("#sign-place").fill("<Oslo>")
    page.locator("#sign button[type=submit]").click()
    expect(page).to_have_title(re.compile("^Feil:"))
    page.locator("[data-errors] a[href='#sign-place']").click()
    expect(page.locator("#sign-place")).to_be_focused()
    expect(page.locator("#sign-place")).to_be_visible()


def test_what_a_browser_fills_in_by_itself_is_not_sent_unseen(visit):
    page = visit(OPEN["nb"])
    page.locator("#sign-place").evaluate(
        "e => { e.value = 'Oslo'; e.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    expect(page.locator("#sign-place")).to_be_visible()


def test_enter_in_the_name_goes_on_to_an_empty_address(visit):
    page = visit(OPEN["nb"])
    expect(page.locator("#sign-name")).to_have_attribute("enterkeyhint", "next")
    expect(page.locator("#sign-email")).to_have_attribute("enterkeyhint", "send")
    page.locator("#sign-name").press_sequentially("Kari")
    page.keyboard.press("Enter")
    expect(page.locator("#sign-email")).to_be_focused()
    expect(page.locator("[data-errors]")).to_have_count(0)


def test_the_form_is_a_region_of_the_page_and_no_aside(look):
    page = look(OPEN["nb"])
    expect(page.get_by_role("region", name="Krev at henrettelsene stanser")).to_have_id("sign")
    assert page.get_by_role("complementary").filter(has=page.locator("form")).count() == 0


def test_who_stands_behind_it_is_said_at_the_form(look):
    told = look(OPEN["nb"]).locator("#sign .behind")
    expect(told).to_contain_text("Rettighetsforeningen (organisasjonsnummer 000 000 000) står bak aksjonen.")
    expect(told).to_contain_text("Siden 2022 har vi overlevert signaturene fra 3 aksjoner.")


def test_one_line_tells_how_far_and_until_when_and_the_day_stands_below_the_button(look):
    page = look(OPEN["nb"])
    line = page.locator("#sign .figures__line")
    words = re.compile(r"^\s*3\s\d{3} av 5\s000 har skrevet under\s+slutter \d+\. [a-z]+\s*$")
    expect(line).to_have_text(words)
    assert line.evaluate("e => e.getClientRects().length") == 1
    assert box(page, "#sign .figures__line")["bottom"] < box(page, "#sign-name")["top"]
    expect(page.locator("#sign .figures__lately")).to_have_text(re.compile(r"^\d+ flere siste døgn$"))
    assert box(page, "#sign .figures__lately")["top"] > box(page, OF_THE_FORM[-1])["bottom"]


LONG = (
    "Forsvar menneskerettsforsvarere, menneskerettighetsforkjempere og minoritetsspråkopplæringsansvarlige "
    "i verdensorganisasjonen"
)
KINDS = {
    "home": "/nb/",
    "index": "/nb/aksjoner/",
    "open": OPEN["nb"],
    "ended": "/nb/aksjoner/xinjiang/",
    "scheduled": "/nb/aksjoner/la-kvinner-velge/",
    "thanks": OPEN["nb"] + "thanks/",
    "notice": OPEN["nb"] + "privacy/",
    "letter": "/nb/aksjoner/xinjiang/letter/",
    "country": "/nb/land/kina/",
    "countries": "/nb/land/",
    "rights": "/nb/rettigheter/",
    "content": "/nb/tilgjengelighet/",
    "story": "/nb/historier/nar-noen-forsvinner/",
    "stories": "/nb/historier/",
    "my signature": "/nb/my-signature/",
    "embed": OPEN["nb"] + "embed/",
    "missing": "/nb/finnes-ikke/",
}
# The longest words, in every heading and every link of a card.
WRITE = """title => document.querySelectorAll("main :is(h1, h2, h3), .card__title a, .brand__name").forEach(e => {
    (e.querySelector("a") ?? e).textContent = title;
})"""


@pytest.mark.parametrize("kind", KINDS)
def test_long_words_push_no_page_sideways(kind, look, subtests):
    """At 390 px the page scrolled 44 px sideways with “menneskerettsforsvarere” in the title, at 320 px 90."""
    page = look(KINDS[kind])
    page.evaluate(WRITE, LONG)
    for width in (1280, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        with subtests.test("as it is", width=width):
            assert page.evaluate(WIDTH) <= width
    page.evaluate(ADD_STYLE, SPACING)
    with subtests.test("with more room between letters"):
        assert page.evaluate(WIDTH) <= 320


def test_a_telephone_gives_the_name_the_room_of_languages_that_are_missing(look, site):
    page = look(OPEN["nb"])
    page.locator(".languages li").last.evaluate(
        'e => { e.innerHTML = \'<a class="languages__missing" href="/en/"><span>EN not yet</span></a>\'; }'
    )
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator(".languages__missing")).to_be_hidden()
    lines = page.locator(".brand__name").evaluate("e => e.getClientRects().length")
    assert lines == 1
    page.set_viewport_size({"width": 1280, "height": 740})
    expect(page.locator(".languages__missing")).to_be_visible()


ARABIC = "الحرية للجميع. لا لعقوبة الإعدام."
RIGHT = """e => {
    const range = document.createRange();
    range.selectNodeContents(e);
    const words = range.getBoundingClientRect(), box = e.getBoundingClientRect();
    return Math.abs(words.right - box.right) < Math.abs(words.left - box.left) || words.width > box.width - 4;
}"""


@pytest.mark.parametrize("place", ["h1", ".lead", ".part-section p", ".part-section h2", ".part-demands li"])
def test_what_editors_write_runs_as_its_letters_do(place, look):
    page = look(OPEN["nb"])
    words = page.locator(f"main {place}").first
    words.evaluate("(e, text) => { e.textContent = text; e.style.inlineSize = '100%'; }", ARABIC)
    assert words.evaluate("e => e.closest('[dir=auto]') !== null")
    assert words.evaluate(RIGHT)

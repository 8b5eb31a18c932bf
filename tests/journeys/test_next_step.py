"""After and around signing, in a real browser: the next one in one step, a lost connection, a form on another site."""

import re

import pytest
from playwright.sync_api import expect

from . import axe
from .conftest import take_your_time

pytestmark = pytest.mark.journey

OPEN = "/nb/aksjoner/stans-henrettelsene/"
OTHER = "/nb/aksjoner/la-jenter-ga-pa-skole/"
COUNT = """select count(*) from actions_signature s join actions_petition p on p.id = s.petition_id
    where p.name = %s and s.signed_at > now() - interval '2 minutes' and s.state in ('counted', 'awaiting')"""


def fill(page, address: str) -> None:
    page.get_by_label("Navnet ditt").fill("Kari Nordmann")
    page.get_by_label("E-postadressen din").fill(address)
    take_your_time(page)


def sign(page) -> None:
    page.get_by_role("button", name="Jeg skriver under", exact=True).click()


def is_wholly_of_now(page) -> None:
    """What stands around the main part is that of the page that is shown. Seen to fail: the way past the menu led to a
    form that was gone, and the languages to the page before."""
    axe.finds_nothing(page)
    assert page.locator(".skip").evaluate_all("all => all.map(link => link.hash)") == ["#content"]
    shown = page.locator(".languages a").evaluate_all("all => all.map(link => link.getAttribute('href'))")
    loaded = page.request.get(page.url).text()
    assert shown
    assert shown == re.findall(r'href="([^"]+)"', loaded[loaded.index('class="languages"') :].split("</nav>")[0])


def test_the_next_action_is_signed_in_one_step_and_leaving_forgets(visit, site):
    page = visit(OPEN)
    fill(page, "next.step@example.org")
    sign(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Takk")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    is_wholly_of_now(page)
    [(before,)] = site.query(COUNT, "Afghanistan: school")
    expect(page.locator("[data-as]")).to_have_text("Kari Nordmann, next.step@example.org")
    page.get_by_role("button", name="Skriv under på denne også").click()
    expect(page).to_have_url(re.compile(f"{OTHER}thanks/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Bare ett steg igjen")  # this one is to be confirmed
    assert site.query(COUNT, "Afghanistan: school") == [(before + 1,)]
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    page.reload()
    assert "next.step@example.org" not in page.content()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bare ett steg igjen")
    assert page.locator("[data-next]:visible").count() == 0


def test_back_from_the_thank_you_page_is_an_empty_form(visit):
    page = visit(OPEN)
    fill(page, "back.again@example.org")
    sign(page)
    expect(page).to_have_url(re.compile("/thanks/$"))
    page.go_back()
    expect(page.get_by_label("E-postadressen din")).to_have_value("")


def test_a_lost_connection_is_said_and_nothing_typed_is_lost(visit, site):
    page = visit(OPEN)
    fill(page, "offline@example.org")
    page.route("**" + OPEN, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    sign(page)
    notice = page.get_by_role("group", name="Vi vet ikke om signaturen din ble registrert")
    expect(notice).to_be_focused()
    assert page.get_by_role("alert").count() == 0, "it would be said twice"
    expect(page).to_have_title(re.compile("^Feil: "))
    expect(page.get_by_label("E-postadressen din")).to_have_value("offline@example.org")
    page.unroute("**" + OPEN)
    sign(page)
    expect(page).to_have_url(re.compile("/thanks/$"))
    expect(page).to_have_title(re.compile("^(?!Feil)"))


def test_too_much_from_one_network_is_said_as_the_server_says_it(visit):
    """Seen to fail: “check that you are online”."""
    page = visit(OPEN)
    fill(page, "too.many@example.org")
    html = "<!doctype html><title>For mange</title><main><h1>For mange på en gang</h1></main>"
    page.route(
        "**" + OPEN,
        lambda route: (
            route.fulfill(status=429, body=html, content_type="text/html; charset=utf-8")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    sign(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("For mange på en gang")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_what_the_server_refused_stays_marked_until_it_is_asked_again(visit):
    """Seen to fail: the mark went and the words stayed."""
    page = visit(OPEN)
    fill(page, "kari@gmial,com")
    sign(page)
    field = page.get_by_label("E-postadressen din")
    expect(field).to_have_attribute("aria-invalid", "true")
    take = page.locator("[data-take]")
    expect(take).to_have_accessible_name(re.compile(r"^\S.* kari@gmail\.com$"))
    take.click()
    expect(field).to_have_value("kari@gmail.com")
    expect(field).to_have_attribute("aria-invalid", "true")
    axe.finds_nothing(page)


def test_pressing_twice_signs_once(visit, site):
    page = visit(OPEN)
    fill(page, "twice.pressed@example.org")
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.get_by_role("button", name="Jeg skriver under", exact=True).dblclick()
    expect(page).to_have_url(re.compile("/thanks/$"))
    assert len(sent) == 1


def test_an_address_is_looked_at_when_its_field_is_left(visit):
    page = visit(OPEN)
    field = page.get_by_label("E-postadressen din")
    check = page.locator("[data-check]")
    # What is said of it appears in a region that was there before: seen to fail, it came together with its words.
    region = page.locator("[aria-live=polite]").filter(has=check)
    expect(region).to_be_attached()
    assert region.evaluate("e => !e.hidden && e.innerText.trim() === ''")
    field.fill("kari")
    expect(check).to_be_hidden()
    field.blur()
    expect(check).to_be_visible()
    expect(region).to_contain_text("kari@example.org")
    assert check.get_attribute("id") in field.get_attribute("aria-describedby")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("kari@example.org")
    expect(check).to_be_hidden()
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_the_total_is_made_new_in_silence(visit, site):
    page = visit(OPEN)
    page.clock.install()
    page.reload()
    number = page.locator(".panel .figures__total strong")
    before = int(re.sub(r"\D", "", number.inner_text()))
    step = (
        "update actions_publicnumber set number = number + %s "
        "where petition_id = (select id from actions_petition where name = %s)"
    )
    site.query(step, 7, "Iran: executions")
    try:
        page.clock.fast_forward(61_000)
        expect(number).to_have_text(re.compile(rf"{before + 7:,}".replace(",", r"\s")))
        assert page.locator(".figures [aria-live], .figures [role=status]").count() == 0
    finally:
        site.query(step, -7, "Iran: executions")


@pytest.fixture
def frame(visit, site):
    """A page of another site that shows the form in a frame: `frame("https://www.example.org")`."""
    site.query("update actions_petition set embed_hosts = 'www.example.org' where name = 'Iran: executions'")

    def shown(origin: str, *, attributes: str = "", **options):
        page = visit("/nb/personvern/", ignore_https_errors=True, **options)
        html = (
            f'<!doctype html><title>Elsewhere</title><iframe src="{site.address}{OPEN}embed/" width="600" height="700" '
            f'{attributes}></iframe><script src="{site.address}/static/js/embed-host.js"></script>'
        )
        page.route(origin + "/**", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(origin + "/")
        return page, page.frame_locator("iframe")

    yield shown
    site.query("update actions_petition set embed_hosts = '' where name = 'Iran: executions'")


@pytest.mark.parametrize("javascript", [True, False])
def test_the_form_is_signed_in_a_frame_on_another_site(javascript, frame, site):
    page, form = frame("https://www.example.org", javascript=javascript)
    form.get_by_label("Navnet ditt").fill("Kari Nordmann")
    form.get_by_label("E-postadressen din").fill(f"framed.{javascript}@example.org")
    if javascript:
        expect(page.locator("iframe")).to_have_attribute("style", re.compile(r"height: \d{3,4}px"))
    take_your_time(page)
    form.get_by_role("button", name="Jeg skriver under", exact=True).click()
    expect(form.get_by_role("heading", level=1)).to_have_text("Takk")
    assert page.url == "https://www.example.org/"
    assert page.context.cookies() == []


def sign_in(page, form, address: str) -> None:
    form.get_by_label("Navnet ditt").fill("Kari Nordmann")
    form.get_by_label("E-postadressen din").fill(address)
    take_your_time(page)
    form.locator("[data-sign-form] button[type=submit]").click()
    expect(form.get_by_role("heading", level=1)).to_have_text("Takk")


def test_a_frame_becomes_lower_with_what_is_in_it(frame):
    """Seen to fail: it stayed as high as the form, with more than a thousand empty pixels under the thanks."""
    page, form = frame("https://www.example.org")
    at_first = page.locator("iframe")
    expect(at_first).to_have_attribute("style", re.compile(r"height: \d{3,4}px"))
    before = at_first.bounding_box()["height"]
    sign_in(page, form, "lower@example.org")
    page.wait_for_function("before => document.querySelector('iframe').clientHeight < before - 200", arg=before)
    empty = form.locator("body").evaluate("e => innerHeight - e.getBoundingClientRect().height")
    assert abs(empty) <= 2


LEAVE = 'allow="clipboard-write; web-share"'
REFUSES = "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"
OLD = "document.execCommand = () => false;"


@pytest.mark.parametrize(("attributes", "changed"), [(LEAVE, ""), ("", ""), ("", REFUSES)], ids=["leave", "none", "no"])
def test_the_address_is_copied_in_a_frame(attributes, changed, frame):
    """With leave, and by the old way without. Seen to fail: nothing happened, without a word."""
    page, form = frame("https://www.example.org", attributes=attributes)
    sign_in(page, form, f"copied.{len(attributes + changed)}@example.org")
    form.locator("body").evaluate(f"() => {{ {changed} }}")
    form.locator(".share summary").click()
    form.get_by_role("button", name="Kopier lenken").click()
    expect(form.get_by_role("status").filter(has_text="Kopiert")).to_be_visible()
    expect(form.get_by_label("Adressen til aksjonen")).to_be_hidden()
    form.get_by_role("link", name="Les mer").evaluate("e => e.insertAdjacentHTML('afterend', '<textarea></textarea>')")
    form.locator("textarea").last.press("Control+v")
    assert form.locator("textarea").last.input_value().endswith(f"{OPEN}?s=copy")


def test_where_nothing_can_be_copied_the_address_is_chosen_and_that_is_said(frame):
    """Seen to fail: an unhandled refusal, and the button as before."""
    page, form = frame("https://www.example.org")
    sign_in(page, form, "not.copied@example.org")
    form.locator("body").evaluate(f"() => {{ {REFUSES} {OLD} }}")
    form.locator(".share summary").click()
    form.get_by_role("button", name="Kopier lenken").click()
    expect(form.get_by_role("status").filter(has_text="Nettleseren")).to_be_visible()
    address = form.get_by_label("Adressen til aksjonen")
    expect(address).to_be_focused()
    assert address.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)").endswith(f"{OPEN}?s=copy")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_sandboxed_frame_leads_out_in_a_new_tab(javascript, frame):
    """Seen to fail: “fill it in here instead”, again and again."""
    sandbox = 'sandbox="allow-forms allow-scripts allow-popups allow-popups-to-escape-sandbox"'
    page, form = frame("https://www.example.org", attributes=sandbox, javascript=javascript)
    if javascript:  # told before anything is typed
        expect(form.locator("form")).to_be_hidden()
    else:
        form.get_by_label("Navnet ditt").fill("Kari Nordmann")
        form.get_by_role("button", name="Jeg skriver under", exact=True).click()
    with page.context.expect_page() as opened:
        form.get_by_role("link", name="Skriv under i en ny fane").click()
    expect(opened.value.get_by_label("Navnet ditt")).to_be_visible()
    assert opened.value.url.endswith(OPEN)


def test_a_site_that_was_not_named_cannot_show_it(frame):
    page, form = frame("https://evil.example.com")
    page.wait_for_timeout(500)
    assert form.locator("form").count() == 0


def test_the_age_that_was_met_goes_along_and_a_higher_one_is_asked(visit, site):
    """One tap where the age rule is met already, else a tick and a tap. Seen to fail on the code of before: an action
    with an age rule offered no way but its page."""
    site.query("update actions_petition set minimum_age = %s where name = 'Afghanistan: school'", 15)
    try:
        page = visit(OPEN)
        fill(page, "same.age@example.org")
        sign(page)
        expect(page.locator("[data-as]")).to_have_text("Kari Nordmann, same.age@example.org")
        expect(page.get_by_label("Jeg er 15 år eller eldre")).to_be_hidden()
        page.get_by_role("button", name="Skriv under på denne også").click()
        expect(page).to_have_url(re.compile(f"{OTHER}thanks/$"))
        site.query("update actions_petition set minimum_age = %s where name = 'Afghanistan: school'", 18)
        page = visit(OPEN)
        fill(page, "higher.age@example.org")
        sign(page)
        page.get_by_label("Jeg er 18 år eller eldre").check()
        page.get_by_role("button", name="Skriv under på denne også").click()
        expect(page).to_have_url(re.compile(f"{OTHER}thanks/$"))
    finally:
        site.query("update actions_petition set minimum_age = null where name = 'Afghanistan: school'")


def test_a_telephone_shows_one_way_to_share_first(visit, site):
    """The device's own where there is one, else a text message; the rest is behind one line."""
    page = visit(OPEN + "thanks/", width=390, has_touch=True, is_mobile=True)
    shown = page.locator(".share .button--full:visible").all_inner_texts()
    assert shown in (["Del …"], ["Send som tekstmelding"])
    assert not page.locator(".share details a").first.is_visible()
    page.locator(".share summary").click()
    expect(page.locator(".share details a").first).to_be_visible()

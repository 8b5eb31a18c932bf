"""Whoever comes too late, in a pause, or from elsewhere sees and hears it: scrolled to, focused, in the title.

On a telephone and a desktop, on the page, in the form for frames, and from "sign one more"; with a script and without.
"""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import Route, expect

from tests.chromium import find

from . import axe
from .conftest import take_your_time
from .test_next_step import OPEN, OTHER, fill, sign

pytestmark = pytest.mark.journey

SIZES = [(360, 640), (1280, 800)]
NAMES = {OPEN: "Iran: executions", OTHER: "Afghanistan: school"}
# What has happened since the page was opened, the status that says so, and the words.
CASES = {
    "ended": ("ends_at = now() - interval '1 second'", 410, "Du kom akkurat for sent"),
    "ended long ago": (
        "opens_at = now() - interval '400 days', ends_at = now() - interval '300 days'",
        410,
        "Siste dag for å skrive under var|ble avsluttet",
    ),
    "paused": ("paused = true", 409, "Vi tar en pause akkurat nå"),
    "not yet": ("opens_at = now() + interval '1 day'", 409, "ikke åpnet ennå"),
    "elsewhere": ("", 403, "sendt fra et annet nettsted|hindrer at det blir sendt"),
}


@contextmanager
def changed(site, path: str, change: str):
    """Let a form be changed for a while."""
    name = NAMES[path]
    [before] = site.query("select opens_at, ends_at, paused from actions_petition where name = %s", name)
    try:
        if change:
            site.query(f"update actions_petition set {change} where name = %s", name)
        yield
    finally:
        put_back = "update actions_petition set opens_at = %s, ends_at = %s, paused = %s where name = %s"
        site.query(put_back, *before, name)


def count(site) -> int:
    return site.query("select count(*) from actions_signature")[0][0]


def through_another_site(page, path: str) -> None:
    """Let the browser's POST say that it comes from elsewhere."""

    def send(route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        headers = {**route.request.headers, "sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}
        return route.fulfill(response=route.fetch(headers=headers))

    page.route(f"**{path}*", send)


def is_told(page, words: str) -> None:
    """The notice is where one looks, has the focus, and its title says it."""
    notice = page.locator("[data-said]")
    expect(notice).to_contain_text(re.compile(words))
    expect(notice).to_contain_text(re.compile("ikke registrert|akkurat for sent"))
    expect(notice).to_be_focused()
    expect(notice).to_be_in_viewport(ratio=1)  # without a script the browser scrolls there by itself, and slowly
    expect(page).to_have_title(re.compile("^Ikke registrert: "))


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("part", ["", "embed/"])
def test_what_was_not_recorded_is_seen_and_heard(part, case, width, height, javascript, visit, site):
    """Seen to fail with a script: the notice lay 870 to 4 588 px above the window, and the focus was nowhere."""
    change, _status, words = CASES[case]
    page = visit(OPEN + part, javascript=javascript, width=width)
    page.set_viewport_size({"width": width, "height": height})
    fill(page, "late.answer@example.org")
    before = count(site)
    with changed(site, OPEN, change):
        if case == "elsewhere":
            through_another_site(page, OPEN + part)
        sign(page)
        is_told(page, words)
        assert "late.answer@example.org" not in page.content()
    assert count(site) == before
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if javascript:
        axe.finds_nothing(page)


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("case", ["ended", "paused"])
def test_so_is_the_next_one_and_its_address_is_shown(case, width, height, visit, site):
    """Seen to fail: its title stood over the address of the thanks for the first one, 1 922 px above the window."""
    change, _status, words = CASES[case]
    page = visit(OPEN, width=width)
    page.set_viewport_size({"width": width, "height": height})
    fill(page, f"next.{case}.{width}@example.org")
    sign(page)
    expect(page).to_have_url(re.compile("/thanks/$"))
    take_your_time(page)
    with changed(site, OTHER, change):
        page.get_by_role("button", name="Skriv under på denne også").first.click()
        is_told(page, words)
        expect(page).to_have_url(re.compile(f"{OTHER}$"))
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Takk")


def rename(site, old: str, new: str) -> None:
    """As Wagtail writes it down; that it does so is seen in tests/web/test_old_addresses.py."""
    site.query("delete from wagtailredirects_redirect")
    site.query(
        "update wagtailcore_page set slug = %s, url_path = replace(url_path, %s, %s) where slug = %s",
        new, f"/{old}/", f"/{new}/", old,
    )  # fmt: skip
    site.query(
        "insert into wagtailredirects_redirect (old_path, is_permanent, redirect_page_id, redirect_page_route_path, "
        "redirect_link, automatically_created) select %s, true, id, '', '', true from wagtailcore_page where slug = %s",
        f"/nb/aksjoner/{old}", new,
    )  # fmt: skip


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("part", ["", "embed/"])
def test_a_page_that_stood_open_while_its_address_changed_is_signed(part, javascript, visit, site):
    """Seen to fail: 301, an empty form, no word, and nothing was recorded."""
    old, new = OPEN.strip("/").split("/")[-1], "ny-adresse"
    page = visit(f"{OPEN}{part}?s=street", javascript=javascript)
    fill(page, f"renamed{len(part)}.{javascript}@example.org".lower())
    before = count(site)
    rename(site, old, new)
    try:
        sign(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Takk")
        expect(page).to_have_url(re.compile(f"/{new}/{part}thanks/$"))
        assert count(site) == before + 1
    finally:
        rename(site, new, old)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_page_that_stood_open_while_it_was_taken_down_says_so(javascript, visit, site):
    page = visit(OPEN, javascript=javascript, width=360)
    page.set_viewport_size({"width": 360, "height": 640})
    fill(page, "taken.down@example.org")
    site.query("update wagtailcore_page set live = false where slug = %s", OPEN.strip("/").split("/")[-1])
    try:
        sign(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Signaturen din ble ikke registrert")
        expect(page.locator("[data-said]")).to_be_focused()
        expect(page).to_have_title(re.compile("^Ikke registrert: "))
    finally:
        site.query("update wagtailcore_page set live = true where slug = %s", OPEN.strip("/").split("/")[-1])


def minutes_later(page) -> None:
    page.clock.fast_forward(61_000)


@pytest.fixture
def left_open(visit):
    """A page of which nobody has touched anything, and whose clock the test turns."""

    def opened(path: str = OPEN):
        page = visit(path)
        page.clock.install()
        page.reload()
        expect(page.locator("[data-sign-form]")).to_be_visible()
        return page

    return opened


@pytest.mark.parametrize(
    ("change", "said", "then"),
    [
        ("ends_at = now() - interval '1 second'", "Aksjonen er nettopp avsluttet", "Aksjonen er avsluttet"),
        ("paused = true", "Signeringen er nettopp satt på pause", "Vi tar en pause"),
    ],
)
@pytest.mark.parametrize("part", ["", "embed/"])
def test_a_page_that_is_left_open_turns_into_that_of_now_after_a_word(part, change, said, then, left_open, site):
    """Seen to fail: buttons and boxes were taken for something typed, and the form stood there for ever."""
    page = left_open(OPEN + part)
    with changed(site, OPEN, change):
        minutes_later(page)
        expect(page.locator("[data-status]").filter(has_text=said)).to_have_count(1)
        expect(page.locator(".figures__left")).to_have_text(re.compile(said))
        expect(page.locator("[data-sign-form]")).to_be_visible()
        page.clock.fast_forward(7_000)
        expect(page.locator("#sign-heading")).to_have_text(then)
        expect(page.locator("[data-sign-form]")).to_have_count(0)


def test_whoever_reads_when_it_ends_stays_where_they_are(left_open, site):
    """Seen to fail: the page was loaded anew under the reader."""
    page = left_open()
    page.locator(".action-page__story a").last.focus()
    page.evaluate("() => { document.querySelector('.action-page__story').dataset.before = ''; }")
    with changed(site, OPEN, "ends_at = now() - interval '1 second'"):
        minutes_later(page)
        expect(page.locator(".figures__left")).to_have_text(re.compile("Aksjonen er nettopp avsluttet"))
        page.clock.fast_forward(7_000)
        expect(page.locator("#sign-heading")).to_have_text("Aksjonen er avsluttet")
        expect(page.locator(".action-page__story[data-before] a").last).to_be_focused()
        expect(page.locator(".action-page__story a").last).to_be_in_viewport()
        expect(page.locator("[data-sign-bar], .skip[href='#sign']")).to_have_count(0)
        axe.finds_nothing(page)


def folded(page):
    """What need not be filled in, opened."""
    page.locator("[data-folded] summary").click()
    return page


USES = {
    "a letter": lambda page: page.get_by_label("Navnet ditt").fill("K"),
    "a tick": lambda page: folded(page).get_by_label("hvordan det går med denne aksjonen").check(),
    "a choice": lambda page: folded(page).get_by_label("Land").select_option("NO"),
    "is about to": lambda page: page.get_by_label("Navnet ditt").focus(),
}


@pytest.mark.parametrize("use", USES)
def test_what_somebody_has_begun_is_never_taken_away(use, left_open, site):
    page = left_open()
    USES[use](page)
    with changed(site, OPEN, "ends_at = now() - interval '1 second'"):
        minutes_later(page)
        expect(page.locator("[data-status]").filter(has_text="Aksjonen er nettopp avsluttet")).to_have_count(1)
        page.clock.fast_forward(7_000)
        minutes_later(page)
        expect(page.locator("[data-sign-form]")).to_be_visible()


def test_the_time_that_is_left_is_made_new(left_open, site):
    """Seen to fail: it said for ever how many minutes there were when the page was opened."""
    with changed(site, OPEN, "ends_at = now() + interval '50 minutes'"):
        page = left_open()
        left = page.locator(".figures__left")
        words = re.compile(r"^\s*slutter om (\d+ minutter|1 dag, \d+\. \w+)\s*$")  # a day, where midnight lies between
        expect(left).to_have_text(words)
        left.evaluate("shown => { shown.textContent = 'as it was long ago'; }")
        minutes_later(page)
        expect(left).to_have_text(words)


def test_a_form_on_its_way_gives_a_sign_of_life_and_an_answer_that_never_comes_is_told(visit, site):
    """Seen to fail: the button stood there as before, for as long as the network hung."""
    page = visit(OPEN)
    page.clock.install()
    page.reload()
    fill_at_once(page, "hangs@example.org")
    waiting = []
    page.route(
        f"**{OPEN}", lambda route: (waiting.append if route.request.method == "POST" else Route.continue_)(route)
    )
    button = page.locator("[data-sign-form] [type=submit]")
    words = button.inner_text()
    sign(page)
    expect(button).to_have_text("Sender …")
    expect(page.locator("[data-sign-form]")).to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-status]").filter(has_text="Sender …")).to_have_count(1)
    page.clock.fast_forward(21_000)
    notice = page.locator("[data-unreachable]")
    expect(notice).to_contain_text("Vi vet ikke om signaturen din ble registrert")
    expect(notice).to_be_focused()
    expect(button).to_have_text(words)
    assert page.locator("[data-sign-form]").get_attribute("aria-busy") is None
    expect(page.get_by_label("E-postadressen din")).to_have_value("hangs@example.org")
    page.unroute(f"**{OPEN}")
    sign(page)
    expect(page).to_have_url(re.compile("/thanks/$"))
    assert len(waiting) == 1


def fill_at_once(page, address: str) -> None:
    page.get_by_label("Navnet ditt").fill("Kari Nordmann")
    page.get_by_label("E-postadressen din").fill(address)
    page.clock.fast_forward(2_000)


def test_going_back_through_the_page_by_keyboard_loses_no_stop(visit):
    """Seen to fail: the bar hid itself under the focus, which then was nowhere."""
    page = visit("/nb/aksjoner/stans-henrettelsene/", width=360, reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 480})
    page.keyboard.press("End")
    page.locator(".site-footer a").last.focus()
    seen = []
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        page.wait_for_timeout(50)  # the bar is hidden in a frame of its own
        kind = page.evaluate("document.activeElement.className || document.activeElement.tagName")
        assert kind != "BODY", f"nowhere after {seen[-3:]}"
        assert page.evaluate("document.activeElement.checkVisibility({visibilityProperty: true})"), kind
        seen.append(kind)
        if page.locator("#sign-name:focus").count():
            break
    assert "sign-bar" in seen
    assert page.locator("#sign-name:focus").count()


@pytest.fixture
def old_browser(browser, site):
    """One that says nothing of where a request comes from but its origin: as Safari before 16.4 everywhere, and as any
    without TLS at a name that is not one's own machine's."""
    args = ["--host-resolver-rules=MAP petition.test 127.0.0.1"]
    started = browser.browser_type.launch(executable_path=find(), args=args)
    page = started.new_context(base_url=site.address.replace("localhost", "petition.test")).new_page()
    page.sent = []
    page.on("request", lambda request: page.sent.append(request) if request.method == "POST" else None)
    yield page
    started.close()


def test_every_button_works_in_a_browser_that_tells_only_the_origin(old_browser, site):
    """Seen to fail: a page that tells no referrer makes the browser say that its own form is from nowhere."""
    page, address = old_browser, "old.browser@example.org"
    page.goto(OTHER)
    fill(page, address)
    sign(page)
    expect(page).to_have_url(re.compile("/thanks/$"))
    page.goto(site.link_in(site.last_mail(address)))
    for button, words in (
        ("Ja, tell signaturen min", "Nå teller signaturen din"),
        ("Vis meg opplysningene mine", "pplysningene dine"),
    ):
        page.get_by_role("button", name=button).click()
        expect(page.locator("[data-said]")).to_contain_text(words)
    page.goto("/nb/my-signature/")
    page.get_by_label("E-postadressen din").fill(address)
    page.get_by_role("button", name="Send meg lenken").click()
    expect(page).to_have_url(re.compile("/my-signature/sent/$"))
    assert len(page.sent) == 4
    told = [request.all_headers() for request in page.sent]
    assert not any("sec-fetch-site" in headers for headers in told), "another browser than meant"
    own = site.address.replace("localhost", "petition.test")
    assert [headers["origin"] for headers in told] == [own, "null", "null", own]
    assert not any("my-signature" in headers.get("referer", "") for headers in told[:3])

"""An editor composes an action from nothing, publishes it, a visitor signs it, and it closes by itself."""

import pytest
from playwright.sync_api import expect

from . import axe
from .conftest import change_window, take_your_time
from .staff import add_block, make_form, publish

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("tasks")]


def test_an_editor_composes_publishes_and_the_action_closes_by_itself(admin, visit, site):
    index = site.query("select id from wagtailcore_page where slug = 'aksjoner'")[0][0]
    admin.goto(f"/admin/pages/add/actions/actionpage/{index}/")
    admin.wait_for_load_state("networkidle")
    admin.locator("#id_title").press_sequentially("Slipp dem fri")
    expect(admin.locator("#id_slug")).to_have_value("slipp-dem-fri")
    admin.locator("#panel-child-content-country-section").get_by_role("button", name="Choose a page").click()
    admin.get_by_label("Search term").fill("Kina")
    admin.locator(".modal a[data-url='/nb/land/kina/']").click()
    admin.locator("#id_lead").fill("Krev at de som er fengslet uten dom, blir løslatt.")

    add_block(admin, "Section")
    admin.locator("#body-0-value-heading").fill("Hentet om natten")
    admin.locator("#panel-child-content-body-content .public-DraftEditor-content").first.click()
    admin.keyboard.type("De ble tatt uten et ord.")
    add_block(admin, "Demands")
    admin.locator("#body-1-value-heading").fill("Vi krever at myndighetene:")
    admin.locator("#body-1-value-demands-0-value").fill("slipper dem fri")

    make_form(admin, "Slipp dem fri 2026", goal="500")
    publish(admin)

    visitor = visit("/nb/aksjoner/slipp-dem-fri/")
    expect(visitor.locator(".kicker").first).to_have_text("Aksjon: Kina")
    expect(visitor.get_by_text("slipper dem fri")).to_be_visible()
    expect(visitor.get_by_text("Signaturene sendes til Chen Quanguo")).to_be_visible()
    visitor.get_by_label("Navnet ditt").fill("Ola")
    visitor.get_by_label("E-postadressen din").fill("ola.journey@example.org")
    take_your_time(visitor)
    visitor.get_by_role("button", name="Jeg skriver under").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Takk")
    assert "Slipp dem fri" in site.last_mail("ola.journey@example.org")

    site.query("update actions_petition set ends_at = now() + interval '2 seconds' where name = 'Slipp dem fri 2026'")
    visitor.wait_for_timeout(2100)
    visitor.goto("/nb/aksjoner/slipp-dem-fri/")
    assert visitor.locator("form").count() == 0
    expect(visitor.locator("#sign-heading")).to_have_text("Aksjonen er avsluttet")
    expect(visitor.locator(".panel--ended")).to_contain_text("1 person skrev under")


def test_staff_close_an_action_now_and_the_reason_is_kept(admin, visit, site):
    petition = site.query("select id from actions_petition where name = 'Iran: compulsory veil'")[0][0]
    site.query("update actions_petition set opens_at = now() - interval '1 day' where id = %s", petition)
    admin.goto(f"/admin/signature-forms/{petition}/life/")
    admin.get_by_label("Close now").check()
    admin.get_by_label("Why").fill("The demand was met")
    admin.get_by_role("button", name="Do it").click()
    expect(admin.get_by_text("The demand was met")).to_be_visible()
    expect(visit("/nb/aksjoner/la-kvinner-velge/").locator("#sign-heading")).to_have_text("Aksjonen er avsluttet")
    site.query(
        "update actions_petition set opens_at = now() + interval '9 days', ends_at = now() + interval '70 days' "
        "where id = %s",
        petition,
    )


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/signature-forms/", "/admin/snippets/actions/recipient/", "/admin/snippets/actions/delivery/",
     "/admin/snippets/actions/rightsarticle/", "/admin/snippets/home/organisation/"],
)  # fmt: skip
def test_staff_screens_open_without_an_error_in_the_browser(path, admin):
    errors = []
    admin.on("pageerror", lambda error: errors.append(str(error)))
    assert admin.goto(path).status == 200
    admin.wait_for_load_state("networkidle")
    assert errors == []


SCREENS = [
    *("signature-forms/{form}/review/", "signature-forms/{form}/hold/", "signing-limits/", "one-person/"),
    *("alarms/", "alarms/seen/", "shared-networks/", "audit-trail/"),
]


def test_our_own_screens_have_no_serious_finding(admin, site, subtests):
    form = site.query("select id from actions_petition where name = 'Iran: executions'")[0][0]
    for screen in SCREENS:
        admin.goto("/admin/" + screen.format(form=form))
        for width in (1280, 768):
            change_window(admin, width=width, color_scheme="light")
            with subtests.test("axe finds nothing serious", screen=screen, width=width):
                axe.finds_nothing_serious(admin)

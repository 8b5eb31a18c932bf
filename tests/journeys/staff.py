"""What staff do again and again in the admin."""

import re

from playwright.sync_api import Page, expect


def log_in(page: Page, name: str = "admin") -> Page:
    page.get_by_label("Username").fill(name)
    page.locator("#id_password").fill("admin")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(re.compile("/admin/$"))
    return page


def somebody(site, name: str, group: str) -> str:
    """An account in one group, with the password of the demo's administrator."""
    site.query(
        "insert into auth_user (username, password, is_superuser, is_staff, is_active, first_name, last_name, email, "
        "date_joined) select %s, password, false, true, true, '', '', %s || '@localhost', now() from auth_user "
        "where username = 'admin' on conflict do nothing",
        name,
        name,
    )
    site.query(
        "insert into auth_user_groups (user_id, group_id) select u.id, g.id from auth_user u, auth_group g "
        "where u.username = %s and g.name = %s on conflict do nothing",
        name,
        group,
    )
    return name


def add_block(page: Page, name: str) -> None:
    """Add a block of this name at the end of the body."""
    page.locator("#panel-child-content-body-content button[title='Insert a block']").last.click()
    page.get_by_role("option", name=name, exact=True).click()


def publish(page: Page, told: str = "created and published") -> None:
    page.locator("footer button.w-dropdown__toggle, footer [data-w-dropdown-target=toggle]").last.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text(told)).to_be_visible()


def make_form(page: Page, name: str, goal: str = "") -> None:
    """Make a signature form in the chooser of an action that is being composed."""
    page.get_by_role("tab", name="Signatures").click()
    page.get_by_role("button", name="Choose or make a signature form").click()
    modal = page.locator(".modal")
    modal.get_by_role("tab", name="Make a new one").click()
    modal.locator("#id_name").fill(name)
    modal.get_by_label("Recipient").select_option(label="Chen Quanguo, partisekretær i Xinjiang")
    if goal:
        modal.get_by_label("Goal").fill(goal)
    modal.get_by_role("button", name="Make it").click()
    expect(modal).to_be_hidden()

"""Takes the pictures of the documents from a freshly loaded, running site: `python -m tests.doc_pictures`."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from .chromium import find
from .screenshots import SITE, log_in

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"


def keep(page: Page, name: str, **options) -> None:
    """A picture of the window, small enough to live in the repository."""
    page.wait_for_load_state("networkidle")
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, **options)
    picture = Image.open(path).convert("RGB")
    picture = picture.resize((picture.width * 2 // 3, picture.height * 2 // 3), Image.Resampling.LANCZOS)
    picture.save(path.with_suffix(".webp"), quality=80)
    path.unlink()


def public(page: Page) -> None:
    for name, path in (("open", "/nb/aksjoner/stans-henrettelsene/"), ("ended", "/nb/aksjoner/xinjiang/")):
        page.goto(SITE + path)
        keep(page, name)
    page.goto(SITE + "/nb/aksjoner/xinjiang/")
    page.locator(".part-delivery").scroll_into_view_if_needed()
    keep(page, "delivery-update")


def held(page: Page) -> None:
    """A few signatures that look wrong, so that the review has something to show."""
    for number in range(3):
        page.goto(SITE + "/nb/aksjoner/stans-henrettelsene/")
        page.locator("#sign-name").fill("Demo")
        page.locator("#sign-email").fill(f"demo{number}@example.org")
        page.evaluate("document.getElementById('sign-website').value = 'x'")
        page.locator("#sign button[type=submit]").click()
        page.wait_for_url("**/thanks/")


def admin(page: Page) -> None:
    log_in(page)
    page.goto(SITE + "/admin/pages/add/actions/actionpage/4/")
    page.locator("#id_title").fill("Fengslet uten dom i Xinjiang")
    keep(page, "new-action")
    page.locator("#panel-child-content-body-content button[title='Insert a block']").last.click()
    page.get_by_role("option", name="Rights", exact=True).hover()
    page.wait_for_timeout(1500)
    keep(page, "blocks")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Signatures").click()
    keep(page, "signatures-tab")
    page.get_by_role("button", name="Choose or make a signature form").click()
    page.locator(".modal").get_by_role("tab", name="Make a new one").click()
    page.wait_for_timeout(400)
    keep(page, "new-form")
    page.goto(SITE + "/admin/signature-forms/")
    keep(page, "forms")
    page.goto(SITE + "/admin/signature-forms/2/life/")
    keep(page, "open-and-close")
    page.goto(SITE + "/admin/signature-forms/edit/2/")
    page.locator("#panel-child-safety-section, section:has-text('Safety')").last.scroll_into_view_if_needed()
    keep(page, "safety")
    page.goto(SITE + "/admin/signature-forms/2/review/")
    keep(page, "review")
    form = SITE + "/admin/signature-forms/2"
    for name, path in (
        ("first-page", SITE + "/admin/"),
        ("desk", f"{form}/desk/"),
        ("register", f"{form}/signatures/"),
        ("export", f"{form}/export/"),
        ("paper", f"{form}/paper/"),
        ("import", f"{form}/import/"),
        ("delivery", f"{form}/deliveries/"),
        ("mailing", SITE + "/admin/mail-to-signers/new/"),
    ):
        page.goto(path)
        keep(page, name)
    page.goto(SITE + "/admin/snippets/actions/recipient/")
    keep(page, "recipients")


def translating(page: Page) -> None:
    """The ended action with a changed sentence, which its translations do not have yet."""
    page.goto(SITE + "/admin/translations/")
    page.get_by_role("link", name="Fengslet uten dom i Xinjiang").click()
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    keep(page, "translation")
    page.goto(f"{SITE}/admin/pages/{number}/edit/")
    page.wait_for_load_state("networkidle")
    lead = page.locator("#id_lead")
    lead.fill(lead.input_value() + " Skriv under.")
    page.locator("footer button.w-dropdown__toggle, footer [data-w-dropdown-target=toggle]").last.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_load_state("networkidle")
    page.goto(SITE + "/admin/translations/")
    keep(page, "translations")
    page.get_by_role("link", name="What changed").last.click()
    keep(page, "what-changed")
    page.get_by_role("link", name="Translate").click()
    page.wait_for_timeout(1500)
    keep(page, "translation-editor")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find())
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB")
        page.set_default_timeout(15_000)
        public(page)
        held(page)
        admin(page)
        translating(page)
        browser.close()


if __name__ == "__main__":
    main()

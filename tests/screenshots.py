"""Pictures of a running site (`make run`), to be looked at: pages × widths × colour schemes, into var/screenshots.

`python -m tests.screenshots [word …]` takes only the shots whose name has one of the words in it.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from .chromium import find

SITE = os.environ.get("SITE", "http://localhost:8000")
FOLDER = Path(__file__).resolve().parent.parent / "var" / "screenshots"
WIDTHS = {"mobile": 360, "tablet": 768, "desktop": 1280}
PAGES = {
    "home": "/nb/",
    "home-nn": "/nn/",
    "home-en": "/en/",
    "index": "/nb/aksjoner/",
    "open": "/nb/aksjoner/stans-henrettelsene/",
    "open-en": "/en/actions/stop-the-executions/",
    "ended": "/nb/aksjoner/xinjiang/",
    "ended-en": "/en/actions/xinjiang/",
    "won": "/nb/aksjoner/avskaff-dodsstraffen/",
    "scheduled": "/nb/aksjoner/la-kvinner-velge/",
    "thanks": "/nb/aksjoner/stans-henrettelsene/thanks/",
    "notice": "/nb/aksjoner/stans-henrettelsene/privacy/",
    "my-signature": "/nb/my-signature/",
    "letter": "/nb/aksjoner/xinjiang/letter/",
    "country": "/nb/land/kina/",
    "countries": "/nb/land/",
    "story": "/nb/historier/nar-noen-forsvinner/",
    "stories": "/nb/historier/",
    "privacy": "/nb/personvern/",
    "missing": "/nb/finnes-ikke/",
    "rights": "/nb/rettigheter/",
    "nothing": "/nb/aksjoner/?q=finnesikke&state=open",
    "embed": "/nb/aksjoner/stans-henrettelsene/embed/",
    "styleguide": "/nb/styleguide/",
}

FORM = "/admin/signature-forms/2"
# Our screens in the admin, on the widths staff have; tall, because the admin scrolls within itself.
STAFF = {
    "staff-first-page": "/admin/",
    "staff-forms": "/admin/signature-forms/",
    **{
        f"staff-{name}": f"{FORM}/{name}/"
        for name in ("desk", "signatures", "review", "paper", "deliveries", "export", "import", "life", "hold")
    },
    "staff-mailing": "/admin/mail-to-signers/new/",
    "staff-new-action": "/admin/new-action/",
    "staff-translations": "/admin/translations/",
    "staff-translations-records": "/admin/translations/?kind=records",
    "staff-translation": "/admin/translations/page/17/",
    "staff-earlier": "/admin/new-action/earlier/",
    "staff-report": "/admin/reports/actions/",
    "staff-person": "/admin/one-person/",
    "staff-find-signature": "/admin/find-signature/",
    "staff-mail-hosts": "/admin/mail-hosts/",
    "staff-lists": "/admin/block-and-allow/",
    "staff-members": "/admin/membership-system/",
    "staff-second-step": "/staff/second-step/",
}


def log_in(page: Page) -> None:
    page.goto(SITE + "/admin/login/")
    page.locator("#id_login").fill("admin")
    page.locator("#id_password").fill("admin")
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/admin/")


def shoot(page: Page, name: str) -> None:
    # Lazy pictures are only fetched when they come into view.
    page.evaluate("document.querySelectorAll('img[loading]').forEach(i => i.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


def take(page: Page, pages: dict[str, str], kind: str, words: list[str]) -> None:
    for name, address in pages.items():
        shot = f"{name}-{kind}"
        if not words or any(word in shot for word in words):
            page.goto(SITE + address)
            shoot(page, shot)


def main(words: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find())
        for scheme in ("light", "dark"):
            for device, width in WIDTHS.items():
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                take(page, PAGES, f"{device}-{scheme}", words)
                page.close()
                if device == "mobile":
                    continue
                page = browser.new_page(viewport={"width": width, "height": 1700}, color_scheme=scheme, locale="en-GB")
                log_in(page)
                take(page, STAFF, f"{device}-{scheme}", words)
                page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])

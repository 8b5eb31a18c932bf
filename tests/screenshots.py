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
}


def shoot(page: Page, name: str) -> None:
    # Lazy pictures are only fetched when they come into view.
    page.evaluate("document.querySelectorAll('img[loading]').forEach(i => i.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


def main(words: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find())
        for scheme in ("light", "dark"):
            for device, width in WIDTHS.items():
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                for name, address in PAGES.items():
                    shot = f"{name}-{device}-{scheme}"
                    if words and not any(word in shot for word in words):
                        continue
                    page.goto(SITE + address)
                    shoot(page, shot)
                page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])

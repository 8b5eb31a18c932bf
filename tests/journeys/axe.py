"""axe-core inside a page that is shown: loaded once for each document, and asked only for what is wrong."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

# Of our own pages: every rule that is on by default, and the size of targets.
WITH_TARGETS = {"rules": {"target-size": {"enabled": True}}}
RUN = "([context, options]) => axe.run(context || document, {resultTypes: ['violations'], ...options})"


def run(page: Page, context: str | None = None, **options) -> AxeResults:
    """Look at the page as it is shown now, or at the part of it that a CSS selector names."""
    if context:
        page.locator(context).first.wait_for(state="attached")  # whoever has just clicked may still be on the way to it
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return AxeResults(page.evaluate(RUN, [context, options]))


def finds_nothing(page: Page) -> None:
    results = run(page, **WITH_TARGETS)
    assert results.violations_count == 0, results.generate_report()


def finds_nothing_serious(page: Page, context: str = "#main") -> None:
    """Of the admin: what Wagtail itself draws around our screens is Wagtail's."""
    found = run(page, context).response["violations"]
    serious = [violation for violation in found if violation["impact"] in ("serious", "critical")]
    assert not serious, (page.url, [(v["id"], [node["html"][:150] for node in v["nodes"]]) for v in serious])

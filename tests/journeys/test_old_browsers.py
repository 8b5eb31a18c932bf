"""The oldest browsers we promise (README.md): whatever one of them lacks is taken away, and signing works.

`lacking.json` is what Safari 15, Firefox 102 and Samsung Internet 16 do not have, each after MDN's data (bench/judge/
old_browsers.py). The browser here is a new one without all of that: names of scripts are deleted before a page begins,
and style sheets lose what would not have been understood.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from .conftest import take_your_time
from .test_visitors import OPEN

pytestmark = pytest.mark.journey

HERE = Path(__file__).parent
LACKING = json.loads((HERE / "lacking.json").read_text())
ENGLISH = "/en/actions/stop-the-executions/"
DELETED = """
(lacking => {
  const gone = (owner, name) => { try { delete owner[name]; } catch {} };
  for (const name of lacking.interfaces) gone(globalThis, name);
  for (const [owner, names] of Object.entries(lacking.members)) {
    for (const name of names) {
      if (owner === "Window" || owner === "globals") gone(globalThis, name);
      for (const one of [globalThis[owner], globalThis[owner]?.prototype]) if (one) gone(one, name);
    }
  }
})
"""
NAMES = "|".join(map(re.escape, sorted(LACKING["selectors"], key=len, reverse=True)))
SELECTOR = re.compile(rf"::?(?:{NAMES})(?![\w-])")
FUNCTION = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, LACKING['functions']))})\(")
UNIT = re.compile(r"\d(?:[sld]v(?:h|w|i|b|min|max)|cq\w+|r?lh|cap|ic|vi|vb)\b")
AROUND = ("@media", "@supports")


def understood(css: str) -> str:
    """A style sheet as the oldest browsers read it: a rule with an unknown selector is none, nor is a declaration with
    an unknown property or value."""
    return "".join(_rules(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)))


def _rules(css: str) -> Iterator[str]:
    at = 0
    while (begin := css.find("{", at)) >= 0:
        prelude, end = css[at:begin].strip(), _closing(css, begin)
        inside, at = css[begin + 1 : end], end + 1
        while ";" in prelude and prelude.startswith("@"):  # @charset, @import
            statement, _, prelude = prelude.partition(";")
            prelude = prelude.strip()
            yield f"{statement};"
        name = prelude.split("(")[0].split()[0] if prelude else ""
        if name.startswith(AROUND):
            if not re.search(r"\d\s*[<>]|[<>]=?\s*\d", prelude):  # ranges
                yield f"{prelude}{{{''.join(_rules(inside))}}}"
        elif name.startswith("@"):
            if name.removeprefix("@") not in LACKING["at-rules"]:
                yield f"{prelude}{{{inside}}}"
        elif not SELECTOR.search(prelude) and "{" not in inside:
            yield f"{prelude}{{{';'.join(filter(_is_understood, inside.split(';')))}}}"


def _closing(css: str, begin: int) -> int:
    depth = 0
    for at in range(begin, len(css)):
        depth += {"{": 1, "}": -1}.get(css[at], 0)
        if not depth:
            return at
    return len(css)


def _is_understood(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    return name.strip() not in LACKING["properties"] and not FUNCTION.search(value) and not UNIT.search(value)


@pytest.mark.parametrize(
    ("css", "read"),
    [
        ("a{color:red;color:oklch(1 1 1)}", "a{color:red}"),
        ("a:has(b){color:red}b{color:red}", "b{color:red}"),
        ("a:focus-visible,a:hover{color:red}", ""),
        ("@container (width>1px){a{color:red}}@media print{a{height:1dvh;width:1rem}}", "@media print{a{width:1rem}}"),
        ("@media (width >= 3rem){a{color:red}}", ""),
        ("a{b{color:red}}", ""),
    ],
)
def test_what_is_not_known_is_not_read(css, read):
    assert understood(css) == read


@pytest.fixture
def old(visit):
    """Opens a page in a browser as old as that. What goes wrong in its script fails the test."""
    wrong = []

    def opened(path: str, **options) -> Page:
        page = visit("/robots.txt", **options)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.context.add_init_script(f"{DELETED}({json.dumps(LACKING)})")
        page.context.route(re.compile(r"\.css$"), _old_sheet)
        page.goto(path)
        return page

    yield opened
    assert not wrong


def _old_sheet(route) -> None:
    with suppress(Error):  # the page that asked for it may be gone
        answer = route.fetch()
        route.fulfill(response=answer, body=understood(answer.text()))


def fill_in(page: Page, address: str) -> None:
    page.locator("[name=name]").fill("Kari Nordmann")
    page.locator("[name=email]").fill(address)
    take_your_time(page)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("javascript", [True, False])
def test_an_old_browser_signs(javascript, width, old):
    """Seen to fail with `Object.hasOwn`, `structuredClone` and `Array.prototype.at` in the script."""
    page = old(OPEN, javascript=javascript, width=width)
    if javascript:
        assert page.evaluate("[typeof structuredClone, typeof Object.hasOwn, typeof [].at]") == ["undefined"] * 3
    page.get_by_role("button", name="Jeg skriver under", exact=True).scroll_into_view_if_needed()
    fill_in(page, f"old.{javascript}.{width}@example.org")
    page.locator("[data-sign-form] button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Takk")
    assert page.url.endswith("/thanks/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if javascript else True


@pytest.mark.parametrize("javascript", [True, False])
def test_an_old_browser_is_told_what_is_wrong(javascript, old):
    page = old(ENGLISH, javascript=javascript, width=390)
    page.locator("[data-sign-form] button[type=submit]").click()
    expect(page.locator("[data-errors]").filter(has_text="missing or wrong")).to_be_visible()
    if javascript:
        expect(page.locator("[data-errors]")).to_be_focused()
    assert page.title().startswith("Error:")


def test_an_old_browser_shows_where_the_focus_is(old):
    """`:focus-visible` is younger than Safari 15; its own ring must not have been taken away."""
    page = old(OPEN)
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.locator(":focus").evaluate("e => getComputedStyle(e).outlineStyle + getComputedStyle(e).boxShadow")
        assert style != "nonenone"


def test_an_old_browser_copies_the_address(old):
    page = old(f"{OPEN}thanks/")
    page.locator(".share summary").click()
    page.get_by_role("button", name="Kopier lenken").click()
    expect(page.get_by_role("status").filter(has_text="Kopiert")).to_be_visible()


def test_the_readme_names_them():
    readme = (HERE.parent.parent / "README.md").read_text()
    assert LACKING["browsers"] == {
        "safari": "15", "safari_ios": "15", "firefox": "102", "samsunginternet_android": "16.0",
    }  # fmt: skip
    for name in ("Safari 15", "Firefox ESR 102", "Samsung Internet 16"):
        assert name in readme

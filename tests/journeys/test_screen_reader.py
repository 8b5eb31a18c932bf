"""What a screen reader says on the way from an action to a signature taken back: by Orca itself, in words.

The long form, where Orca is installed (docs/accessibility.md says how). Keys are pressed as a person presses them.
"""

import os
from pathlib import Path

import pytest

from . import screen_reader
from .conftest import take_your_time

pytestmark = [
    pytest.mark.journey,
    pytest.mark.long,
    pytest.mark.usefixtures("tasks"),
    pytest.mark.skipif(bool(screen_reader.missing()), reason=f"not installed: {', '.join(screen_reader.missing())}"),
]
OPEN = "/en/actions/stop-the-executions/"


def test_the_way_from_an_action_to_a_signature_taken_back(site, tmp_path):
    """Each answer is said, and once. The words go to SPOKEN, if that names a file."""
    told: list[str] = []
    with screen_reader.listening(tmp_path, site.address) as (page, reader):

        def step(name: str, until: str = "") -> list[str]:
            words = reader.heard(until)
            told.extend([f"## {name}", *words, ""])
            if target := os.environ.get("SPOKEN"):
                Path(target).write_text("\n".join(told))
            return words

        def said(words: list[str], text: str) -> int:
            return sum(line.count(text) for line in words)

        page.goto(OPEN)
        step("the action is opened")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        step("tab, tab: the skip links")
        page.keyboard.press("Enter")
        step("enter: to the form")
        button = page.locator("#sign button[type=submit]")
        button.focus()
        step("the button")
        page.keyboard.press("Enter")
        words = step("enter, with nothing filled in", "missing or wrong")
        assert said(words, "missing or wrong") == 1
        page.keyboard.press("Tab")
        step("tab: the first error")
        page.keyboard.press("Enter")
        step("enter: its field")
        page.keyboard.type("Kari Nordmann")
        address = page.locator("#sign input[name=email]")
        address.focus()
        step("the address")
        page.keyboard.type("kari.reader@gmial.com")
        page.keyboard.press("Tab")
        words = step("tab, with a mistyped address", "Did you mean")
        assert said(words, "Did you mean kari.reader@gmail.com") == 1
        address.fill("kari.reader@example.org")
        for box in page.locator("#sign input[name=old_enough]").all():
            box.check()
        take_your_time(page)
        reader.heard()
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/thanks/")
        words = step("enter: signed", "Thank you")
        assert said(words, "Thank you") == 1

        page.goto(site.link_in(site.last_mail("kari.reader@example.org")))
        step("my signature, from the mail", "Erase everything about me")
        page.get_by_role("button", name="Show me my data").focus()
        reader.heard()
        page.keyboard.press("Enter")
        words = step("show me my data", "Your data are opened")
        assert said(words, "Your data are opened") == 1
        page.get_by_role("textbox", name="Your name").focus()
        page.keyboard.press("Control+a")
        page.keyboard.type("Kari N")
        reader.heard()
        page.keyboard.press("Enter")
        words = step("the name is corrected", "Your name is corrected")
        assert said(words, "Your name is corrected") == 1
        page.locator("summary", has_text="Withdraw my signature").focus()
        step("withdraw")
        page.keyboard.press("Enter")
        step("enter: it asks once more")
        page.keyboard.press("Tab")
        step("tab: the button", "Yes, withdraw it")
        page.keyboard.press("Enter")
        page.wait_for_url("**/left/withdrawn/")
        words = step("enter: withdrawn", "Everything about you is erased")
        assert said(words, "Everything about you is erased") >= 1

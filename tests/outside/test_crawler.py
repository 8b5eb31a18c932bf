"""The crawler goes everywhere, and comes to an end."""

import re

import pytest
from requests.structures import CaseInsensitiveDict

from . import crawler
from .crawler import MOST_ALIKE, Crawler
from .links import PAGE, Link
from .promises import Found
from .visitor import ORIGIN, Answer

pytestmark = pytest.mark.processes
START = Found(Link("/list/", "address", PAGE), ORIGIN + "/", "start")


class Told:
    """Answers as `pages` says: a body, or a status."""

    def __init__(self, pages) -> None:
        self.pages, self.asked = pages, []

    def ask(self, method: str, address: str, **_more) -> Answer:
        self.asked.append((method, address.removeprefix(ORIGIN)))
        told = self.pages(address.removeprefix(ORIGIN))
        status, body = (told, "") if isinstance(told, int) else (200, f'<html lang="en">{told}')
        return Answer(status, CaseInsensitiveDict({"Content-Type": PAGE}), body.encode(), address, ())


def test_questions_that_questions_lead_to_are_opened_a_few_of_each_kind():
    """Each page of a list leads to the next, and to a question more that can be asked with it: that has no end."""

    def pages(address: str) -> str:
        page = int((re.search(r"page=(\d+)", address) or [0, "1"])[1])
        also = "&q=x" if "q=" in address else ""
        return f'<a href="/list/?page={page + 1}{also}">next</a><a href="/list/?page={page}&q=x">with a word</a>'

    found = Crawler(Told(pages))
    found.crawl([START])
    opened = {address.removeprefix(ORIGIN) for address in found.opened}
    assert opened >= {"/list/", "/list/?page=2", "/list/?page=1&q=x", "/list/?page=3", "/list/?page=2&q=x"}
    assert len([address for address in opened if "q=" not in address]) == 2 + MOST_ALIKE
    assert found.broken == []


def test_a_question_behind_a_question_that_breaks_is_found():
    found = Crawler(
        Told(lambda address: {"/list/": '<a href="?a=1">', "/list/?a=1": '<a href="?b=1">'}.get(address, 500))
    )
    found.crawl([START])
    assert [(one.address, one.came) for one in found.broken] == [(ORIGIN + "/list/?b=1", "500")]


def test_how_often_the_site_was_busy_is_counted(monkeypatch):
    monkeypatch.setattr(crawler.time, "sleep", lambda _seconds: None)
    told = Told(lambda address: 503 if len(told.asked) < 3 else "")
    found = Crawler(told)
    found.crawl([START])
    assert found.busy == [ORIGIN + "/list/"] * 2
    assert found.broken == []
    found = Crawler(Told(lambda address: 503))
    found.crawl([START])
    assert [one.came for one in found.broken] == ["503"]
    assert len(found.busy) == 6  # GET and HEAD

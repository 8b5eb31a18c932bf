"""What anybody can type into an address: a clear answer, never a 5xx, and nothing of it shown back."""

import pytest
from wagtail.contrib.redirects.models import Redirect

from tests.factories import PetitionFactory, action

MANGLED = [
    "?" + "a" * 20_000,
    "?q=" + "x" * 10_000,
    "?q=%00%ff%fe",
    "?q=<script>alert(1)</script>",
    "?state=open&state=ended&state[]=x",
    "?page=1e999&page=-0&page=%F0%9F%92%A9",
    "?country=' or 1=1--&right=../../etc/passwd",
    "?s=<img src=x onerror=alert(1)>",
    "?%",
    "?=&&=&;;",
    "?s=" + "é" * 500,
    "?" + "&".join(f"p{n}=1" for n in range(900)),
]


@pytest.fixture
def page(site):
    return action(site, PetitionFactory())


@pytest.mark.parametrize("query", MANGLED)
def test_a_mangled_query_is_answered_and_not_shown_back(query, site, page, client):
    for url in ("/nb/", site.index.get_url(), page.get_url(), page.get_url() + "thanks/", "/sitemap.xml", "/nb/feed/"):
        answer = client.get(url + query)
        assert answer.status_code in (200, 302, 400), (url, answer.status_code)
        assert answer.status_code != 302 or answer["Location"] == url, "to the plain list"
        text = answer.content.decode()
        assert "<script>alert" not in text
        assert "onerror" not in text
        assert "x" * 200 not in text  # what is searched for is cut at a hundred


PATHS = {
    "/xx/": 404,
    "/zz/aksjoner/": 404,
    "/nb/%00/": 404,
    "/nb/" + "a" * 5000 + "/": 404,
    "/nb/aksjoner/../../etc/passwd": 404,
    "/nb/aksjoner/fengslet-uten-dom/nothing/": 404,
    "/nb/%F0%9F%92%A9/": 404,
    "/.env": 404,
    "/wp-login.php": 404,
    "/nb/aksjoner/fengslet-uten-dom/embed/x/": 404,
}


@pytest.mark.parametrize("path", PATHS)
def test_an_address_that_leads_nowhere_says_so(path, page, client):
    answer = client.get(path, follow=True)
    assert answer.status_code == PATHS[path], path
    assert "evil.example" not in answer.content.decode()
    assert all("evil.example" not in url for url, _status in answer.redirect_chain)


def test_an_old_address_leads_to_the_new_one(page, client):
    Redirect.add_redirect("/nb/gammel/", redirect_to=page)
    answer = client.get("/nb/gammel/")
    assert (answer.status_code, answer["Location"]) == (301, page.get_url())


@pytest.mark.parametrize("path", ["", "thanks/", "embed/", "privacy/"])
def test_head_and_options_are_answered(path, page, client):
    head = client.head(page.get_url() + path)
    assert (head.status_code, head.content) == (200, b"")
    options = client.options(page.get_url() + path)
    assert options.status_code == 200
    assert "GET" in options["Allow"]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_refused(method, page, client):
    assert getattr(client, method)(page.get_url()).status_code == 405


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "a b", "[::1"])
def test_a_foreign_host_is_refused_and_never_shown_back(host, page, client):
    answer = client.get(page.get_url(), headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()

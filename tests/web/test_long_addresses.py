"""No address makes an answer whose heads are longer than a proxy reads (deploy/nginx.conf: 16 kB)."""

import pytest
from wagtail.contrib.redirects.models import Redirect

from actions.web.headers import LONGEST_REDIRECT
from tests.factories import PetitionFactory, action

READ = 16 * 1024
PATHS = ("/", "/x", "/nb", "/nb/aksjoner", "/old/", "/nb/my-signature/x", "/sitemap.xml/", "/admin/login/", "/admin/")


@pytest.mark.parametrize("piece", ["a=b&", '"', "%C3%A5", "å"], ids=["plain", "quoted", "encoded", "raw"])
@pytest.mark.parametrize("path", PATHS)
def test_a_redirect_is_bounded_whatever_was_asked_for(path, piece, site, client):
    """Seen to fail: six kilobytes of query came back as a Location of six, and of eighteen where signs are encoded."""
    action(site, PetitionFactory())
    Redirect.objects.create(old_path="/old", redirect_link="/nb/")
    for length in (100, 2_000, 4_000, 8_000):
        query = piece * (length // len(piece.encode()))
        for method in (client.get, client.post):
            answer = method(path, QUERY_STRING=query.encode().decode("latin-1"))
            heads = sum(len(name) + len(value) + 4 for name, value in answer.items())
            assert heads < READ / 2, (path, length, heads)
            assert len(answer.get("Location", "")) <= LONGEST_REDIRECT
            assert answer.status_code < 500


def test_a_long_address_is_told_so_in_the_language_of_the_visitor(site, client):
    answer = client.get("/nb?" + "a=b&" * 2_000)
    assert answer.status_code == 414
    assert "Adressen er for lang" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    short = client.get("/nb?" + "a=b&" * 500)
    assert (short.status_code, short["Location"]) == (301, "/nb/?" + "a=b&" * 500), "nothing of it is dropped"

"""The words that signers agreed to, at an address of their own."""

import pytest

from actions.signing import consents
from tests.guarantees.test_roles_and_surfaces import as_public, roles  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(site):
    text = consents.record(language="nn", contact_action="Skriv om <saka>", contact_other="", show_name="Vis namnet")
    assert consents.address_of(text)  # the addresses are loaded as others need them, before this is the public surface
    return text


def test_they_are_read_in_their_own_language_by_anybody(client, text, as_public):  # noqa: F811
    """With the rights of the public process. Seen to fail: "nn 1" could be read nowhere."""
    address = f"/consents/nn-{text.version}/"
    answer = client.get(address, headers={"Accept-Language": "en"})
    body = answer.content.decode()
    assert answer.status_code == 200
    assert '<html lang="nn"' in body
    assert "Skriv om &lt;saka&gt;" in body
    assert "Vis namnet" in body
    assert body.count("<dt>") == 2, "what was not asked for is not named"
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Content-Language"] == "nn"
    assert "public" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert consents.address_of(text).endswith(address)


@pytest.mark.parametrize("wrong", ["nb-1", "nn-999999", "xx-1", "nn-0", "nn-1x", "%00-1", "nn-99999999999999999999"])
def test_a_version_that_is_none_is_a_readable_404(client, text, wrong):
    assert client.get(f"/consents/{wrong}/").status_code == 404


def test_nothing_is_changed_there(client, text):
    assert client.post(f"/consents/nn-{text.version}/").status_code == 405

"""The first picture of a list is asked for at once, the others when they are near; and no larger than it is shown."""

import re

import pytest

from tests.factories import PetitionFactory, action, image

pytestmark = pytest.mark.django_db


def test_the_first_card_does_not_wait_and_the_others_do(client, site):
    """Seen to fail: the largest thing that is seen of the page came last."""
    for n in range(3):
        action(site, PetitionFactory(), title=f"Sak {n}", slug=f"sak-{n}", hero_image=image())
    tags = re.findall(r"<img [^>]*>", client.get(site.index.get_url()).content.decode())
    assert [('fetchpriority="high"' in tag, 'loading="lazy"' in tag) for tag in tags] == [
        (True, False),
        (False, True),
        (False, True),
    ]


def test_a_picture_of_a_card_is_no_wider_than_the_card(client, site):
    """Seen to fail: a telephone was told that a card is as wide as the window, and had no size between."""
    action(site, PetitionFactory(), hero_image=image())
    body = client.get(site.index.get_url()).content.decode()
    assert "100vw - 2.5rem" in body
    assert {"480w", "720w", "960w"} <= set(re.findall(r"\d+w", body))

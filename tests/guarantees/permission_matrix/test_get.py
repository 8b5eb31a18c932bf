"""R11: who gets what by GET, at every address the resolver knows, against the checked-in table."""

import pytest

from .asking import ACTORS, ROLES, assert_column

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("actor", ACTORS)
def test_everybody_gets_what_the_table_says_and_nobody_a_signers_name(actor, things, client_of):
    """Seen to fail with the right taken off the export, and with the register registered as a snippet."""
    assert_column(things, client_of(actor), actor, "GET")


@pytest.mark.long
@pytest.mark.parametrize("actor", ROLES)
def test_the_same_with_every_screen_rendered(actor, things, client_of):
    assert_column(things, client_of(actor), actor, "GET", whole=True)

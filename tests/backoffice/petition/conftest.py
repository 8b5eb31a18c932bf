"""One open form with three counted signatures and one held, and what staff start done at once."""

from types import SimpleNamespace

import pytest

from actions.backoffice import tasks
from actions.signing.sign import sign
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, answered, person, told


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Work that staff start is done at once, as a worker would a moment later."""
    for name in ("build_export", "build_package", "carry_out_import"):
        monkeypatch.setattr(tasks, name, SimpleNamespace(enqueue=getattr(tasks, name).func))


@pytest.fixture
def petition(site):
    petition = addressed(PetitionFactory(ask_country=True, goal=100), RecipientFactory())
    action(site, petition)
    notice = told(petition, "country")
    for number in range(3):
        sign(petition=petition, person=person(number), language="nb", country="NO", hand_over_notice=notice)
    answered(petition)
    sign(petition=petition, person=person(9), language="en", suspicion="network")
    return petition

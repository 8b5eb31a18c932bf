"""R6: while people sign in every language, others withdraw, erase and confirm, and staff take out, undo and close;
afterwards what is shown, the ledger and the rows are the same on every action. The long form is `-m long`.
"""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from actions.rules.errors import NotOpen
from actions.signing import counting, erase, life, links, review
from actions.signing.models import Petition, Signature, Signer
from actions.signing.review import Criteria, Verb
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES = ["nb", "nn", "en"]


def busy(petitions, worker, steps):
    """What one of several people does: mostly sign; one step in five changes what is there already."""
    chance = random.Random(worker)
    try:
        for step in range(steps):
            petition = chance.choice(petitions)
            who = person(email=f"w{worker}s{step}@example.org")
            suspicion = "network" if chance.random() < 0.1 else ""
            try:
                sign(petition=petition, person=who, language=chance.choice(LANGUAGES), suspicion=suspicion)
            except NotOpen:
                continue
            if chance.random() < 0.2:
                change(petition, who.email, chance)
    finally:
        connections.close_all()


def change(petition, email, chance):
    [signature] = [s for s in erase.signatures_of(email) if s.petition_id == petition.pk]
    token, _code = links.make_link(signature, with_code=False)
    verb = chance.choice(["withdraw", "erase", "confirm", "twice", "invalidate", "undo"])
    if verb in ("withdraw", "erase", "confirm"):
        getattr(links, verb)(token)
    elif verb == "twice":
        sign(petition=petition, person=person(email=email.upper()), language="nb")
    else:
        rule = review.decide(
            petition=petition, verb=Verb.INVALIDATE, criteria=Criteria(ids=(str(signature.pk),)), reason="x", by=None
        )
        review.carry_out(rule.pk)
        if verb == "undo":
            review.undo(rule.pk, by=None)


@pytest.mark.parametrize(("actions", "steps"), [(20, 60), pytest.param(20, 2_000, marks=pytest.mark.long)])
def test_shown_ledger_and_rows_are_the_same_whatever_happens(actions, steps):
    """Seen to fail with `actions_move` forgetting the total, and with it forgetting the tally."""
    petitions = [PetitionFactory(counting=("at_once", "confirmed")[n % 4 == 0]) for n in range(actions)]
    with ThreadPoolExecutor(8) as pool:
        people = [pool.submit(busy, petitions, worker, steps) for worker in range(7)]
        life.pause(petition=petitions[0], by=None, reason="x")
        life.resume(petition=petitions[0], by=None, reason="x")
        life.close_now(petition=petitions[1], by=None, reason="x")
        counting.compact()
        for one in people:
            one.result()
    for petition in petitions:
        found = counting.counts(petition)
        assert found.agree, (petition.pk, found)
    assert set(Signature.objects.values_list("state", flat=True)) == {*Signature.State.values}
    assert sum(map(counting.total, Petition.objects.all())) == Signature.objects.counted().count() > 100
    assert Signer.objects.count() < Signature.objects.count()
    assert Petition.objects.count() == actions

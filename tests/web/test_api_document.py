"""The interface for programs keeps to its own document, whatever a program asks for.

The libraries are loaded where they are used: a worker that only collects these tests has no second to give for them.
"""

from functools import cache

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from actions.signing.sign import sign
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, person

pytestmark = pytest.mark.slow

ONE = "GET /api/v1/actions/{id}"
OPERATIONS = [
    "GET /api/v1/actions",
    "GET /api/v1/actions.csv",
    ONE,
    f"{ONE}/total",
    f"{ONE}/deliveries",
    f"{ONE}/history",
]


@pytest.fixture
def within(db):
    """Requests through the application's own door share the test's connection, which none of them may close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def _operations() -> dict:
    import schemathesis

    from mysite.wsgi import application

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    return {operation.ok().label: operation.ok() for operation in schema.get_all_operations()}


@pytest.fixture
def operations(within):
    """The operations of the document, by their labels."""
    return _operations()


def test_every_operation_of_the_document_is_tried(operations):
    assert sorted(operations) == sorted(OPERATIONS)


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_what_the_document_says(label, mode, operations, site):
    """Not by the library's own `parametrize`, which gives the tests of all operations one name: only one was run."""
    from hypothesis import HealthCheck, given, settings, strategies
    from schemathesis import GenerationMode

    petition = addressed(PetitionFactory(goal=5), RecipientFactory())
    sign(petition=petition, person=person(), language="nb")
    action(site, petition)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=strategies.data())
    def answers_as_documented(data):
        case = data.draw(operations[label].as_strategy(generation_mode=GenerationMode(mode)))
        case.call_and_validate(headers={"Host": "localhost"})

    answers_as_documented()

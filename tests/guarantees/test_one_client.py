"""R44, short: one client with many slow connections stops neither signing nor pages."""

import pytest

from bench.faults import one_client
from bench.site import running

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def site():
    with running("test-one-client", workers=1, threads=1, TRUSTED_PROXIES="2") as site:
        yield site


@pytest.mark.parametrize(("kind", "connections"), [("bodies", 150), ("bodies of pages", 1100)])
def test_others_sign_and_read_beside_one_who_is_slow(kind, connections, site):
    """As many slow bodies as would fill one limit for all. (How long it takes is looked at by the long form.)"""
    found = one_client.run(site, connections=connections, seconds=1.5, kinds=[kind], fast=2)
    assert not found["others refused"], str(found)
    assert found["others signed"] >= 14
    assert found["others read"] >= 29
    assert found["missing"] == 0
    assert sum(found["the one client opened"].values()) >= connections

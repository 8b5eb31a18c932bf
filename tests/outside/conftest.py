"""The site as strangers meet it. Each worker of a parallel run has its own."""

import json
import os

import pytest

from .deployment import Deployment


@pytest.fixture(scope="session")
def deployed(tmp_path_factory):
    """The two surfaces, the demo and its database, behind nginx."""
    name = f"outside-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with Deployment(name, tmp_path_factory.mktemp("outside")) as site:
        yield site
        assert site.restarts == 0, "a process of the site ended by itself"


@pytest.fixture(scope="session")
def everything(deployed):
    """Where staff have put everything that they can use."""
    told = deployed.manage("shell", "-c", "from tests.outside.everything import make; make()")
    return json.loads(told.splitlines()[-1])

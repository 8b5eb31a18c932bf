"""Several public processes behind nginx: no request of one visitor keeps the others out."""

import pytest

from bench.processes import await_port, free_port
from bench.proxy import Proxy

from .deployment import MANY
from .journeys import AT_ONCE
from .visitor import HOST, Visitor

pytestmark = pytest.mark.processes


@pytest.fixture
def two(deployed):
    """A proxy of its own before the deployment's public processes and a second unit of them."""
    deployed.public.get("/nb/")
    port = free_port()
    deployed.unit("actions-public@", port)
    await_port("127.0.0.1", port, deployed.log)
    both = f"127.0.0.1:{deployed.public_port} max_fails=0; server 127.0.0.1:{port}"
    with Proxy(deployed.site, surface=both, signers=both, host=HOST, requests=MANY, misses=MANY, crowd="") as proxy:
        yield Visitor(proxy.url)


LONG = "a=b&" * 1_500


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_long_addresses_keep_nobody_out(method, two):
    """Seen to fail: two requests a server, and everybody after them was told to come back, for ten seconds."""
    for n in range(6):
        for path in ("/x", "/", "/nb"):
            assert two.ask(method, f"{path}?{LONG}{n}").status in (200, 301, 302, 307, 403, 404, 405, 414)
        assert two.get(f"/nb/aksjoner/?q=v{method}{n}").status == 200
        assert two.post(AT_ONCE, {"name": "", "email": ""}).status == 422

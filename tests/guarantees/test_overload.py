"""R23, short: more people than the site can take are told so at once, in their language; no thanks is in vain."""

import re
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import psycopg
import pytest
import requests

from bench.load import PAGE
from bench.proxy import Proxy
from bench.site import Server, running
from mysite.settings import environment

pytestmark = pytest.mark.processes
EN = "/en/actions/stop-the-executions/"


@pytest.fixture(scope="module")
def proxy():
    with running("test-overload", workers=1, threads=1, TRUSTED_PROXIES="2") as site, Proxy(site, signing=3) as proxy:
        proxy.site = site
        yield proxy


def sign(url: str, number: int, page: str = PAGE):
    headers = {"X-Forwarded-For": f"10.1.{number % 256}.1", "X-Forwarded-Proto": "https", "Connection": "close"}
    data = {"name": "Kari Nordmann", "email": f"kari{number}@example.org", "old_enough": "on"}
    return requests.post(url + page, data=data, headers=headers, timeout=30, allow_redirects=False)


def test_who_comes_above_the_limit_is_told_at_once_and_readably(proxy):
    """Whoever is inside waits for a lock; all the others are told before it is let go.

    Seen to fail without `limit_conn signing` in deploy/nginx.conf: nginx lets all wait until it gives up.
    """
    with ThreadPoolExecutor(40) as pool:
        with psycopg.connect(proxy.site.database.url(proxy.site.name)) as other:
            other.execute("select from actions_petition for update")
            waiting = [pool.submit(sign, proxy.url, number) for number in range(40)]
            refused = [one.result() for one in islice(as_completed(waiting), 37)]
            other.rollback()
        answers = [*(one.result() for one in waiting), *pool.map(lambda n: sign(proxy.url, n), range(40, 400))]
    assert {answer.status_code for answer in refused} == {503}
    assert sum("X-Request-Id" not in answer.headers for answer in refused) >= 34, (
        "refused by the proxy, not by the site"
    )
    assert {answer.status_code for answer in answers} == {303, 503}
    for answer in (answer for answer in answers if answer.status_code == 503):
        assert answer.headers["Retry-After"] == "10"
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<html lang="nb"' in answer.text
        assert "Ingenting ble lagret" in answer.text
    [(rows,)] = proxy.site.query("select count(*) from actions_signature where state = 'counted'")
    [(before,)] = proxy.site.query(
        "select count(*) from actions_signature s join actions_petition p on p.id = petition_id where p.name <> %s",
        "Iran: executions",
    )
    assert rows - before >= sum(answer.status_code == 303 for answer in answers)


@pytest.fixture
def pooled(proxy):
    """A process of four threads that share one connection."""
    server = proxy.site.serve_also(kind=FourThreads, DATABASE_POOL="1")
    yield server
    server.stop()


class FourThreads(Server):
    def command(self) -> list[str]:
        command = super().command()
        command[command.index("--blocking-threads") + 1] = "4"
        return command


def test_a_pool_that_has_no_connection_left_says_so_soon(proxy, pooled):
    """Seen to fail with Django's own patience of ten seconds (POOL_WAIT)."""
    assert sign(pooled.url, 1000, EN).status_code == 303
    with psycopg.connect(proxy.site.database.url(proxy.site.name)) as other:
        # Whoever signs waits for this, and keeps the connection meanwhile.
        other.execute("select from actions_petition for update")
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda n: sign(pooled.url, 1001 + n, EN), range(4)))
        other.rollback()
    answers.sort(key=lambda answer: answer.elapsed)
    assert {answer.status_code for answer in answers} == {503}
    # The last one has the connection, and is given up by the database; the others wait for no such thing.
    assert environment.POOL_WAIT <= 0.5
    first, _second, third, last = (answer.elapsed.total_seconds() for answer in answers)
    assert third - first < last - third
    for answer in answers[:3]:
        assert answer.headers["Retry-After"]
        assert '<html lang="en"' in answer.text
        assert "Nothing was stored" in answer.text
    assert sign(pooled.url, 1010, EN).status_code == 303


@pytest.mark.parametrize(("path", "language"), [("/en/", "en"), ("/nn/", "nn"), ("/xx/", "nb"), ("/", "nb")])
def test_a_site_that_is_away_is_a_readable_page_in_the_language_of_the_address(proxy, path, language):
    """Seen to fail without `error_page 502`: nginx speaks its own English."""
    proxy.site.main.wanted = False
    proxy.site.main.stop()
    answer = requests.get(proxy.url + path + "?page=77", timeout=30, allow_redirects=False)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert f'<html lang="{language}"' in answer.text
    assert re.search("style-src 'self'", answer.headers["Content-Security-Policy"])


def test_watching_is_not_for_visitors(proxy):
    for path in ("/healthz", "/readyz"):
        assert requests.get(proxy.url + path, timeout=10).status_code == 404

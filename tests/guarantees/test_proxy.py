"""The proxy as deploy/nginx.conf has it, before an application that tells what reached it.

R44, in part; and what the proxy writes down of an error: nothing that names anybody.
"""

import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.http import QueryDict

from actions.web.reads import asked_of
from bench.processes import await_port, free_port
from bench.proxy import DEPLOY, Proxy, filled

pytestmark = pytest.mark.processes
HOST = "actions.example.org"
PUBLIC = "public, max-age=15"


class Application:
    """Answers everything, and notes it; what is asked for below /nb/slow waits until it is let go."""

    def __init__(self) -> None:
        self.seen: list[SimpleNamespace] = []
        self.hand, self.go = threading.Lock(), threading.Event()
        self.inside = self.most = 0
        self.control = PUBLIC
        application = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = SimpleNamespace(method=self.command, path=self.path, headers=dict(self.headers), body=body)
                with application.hand:
                    application.seen.append(asked)
                    application.inside += 1
                    application.most = max(application.most, application.inside)
                if "/slow" in self.path:
                    application.go.wait(20)
                with application.hand:
                    application.inside -= 1
                told = f"{len(application.seen)}".encode() + b" " * 3000
                self.send_response(200)
                if "/heads/" in self.path:
                    self.send_header("X-Long", "x" * int(self.path.rpartition("/heads/")[2].partition("/")[0]))
                self.send_header("Content-Length", str(len(told)))
                self.send_header("Cache-Control", application.control)
                self.send_header("Vary", "Accept-Encoding, origin")
                with suppress(OSError):  # nobody waits any more
                    self.end_headers()
                    self.wfile.write(told)

            do_HEAD = do_POST = do_OPTIONS = do_GET  # noqa: N815

            def log_message(self, *args) -> None: ...

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 500

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"127.0.0.1:{self.server.server_port}"


@pytest.fixture(scope="module")
def behind(tmp_path_factory):
    static = tmp_path_factory.mktemp("static")
    static.chmod(0o755)
    (static / "busy").mkdir()
    (static / "css").mkdir()
    (static / "images").mkdir()
    for name in ("other", "nb", "no-file"):
        (static / "busy" / f"{name}.html").write_text(f'<html lang="{name}">come back')
    readers, signers = Application(), Application()
    site = SimpleNamespace(static=static, media=static, url="")
    with Proxy(site, surface=readers.address, signers=signers.address, host=HOST) as proxy:
        yield SimpleNamespace(proxy=proxy, readers=readers, signers=signers)
        readers.go.set()


@pytest.fixture(autouse=True)
def _fresh(behind):
    for one in (behind.readers, behind.signers):
        one.seen.clear()
        one.go.clear()
        one.most, one.control = one.inside, PUBLIC


NUMBER = iter(range(1, 60_000))


def somebody() -> str:
    number = next(NUMBER)
    return f"198.18.{number // 250}.{number % 250}"


def ask(behind, path: str, *, method: str = "GET", of: str = "", **more) -> requests.Response:
    headers = {"Host": HOST, "X-Forwarded-For": of or somebody()} | more.pop("headers", {})
    return requests.request(method, behind.proxy.url + path, headers=headers, timeout=25, allow_redirects=False, **more)


PATHS = (
    "/nb/aksjoner/",
    "/nb/aksjoner/frihet/",
    "/nb/aksjoner/frihet/letter/pdf/",
    "/nb/aksjoner/frihet/picture/",
    "/nb/",
    "/nb/feed/",
    "/sitemap.xml",
    "/robots.txt",
    "/api/v1/actions",
    "/api/v1/actions.csv",
    "/api/v1/actions/7a7f/total",
    "/api/v1/actions/7a7f/deliveries",
    "/api/v1/actions/7a7f/history",
    "/api/v1/openapi.json",
)
ASKED = ("u=1", "u=2", "s=street", "state=won", "country=7", "right=5", "page=2", "language=en", "limit=1", "offset=2",
         "since=2026-01-01")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_is_kept_once_for_all_that_an_address_does_not_read(path, behind):
    """The table of the application and that of nginx are one. Seen to fail with the whole address as the key."""
    plain = ask(behind, path)
    for query in ASKED:
        before = len(behind.readers.seen)
        ask(behind, f"{path}?{query}")
        read = asked_of(path, QueryDict(query))
        assert (len(behind.readers.seen) > before) == bool(read), (path, query)
    assert plain.status_code == 200


@pytest.mark.parametrize(
    "query", ["state=open&state=won", "state=&state=won", "STATE=open&state=won", "page=1&page=2&page=3",
              "country=x&country=7", "q=&q=words", "state=won%00&state=open"]
)  # fmt: skip
def test_what_the_site_is_told_is_what_stands_in_the_key(query, behind):
    """Of a parameter given twice the site takes the last, and nginx the first.

    Seen to fail with the query handed on as it came: a list of one state is kept as that of another.
    """
    ask(behind, f"/nb/actions-{next(NUMBER)}/?{query}")
    told = parse_qs(urlsplit(behind.readers.seen[-1].path).query, keep_blank_values=True)
    first = parse_qs(query.lower(), keep_blank_values=True)
    for name in ("state", "country", "right", "page", "q"):
        value = first.get(name, [""])[0]
        assert told[name][-1] in (value, ""), name


@pytest.mark.parametrize("path", ["/nb/old", "/", "/index.php", "/old/"])
def test_what_leads_elsewhere_is_told_the_whole_query(path, behind):
    ask(behind, f"{path}?id=3&s=street")
    assert behind.readers.seen[-1].path == f"{path}?id=3&s=street"


def test_a_post_keeps_its_query(behind):
    ask(behind, "/nb/aksjoner/frihet/?s=street&x=1", method="POST", data="a=b")
    assert behind.signers.seen[-1].path == "/nb/aksjoner/frihet/?s=street&x=1"
    assert behind.readers.seen == []


def test_headers_make_no_other_answer(behind):
    """Seen to fail with nginx's own Vary: an answer for each made-up Accept-Encoding; and with the port in the key."""
    path = "/nb/aksjoner/headers/"
    for encoding in ("gzip", "gzip, br", "br;q=0.1, gzip;q=0.7", "x, gzip, y-17"):
        for more in ({"Host": f"{HOST}:1"}, {"Host": HOST.upper()}, {"Accept-Language": "nn"}, {"Origin": "https://x"}):
            ask(behind, path, headers={"Accept-Encoding": encoding, **more})
    assert len(behind.readers.seen) == 1
    assert behind.readers.seen[0].headers["Host"] == HOST
    ask(behind, path, headers={"Accept-Encoding": "identity"})
    ask(behind, path, headers={"Accept-Encoding": "gzip;q=0"})
    assert len(behind.readers.seen) == 2


@pytest.mark.parametrize("path", ["/api/v1/actions/77/total", "/nn/feed/", "/consents/nb-1/"])
def test_what_other_sites_may_read_is_kept_for_them_apart(path, behind):
    """Otherwise whoever asked first says whether others' browsers may read it."""
    for origin in ("", "https://a.example", "https://b.example", ""):
        ask(behind, path, headers={"Origin": origin} if origin else {})
    assert len(behind.readers.seen) == 2


def test_a_browser_learns_when_to_come_back(behind):
    """Otherwise a script of another site sees of a refusal by the proxy only that something went wrong."""
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda n: ask(behind, f"/api/v1/actions/{n}/total", of="198.19.4.1"), range(120))
        refused = next(answer for answer in asked if answer.status_code in (429, 503))
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert refused.headers["Access-Control-Expose-Headers"] == "Retry-After"
    assert refused.headers["Retry-After"] == "10"
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda n: ask(behind, f"/nb/aksjoner/others-{n}/", of="198.19.4.2"), range(120))
        refused = next(answer for answer in asked if answer.status_code in (429, 503))
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_where_no_language_is_named_each_has_an_answer_of_its_own(behind):
    for asked in ("nb", "en", "nb", "en"):
        ask(behind, "/somewhere", headers={"Accept-Language": asked})
    assert [one.headers["Accept-Language"] for one in behind.readers.seen] == ["nb", "en"]


@pytest.mark.parametrize("path", ["/nb/my-signature/secret/", "/nb/aksjoner/?q=words"])
def test_nobody_waits_for_what_is_never_kept(path, behind):
    """Seen to fail with the lock of the cache: one after the other."""
    behind.readers.control = "no-store"
    with ThreadPoolExecutor(10) as pool:
        waiting = [
            pool.submit(ask, behind, path.replace("secret", "slow").replace("words", "/slow")) for _ in range(10)
        ]
        until = time.monotonic() + 10
        while behind.readers.most < 10 and time.monotonic() < until:
            time.sleep(0.02)
        behind.readers.go.set()
        assert {one.result().status_code for one in waiting} == {200}
    assert behind.readers.most == 10


def slow(behind, number: int, of, *, path: str) -> tuple[list, ThreadPoolExecutor]:
    """So many requests that stay inside the application."""
    pool = ThreadPoolExecutor(number)
    waiting = [pool.submit(ask, behind, path.format(n), of=of(n)) for n in range(number)]
    return waiting, pool


@pytest.mark.parametrize("network", ["198.19.0.7", "2001:db8:1:2::{:x}", "::ffff:198.19.0.8"])
def test_one_address_takes_few_places_inside_and_others_find_theirs(network, behind):
    """Of IPv6 all of a /64 is one, and an address of IPv4 is one in either spelling."""
    waiting, pool = slow(behind, 60, network.format, path=f"/nb/slow-{next(NUMBER)}-{{}}/")
    until = time.monotonic() + 8
    while (behind.readers.inside < 24 or not any(map(Future.done, waiting))) and time.monotonic() < until:
        time.sleep(0.02)
    refused = [one for one in waiting if one.done()]
    other = ask(behind, "/nb/other/", of="2001:db8:1:3::1")
    neighbour = ask(behind, "/nb/other-too/", of="198.19.0.9")
    behind.readers.go.set()
    answers = [one.result().status_code for one in waiting]
    pool.shutdown()
    assert (other.status_code, neighbour.status_code) == (200, 200)
    assert 24 <= answers.count(200) <= 30  # some were asked when others had been answered
    assert set(answers) <= {200, 429, 503}
    page = next(one.result() for one in refused)
    assert page.headers["Retry-After"] == "10"
    assert page.headers["Cache-Control"] == "no-store"
    assert '<html lang="nb">' in page.text


def test_a_crowd_that_signs_from_one_address_is_let_in(behind):
    """R25: a school, a carrier of telephones."""
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: ask(behind, "/nb/aksjoner/x/", method="POST", data=f"n={n}", of="198.19.1.1"),
                                range(50)))  # fmt: skip
    assert {answer.status_code for answer in answers} == {200}


def test_one_address_has_few_pages_made_and_others_as_many_as_they_need(behind):
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda n: ask(behind, f"/nb/aksjoner/made-{n}/", of="198.19.2.1").status_code, range(120))
        answers = list(asked)
    assert 50 <= answers.count(200) <= 52 + 5 * (time.monotonic() - begun)
    assert answers.count(200) < 120, "too slow to say"
    assert ask(behind, "/nb/aksjoner/made-1/", of="198.19.2.1").status_code == 200, "what is kept costs nothing"
    assert ask(behind, "/nb/aksjoner/made-100/", of="198.19.2.2").status_code == 200


@pytest.fixture(scope="module")
def of_two(behind):
    """Two processes for each kind, named as deploy/README.md names several."""
    pair = [Application(), Application()]
    both = " max_fails=0; server ".join(one.address for one in pair)
    site = SimpleNamespace(static=behind.proxy.static, media=behind.proxy.static, url="")
    with Proxy(site, surface=both, signers=both, host=HOST) as proxy:
        yield SimpleNamespace(proxy=proxy, pair=pair)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_cannot_be_read_keeps_nobody_else_out(method, of_two):
    """Heads that are too long, or a connection that breaks: that one is told to come back, and nobody after him.
    Seen to fail without max_fails=0: both servers were left out for ten seconds."""
    for n in range(6):
        assert ask(of_two, f"/nb/x{n}/{method}/heads/40000/", method=method).status_code == 503
        assert ask(of_two, f"/nb/y{n}/{method}/", method=method).status_code == 200


def test_heads_as_long_as_the_site_makes_them_arrive(of_two):
    """Four kilobytes of address, and what else stands there. Seen to fail with nginx's own buffer of 4 kB."""
    assert ask(of_two, "/nb/z/heads/12000/").headers["X-Long"] == "x" * 12000


def test_no_server_of_any_upstream_is_ever_left_out():
    """Seen to fail: each had nginx's own max_fails=1."""
    told = (DEPLOY / "README.md").read_text()
    several = re.search(r"^\* `PUBLIC_SURFACE`: .*\(`(.+?)`\)", told, re.MULTILINE)
    assert several
    made = filled("nginx.conf", {"PUBLIC_SURFACE": several[1], "SIGNING_SURFACE": several[1], "INSIDE": "127.0.0.1:9"})
    made = re.sub(r"#.*", "", made)
    upstreams = re.findall(r"^upstream (\w+) \{(.*?)^\}", made, re.MULTILINE | re.DOTALL)
    assert [name for name, _servers in upstreams] == ["inside", "public_surface", "signing_surface"]
    servers = [server for _name, inside in upstreams for server in re.findall(r"server ([^;]+);", inside)]
    assert len(servers) == 5
    assert all(server.endswith(" max_fails=0") for server in servers)
    assert set(re.findall(r"proxy_pass http://([^;]+);", made)) == {"inside", "$surface"}, "none beside the upstreams"


def test_a_body_without_a_post_is_refused_before_it_is_read(behind):
    """Seen to fail before: a GET with a slow body took one of the thousand places of all."""
    for method, more in (("GET", "Content-Length: 5"), ("HEAD", "Content-Length: 5"), ("DELETE", "Content-Length: 1"),
                         ("GET", "Transfer-Encoding: chunked")):  # fmt: skip
        with socket.create_connection(("127.0.0.1", behind.proxy.port), timeout=5) as line:
            line.sendall(f"{method} /nb/ HTTP/1.1\r\nHost: {HOST}\r\n{more}\r\n\r\n".encode())
            assert line.recv(100).startswith(b"HTTP/1.1 400"), (method, more)
    assert behind.readers.seen == []


def test_slow_bodies_reach_nobody(behind):
    """Seen to fail before: they were counted with those that sign."""
    lines = []
    for _ in range(150):
        line = socket.socket()
        line.bind(("127.0.0.2", 0))
        line.connect(("127.0.0.1", behind.proxy.port))
        line.sendall(f"POST /nb/a/b/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 60000\r\n\r\nn".encode())
        lines.append(line)
    try:
        for n in range(20):
            assert ask(behind, "/nb/a/b/", method="POST", data=f"n={n}").status_code == 200
        assert {one.body[:2] for one in behind.signers.seen} == {b"n="}
    finally:
        for line in lines:
            line.close()


def test_an_answer_that_is_read_slowly_keeps_nobody_inside(behind):
    lines = []
    for n in range(30):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.connect(("127.0.0.1", behind.proxy.port))
        line.sendall(f"GET /nb/unread-{n}/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        lines.append(line)
    until = time.monotonic() + 5
    while (len(behind.readers.seen) < 24 or behind.readers.inside) and time.monotonic() < until:
        time.sleep(0.02)
    assert behind.readers.inside == 0
    for line in lines:
        line.close()


@pytest.mark.parametrize(
    "path", ["/static/", "/static/css/", "/static/css/nothing.css", "/media/", "/media/images/", "/media/images/no.jpg"]
)
def test_a_folder_or_a_file_that_is_not_there_is_a_readable_page(path, behind):
    """Seen to fail: nginx's own 403, and its own 404."""
    answer = ask(behind, path)
    assert answer.status_code == 404
    assert answer.text == '<html lang="no-file">come back'
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Retry-After" not in answer.headers
    assert ask(behind, "/busy/no-file.html").status_code == 404
    assert not behind.readers.seen, "nobody is asked for it"


def test_other_names_are_answered_by_the_proxy_itself(behind):
    for name in ("evil.example", "127.0.0.1", f"{HOST}.evil.example", ""):
        answer = ask(behind, "/nb/", headers={"Host": name})
        assert answer.status_code in (400, 421), name
    assert behind.readers.seen == []


def test_without_tls_one_is_led_to_it(behind):
    plain = f"http://127.0.0.1:{behind.proxy.plain}"
    answer = requests.get(f"{plain}/nb/?a=b", headers={"Host": HOST}, allow_redirects=False, timeout=5)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{HOST}/nb/?a=b")
    assert requests.get(f"{plain}/nb/", headers={"Host": "evil.example"}, timeout=5).status_code == 421


SECRET = "W0s--CZdswLY_5WFGBH0O7er7SCX9HrCVkToepT25MY"
REFERRER = "https://mail.example/inbox?user=kari"


def test_nothing_that_names_anybody_is_written_down(behind):
    """The log of a site on which everything fails: no address, no link, no referrer.

    Seen to fail before: "connect() failed … client: …, request: "GET /nb/my-signature/W0s…", referrer: …".
    """
    site = SimpleNamespace(static=behind.proxy.static, media=behind.proxy.media, url="")
    path = f"/nb/my-signature/{SECRET}/"
    headers = {"Host": HOST, "Referer": REFERRER, "X-Forwarded-For": "203.0.113.77"}
    with Proxy(site, surface=f"127.0.0.1:{free_port()}", host=HOST) as proxy:

        def get(path: str, **more) -> int:
            return requests.get(proxy.url + path, headers=headers | more, timeout=20, allow_redirects=False).status_code

        def raw(text: str) -> None:
            with socket.create_connection(("127.0.0.1", proxy.port), timeout=8) as line:
                line.sendall(text.format(path=path, host=HOST, referrer=REFERRER).encode("latin-1"))
                with suppress(ConnectionResetError):
                    while line.recv(4096):
                        pass

        assert get(path) == 503  # nobody there
        assert requests.post(proxy.url + path, data="x", headers=headers, timeout=20).status_code == 503
        assert requests.post(proxy.url + path, data="x" * 70_000, headers=headers, timeout=20).status_code == 413
        assert get(f"/media/{SECRET}.jpg") == 404
        assert get(f"/static/{SECRET}.css") == 404
        assert get(f"/static/{'x' * 300}{SECRET}") == 404  # a name that is too long is an error of its own
        assert get(f"/static/../../{SECRET}") in (400, 404, 503)
        assert get(path, Host="evil.example") == 421
        with ThreadPoolExecutor(60) as pool:
            list(pool.map(lambda n: get(f"{path}?{n}"), range(700)))  # above every limit
        raw("GET {path} HTTP/1.1\r\nHost: {host}\r\nReferer: {referrer}\r\nbad header\r\n\r\n")
        raw("GET {path}\r\n\r\n")
        raw("GET {path} HTTP/9.9\r\nReferer: {referrer}\r\n\r\n")
        raw("GET {path} HTTP/1.1\r\nHost: {host}\r\nX: " + "x" * 40_000 + "\r\n\r\n")
        raw("GET {path} HTTP/1.1\r\nHost: {host}\r\nReferer: {referrer}\r\nX: ")  # never ends
        raw("POST {path} HTTP/1.1\r\nHost: {host}\r\nReferer: {referrer}\r\nContent-Length: 9\r\n\r\nn")
        raw("GET {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: x\r\n\r\n")
        raw("\x16\x03\x01{path}\r\n\r\n")  # TLS where there is none
        written = "".join(
            one.read_text(errors="replace") for one in proxy.folder.rglob("*.log") if one.name != "nginx.conf"
        )
        kept = [
            one for one in (proxy.folder / "cache").rglob("*") if one.is_file() and SECRET.encode() in one.read_bytes()
        ]
    assert kept == []
    for secret in (SECRET, "my-signature", "mail.example", "203.0.113", "127.0.0.1", "client:", "referrer"):
        assert secret not in written


def test_every_server_is_silent_at_every_level():
    """Of an error nginx writes the request at every level but emerg."""
    text = (DEPLOY / "nginx.conf").read_text()
    servers = text.split("\nserver {")[1:] + (DEPLOY / "nginx-staff.conf").read_text().split("\nserver {")[1:]
    assert len(servers) == 5
    for server in servers:
        assert server.count("error_log /dev/null emerg;") == 1
        assert server.count("access_log off;") == 1
    assert "error_log" not in "".join(
        (DEPLOY / f"nginx-media-{kind}.conf").read_text() for kind in ("folder", "bucket")
    )


@pytest.mark.parametrize("media", ["nginx-media-folder.conf", "nginx-media-bucket.conf"])
def test_all_files_together_are_what_nginx_takes(media, tmp_path):
    """As compose puts them together, with TLS; every directive is one that nginx knows."""
    for name in ("privkey", "fullchain"):
        (tmp_path / f"{name}.pem").touch()
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={HOST}",
            "-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    values = {
        "CACHE_FOLDER": str(tmp_path / "cache"),
        "PUBLIC_SURFACE": "127.0.0.1:8001 max_fails=0; server 127.0.0.1:8002",
        "SIGNING_SURFACE": "127.0.0.1:8003",
        "SIGNING": "120",
        "REQUESTS": "100r/s",
        "MISSES": "5r/s",
        "LISTEN": f"127.0.0.1:{free_port()} ssl",
        "LISTEN_PLAIN": f"127.0.0.1:{free_port()}",
        "INSIDE": f"127.0.0.1:{free_port()}",
        "SERVER_NAME": f"{HOST} www.{HOST}",
        "STATIC_FOLDER": str(tmp_path),
        "MEDIA_FOLDER": str(tmp_path),
        "MEDIA_BUCKET": "http://127.0.0.1:9000/media",
        "MEDIA_HOST": "127.0.0.1:9000",
        "MEDIA_LOCATION": str(tmp_path / "media.include"),
        "HEADERS_FILE": str(DEPLOY / "nginx-headers.conf"),
        "TLS_FILE": str(tmp_path / "tls.include"),
        "CERTIFICATE": str(tmp_path / "fullchain.pem"),
        "CERTIFICATE_KEY": str(tmp_path / "privkey.pem"),
    }
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d/site.conf").write_text(filled("nginx.conf", values))
    (tmp_path / "tls.include").write_text(filled("nginx-tls.conf", values))
    (tmp_path / "media.include").write_text(filled(media, values))
    main = (
        filled("nginx-main.conf", values)
        .replace("/tmp/", f"{tmp_path}/")  # noqa: S108
        .replace("/etc/nginx/conf.d", f"{tmp_path}/conf.d")
    )
    (tmp_path / "nginx.conf").write_text(main)
    tried = subprocess.run(["/usr/sbin/nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)],
                           capture_output=True, text=True)  # fmt: skip
    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=staff.example.org"
    words += f" -addext subjectAltName=DNS:staff.example.org -keyout {folder}/key.pem -out {folder}/certificate.pem"
    subprocess.run(words.split(), check=True, capture_output=True)
    names = {"CERTIFICATE": str(folder / "certificate.pem"), "CERTIFICATE_KEY": str(folder / "key.pem")}
    (folder / "tls.conf").write_text(filled("nginx-tls.conf", names))
    return folder


# What Debian 12 and 13 say in the http block of their /etc/nginx/nginx.conf.
DEBIANS = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on;"


@pytest.fixture(scope="module")
def staffs_proxy(behind, certificate):
    """nginx-staff.conf below Debian's own http block, before an application that tells what reached it."""
    surface, port, folder = Application(), free_port(), certificate
    names = {
        "STAFF_LISTEN": f"127.0.0.1:{port} ssl",
        "STAFF_NAME": "staff.example.org",
        "STAFF_TLS_FILE": str(folder / "tls.conf"),
        "STAFF_FROM": "127.0.0.0/30",
        "STAFF_SURFACE": surface.address,
    }
    (folder / "staff.conf").write_text(filled("nginx-staff.conf", names))
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ {DEBIANS} client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"include {folder}/staff.conf; }}\n"
    )
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    process = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    await_port("127.0.0.1", port, folder / "error.log", seconds=5)
    yield SimpleNamespace(port=port, surface=surface, folder=folder)
    process.terminate()
    process.wait(timeout=10)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_staff_come_by_tls_below_debians_own_lines(staffs_proxy):
    """Seen to fail with TLS told in the http block: “directive is duplicate”."""

    def said(version: ssl.TLSVersion) -> tuple[str, bytes]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(staffs_proxy.folder / "certificate.pem")
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        with (
            socket.create_connection(("127.0.0.1", staffs_proxy.port), timeout=5) as line,
            context.wrap_socket(line, server_hostname="staff.example.org") as safe,
        ):
            safe.sendall(b"GET /admin/ HTTP/1.1\r\nHost: staff.example.org\r\nConnection: close\r\n\r\n")
            return str(safe.version()), safe.recv(100)

    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        assert said(version)[1].startswith(b"HTTP/1.1 200")
    with pytest.raises(OSError):  # noqa: PT011
        said(ssl.TLSVersion.TLSv1)
    (told, *_) = staffs_proxy.surface.seen
    assert told.headers["X-Forwarded-Proto"] == "https"
    assert told.headers["X-Forwarded-For"] == "127.0.0.1"
    assert told.headers["Host"] == "staff.example.org"
    assert [one for one in staffs_proxy.folder.rglob("*") if one.is_file() and b"/admin/" in one.read_bytes()] == []

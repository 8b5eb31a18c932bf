"""R18 and R43: a document from object storage comes with the headers that the site says, as one from a folder does."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
import requests

from bench.proxy import Proxy

SAID = {
    "Content-Type": "application/pdf",
    "Content-Disposition": 'attachment; filename="report.pdf"',
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}
# What object storage says of a file, or whoever could write there.
OF_THE_BUCKET = {
    "Content-Type": "text/html",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "script-src *",
    "Set-Cookie": "a=b",
    "Cache-Control": "public, max-age=31536000",
    "x-amz-request-id": "1",
}


@contextmanager
def serving(headers: dict[str, str], body: bytes) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("kind", ["bucket", "folder"])
def test_a_document_comes_as_the_site_says_and_not_as_the_storage_does(kind, tmp_path: Path):
    """Seen to fail with the file of the bucket as it was: no policy, so a page of it would run as one of the site."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/x.pdf").write_bytes(b"<script>1</script>")
    tmp_path.chmod(0o755)
    inside = {"X-Accel-Redirect": "/inside/documents/x.pdf"}
    with serving(OF_THE_BUCKET, b"<script>1</script>") as bucket, serving(SAID | inside, b"") as site:
        place = SimpleNamespace(url=site, static=tmp_path, media=tmp_path)
        with Proxy(place, bucket=f"{bucket}/media" if kind == "bucket" else "") as proxy:
            answer = requests.get(f"{proxy.url}/documents/1/report.pdf", timeout=10)
            assert answer.content == b"<script>1</script>"
            assert {name: answer.headers[name] for name in SAID} == SAID
            assert "Set-Cookie" not in answer.headers
            assert "x-amz-request-id" not in answer.headers
            assert requests.get(f"{proxy.url}/inside/documents/x.pdf", timeout=10).status_code == 404

"""nginx as deploy/nginx.conf has it, before a served site: `with Proxy(site) as proxy: … proxy.url`."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from mysite import postgres

from .site import ROOT, Site, free_port

DEPLOY = ROOT / "deploy"


class Proxy:
    """A caching proxy of its own, on a free port, with an empty cache in a folder that goes with it."""

    def __init__(self, site: Site, *, workers: int = 1, signing: int = 128) -> None:
        self.signing = signing
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="nginx-"))
        self.folder.chmod(0o755)
        (self.folder / "nginx.conf").write_text(self._main(workers))
        (self.folder / "site.conf").write_text(self._site(site))

    def _main(self, workers: int) -> str:
        temporary = "".join(
            f"  {kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;\n" if os.getuid() == 0 else ""
        return (
            f"{user}daemon off;\nworker_processes {workers};\n"
            f"pid {self.folder}/pid;\nerror_log {self.folder}/error.log;\n"
            f"events {{ worker_connections 4096; }}\n"
            f"http {{\n  include {DEPLOY}/nginx-types.conf;\n{temporary}  include {self.folder}/site.conf;\n}}\n"
        )

    def _site(self, site: Site) -> str:
        text = (DEPLOY / "nginx.conf").read_text()
        for name, value in {
            "CACHE_FOLDER": f"{self.folder}/cache",
            "PUBLIC_SURFACE": urlsplit(site.url).netloc,
            "SIGNING": str(self.signing),
            "LISTEN": f"127.0.0.1:{self.port}",
            "SERVER_NAME": "_",
            "STATIC_FOLDER": str(site.static),
            "MEDIA_FOLDER": str(postgres.VAR / "bench-media"),
            "HEADERS_FILE": str(DEPLOY / "nginx-headers.conf"),
        }.items():
            text = re.sub(rf"\b{name}\b", value, text)
        return text

    def __enter__(self) -> "Proxy":
        program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        if program is None:
            raise RuntimeError("nginx is missing. Install it (Debian: apt-get install nginx-light).")
        self.process = subprocess.Popen([program, "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)])
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        raise RuntimeError((self.folder / "error.log").read_text())

    def __exit__(self, *error) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)
        shutil.rmtree(self.folder)

"""nginx as deploy/nginx.conf has it, before a served site: `with Proxy(site) as proxy: … proxy.url`."""

import os
import resource
import shutil
import signal
import string
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from .processes import ROOT, await_port, free_port
from .site import Site

DEPLOY = ROOT / "deploy"
FILES = min(40_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1])


class Proxy:
    """A caching proxy of its own, on a free port, with an empty cache in a folder that goes with it.

    `surface` is where the public processes are (the site's own otherwise), `signers` where those that sign are (the
    same otherwise), `host` the names it answers to (its number and localhost otherwise), `bucket` where pictures are (a
    folder otherwise), and `prefix` stands before its command. `requests` is how many it answers one address, `misses`
    how many of them it has made. Whoever asks from the address `crowd` is many people, each where X-Forwarded-For says:
    a proxy before it, as it were. With `tls`, a certificate and its key, it speaks TLS.
    """

    def __init__(
        self,
        site: Site,
        *,
        workers: int = 1,
        signing: int = 128,
        address: str = "127.0.0.1",
        surface: str = "",
        signers: str = "",
        host: str = "",
        requests: str = "100r/s",
        misses: str = "5r/s",
        crowd: str = "127.0.0.1",
        bucket: str = "",
        prefix: list[str] | None = None,
        tls: tuple[Path, Path] | None = None,
    ) -> None:
        self.static, self.media, self.host = site.static, site.media, host or f"{address} localhost"
        self.requests, self.misses, self.crowd, self.signers = requests, misses, crowd, signers
        self.signing, self.address, self.prefix = signing, address, prefix or []
        self.surface, self.bucket = surface or urlsplit(site.url).netloc, bucket
        self.port, self.plain, self.inside = free_port(), free_port(), free_port()
        self.tls = tls
        self.url = f"{'https' if tls else 'http'}://{address}:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="nginx-"))
        self.folder.chmod(0o755)
        (self.folder / "nginx.conf").write_text(self._main(workers))
        (self.folder / "site.conf").write_text(self._site())

    def _main(self, workers: int) -> str:
        temporary = "".join(
            f"  {kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;\n" if os.getuid() == 0 else ""
        crowd = f"  set_real_ip_from {self.crowd};\n  real_ip_header X-Forwarded-For;\n" if self.crowd else ""
        return (
            f"{user}daemon off;\nworker_processes {workers};\nworker_rlimit_nofile {FILES};\n"
            f"pid {self.folder}/pid;\nerror_log {self.folder}/error.log;\n"
            f"events {{ worker_connections 16384; }}\n"
            f"http {{\n  include {DEPLOY}/nginx-types.conf;\n{temporary}{crowd}  include {self.folder}/site.conf;\n}}\n"
        )

    def _site(self) -> str:
        names = {
            "CACHE_FOLDER": f"{self.folder}/cache",
            "PUBLIC_SURFACE": self.surface,
            "SIGNING_SURFACE": self.signers or self.surface,
            "SIGNING": str(self.signing),
            "REQUESTS": self.requests,
            "MISSES": self.misses,
            "LISTEN": f"{self.address}:{self.port}{' ssl' if self.tls else ''}",
            "LISTEN_PLAIN": f"{self.address}:{self.plain}",
            "INSIDE": f"127.0.0.1:{self.inside}",
            "SERVER_NAME": self.host,
            "STATIC_FOLDER": str(self.static),
            "MEDIA_FOLDER": str(self.media),
            "MEDIA_LOCATION": str(self.folder / "media.conf"),
            "HEADERS_FILE": str(DEPLOY / "nginx-headers.conf"),
            "TLS_FILE": str(self.folder / "tls.conf"),
        }
        if self.bucket:
            names |= {"MEDIA_BUCKET": self.bucket, "MEDIA_HOST": urlsplit(self.bucket).netloc}
        media = "nginx-media-bucket.conf" if self.bucket else "nginx-media-folder.conf"
        (self.folder / "media.conf").write_text(filled(media, names))
        # Without it, nothing but loopback is between.
        of_tls = dict(zip(("CERTIFICATE", "CERTIFICATE_KEY"), map(str, self.tls or ()), strict=False))
        (self.folder / "tls.conf").write_text(filled("nginx-tls.conf", of_tls) if self.tls else "")
        return filled("nginx.conf", names)

    def __enter__(self) -> "Proxy":
        program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        if program is None:
            raise RuntimeError("nginx is missing. Install it (Debian: apt-get install nginx-light).")
        command = [program, "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)]
        self.process = subprocess.Popen([*self.prefix, *command])
        await_port(self.address, self.port, self.folder / "error.log", seconds=5)
        return self

    def lead_to(self, surface: str) -> None:
        """Another surface from now on, without a request lost: nginx finishes what it has begun."""
        self.surface = surface
        (self.folder / "site.conf").write_text(self._site())
        self.process.send_signal(signal.SIGHUP)

    def __exit__(self, *error) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)
        shutil.rmtree(self.folder)


def filled(name: str, values: dict[str, str]) -> str:
    """A file of deploy/ with its ${NAMES} replaced, as envsubst does it: nginx's own variables stay."""
    return string.Template((DEPLOY / name).read_text()).safe_substitute(values)

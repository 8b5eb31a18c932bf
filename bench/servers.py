"""Which application server, with how many workers and threads: signatures a second, and what each costs.

python -m bench.servers --rounds 3 --seconds 4

granian, gunicorn (threads) and uWSGI serve the same site in turns; the client (wrk) runs on the same machine. Install
bench/requirements.txt first, or take one alone with --only granian.
"""

import argparse
import statistics
import sys
from contextlib import suppress
from pathlib import Path

from bench.load import PAGE
from bench.signing import sign, spent
from bench.site import Server, running

SHAPES = ((2, 1), (2, 2), (2, 4), (4, 1), (4, 2))  # workers × threads
CONNECTIONS = (8, 64)


class Granian(Server):
    name = "granian"


class Gunicorn(Server):
    name = "gunicorn"

    def command(self) -> list[str]:
        return [
            str(Path(sys.executable).with_name("gunicorn")), "--worker-class", "gthread", "--log-level", "error",
            "--bind", f"127.0.0.1:{self.port}", "--workers", str(self.workers), "--threads", str(self.threads),
            "--keep-alive", "60", self.application,
        ]  # fmt: skip


class Uwsgi(Server):
    name = "uwsgi"

    def command(self) -> list[str]:
        return [
            str(Path(sys.executable).with_name("uwsgi")), "--http11-socket", f"127.0.0.1:{self.port}", "--master",
            "--processes", str(self.workers), "--threads", str(self.threads), "--enable-threads", "--disable-logging",
            "--lazy-apps",
            "--module", self.application, "--virtualenv", sys.prefix,
        ]  # fmt: skip


SERVERS = {kind.name: kind for kind in (Granian, Gunicorn, Uwsgi)}


def warm(server: Server) -> None:
    """Until it thanks: some take connections before their workers have loaded the site."""
    for _ in range(5):
        with suppress(RuntimeError):
            sign(server.url + PAGE, 2)
            return
    raise RuntimeError("nobody was thanked in ten seconds")


def run(kinds: list[type[Server]], *, rounds: int, seconds: float) -> list[tuple]:
    with running("servers") as site:
        found: dict[tuple, list[tuple[float, float, float]]] = {}
        for _ in range(rounds):
            for kind in kinds:
                for workers, threads in SHAPES:
                    site.workers, site.threads = workers, threads
                    server = site.serve_also(kind=kind)
                    try:
                        warm(server)
                        for connections in CONNECTIONS:
                            before = spent(server, site)
                            told = sign(server.url + PAGE, seconds, connections=connections)
                            cpu = sum(b - a for a, b in zip(before, spent(server, site), strict=True))
                            found.setdefault((kind.name, workers, threads, connections), []).append(
                                (told["done"] / told["seconds"], told["p95"], cpu / told["done"] * 1000)
                            )
                    except RuntimeError as error:
                        print(kind.name, workers, threads, error)
                    finally:
                        server.stop()
    return [(*shape, *(statistics.median(part) for part in zip(*told, strict=True))) for shape, told in found.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--only", choices=list(SERVERS))
    given = parser.parse_args()
    kinds = [SERVERS[given.only]] if given.only else list(SERVERS.values())
    print(
        "| server | workers × threads | connections | signatures/s | p95 ms | CPU ms each |\n|---|---|---|---|---|---|"
    )
    for name, workers, threads, connections, rate, p95, cpu in run(kinds, rounds=given.rounds, seconds=given.seconds):
        print(f"| {name} | {workers} × {threads} | {connections} | {rate:.0f} | {p95:.0f} | {cpu:.2f} |")


if __name__ == "__main__":
    main()

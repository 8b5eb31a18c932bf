import time

from django.core.management.base import BaseCommand
from prometheus_client import start_http_server

from actions.web.gauges import registry


class Command(BaseCommand):
    help = (
        "Serves numbers for Prometheus on a private port: what the processes of this host count, and what the database "
        "knows. None is about a person; the port is for the watcher alone all the same."
    )

    def add_arguments(self, parser):
        parser.add_argument("--address", default="127.0.0.1", help="Address to listen at (127.0.0.1).")
        parser.add_argument("--port", type=int, default=9180, help="Port to listen at (9180).")
        parser.add_argument("--once", action="store_true", help="Print the numbers and stop.")

    def handle(self, *args, address: str, port: int, once: bool, **options):
        if once:
            from prometheus_client import generate_latest

            self.stdout.write(generate_latest(registry()).decode())
            return
        start_http_server(port, addr=address, registry=registry())
        self.stdout.write(f"Serving numbers at http://{address}:{port}/metrics.")
        while True:
            time.sleep(3600)

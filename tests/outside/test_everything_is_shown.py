"""Whatever an editor can use is shown to visitors: through nginx, on the public surface, under the public role.

What exists is read from the code (`vocabulary`), and filled in by kind of field (`filling`): a new block is here by
itself, and a new kind of field, or feature of rich text, fails until somebody says what stands in it.
"""

import re

import pytest

from .known import NOT_SHOWN
from .vocabulary import TYPES, rich_text, samples, ways

pytestmark = pytest.mark.processes


def known(name: str) -> list[pytest.MarkDecorator]:
    return [
        pytest.mark.xfail(raises=AssertionError, reason=why, strict=True)
        for end, why in NOT_SHOWN.items()
        if name.endswith(end)
    ]


def page_at(address: str, deployed) -> str:
    answer = deployed.public.get(address)
    assert answer.status == 200, f"{answer.status} at {address}"
    return answer.text


@pytest.mark.parametrize("name", [pytest.param(name, marks=known(name)) for name in samples()])
def test_a_block_is_shown_with_all_its_words(name, everything, deployed):
    """Seen to fail with `credit` left out of the template of a picture."""
    told = everything["blocks"][name]
    page = page_at(told["url"], deployed)
    assert [words for words in told["words"] if words not in page] == []


FEATURES = [(place, way) for place, features in rich_text().items() for way in ways(features)]


@pytest.mark.parametrize(("place", "way"), [pytest.param(*one, marks=known(one[1])) for one in FEATURES])
def test_a_feature_of_rich_text_is_shown(place, way, everything, deployed):
    """Seen to fail without `|richtext` in the template of a call-out."""
    page = page_at(everything["documents" if way == "document" else "texts"][place], deployed)
    assert re.search(ways(rich_text()[place])[way][1], page)


@pytest.mark.parametrize("name", TYPES)
def test_a_kind_of_page_is_shown_with_all_its_parts(name, everything, deployed):
    """Seen to fail without the picture's credit, and with a part that needs what the public role may not read."""
    told = everything["types"][name]
    page = page_at(told["url"], deployed)
    assert [words for words in told["words"] if words not in page] == []
    answers = {part: deployed.public.get(part).status for part in told["parts"]}
    assert answers == dict.fromkeys(answers, 200)

"""The picture for link previews: there for every action and language, the right size, and never boxes for letters."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from actions.pages.share_picture import SIGNALS, Type, can_show, draw
from home.organisation import Accent
from tests.factories import PetitionFactory, action, image

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
LONG = "Frigi forfatteren, søsteren hennes og alle andre som sitter fengslet uten dom i leirene i provinsen, nå straks"


def drawn(**changes) -> Image.Image:
    values = {"title": "Stans henrettelsene", "kicker": "Aksjon: Iran", "sender": "Foreningen", "accent": "coral"}
    return Image.open(BytesIO(draw(**values | changes)))


@pytest.mark.parametrize("title", ["Nå", "Stans henrettelsene", LONG, LONG * 4, "Čáŋŋuid Žižek Łódź", "x" * 300])
@pytest.mark.parametrize("accent", [*SIGNALS, "", "unknown"])
def test_it_has_the_size_that_networks_show_whole(title, accent):
    picture = drawn(title=title, accent=accent)
    assert (picture.format, picture.size) == ("JPEG", (1200, 630))


def test_it_is_drawn_once_for_the_same_words(monkeypatch):
    """Seen to fail without `lru_cache`."""
    first = draw(title="En gang", kicker="Aksjon", sender="Foreningen", accent="coral")
    monkeypatch.setattr("actions.pages.share_picture.ImageDraw.Draw", None)
    assert draw(title="En gang", kicker="Aksjon", sender="Foreningen", accent="coral") is first


@pytest.mark.parametrize("title", ["停止处决", "Stans 🙏"])
def test_letters_the_typeface_lacks_are_not_drawn_as_boxes(title):
    """Who asks is said instead. Seen to fail: nothing at all stood there."""
    assert not can_show(title)
    assert drawn(title=title) == drawn(title="Foreningen", kicker="", sender="")
    plain = drawn(title=title, sender="停止")
    assert len(set(plain.crop((0, 0, 1200, 560)).quantize(8).get_flattened_data())) == 1


def test_arabic_is_drawn_joined_and_from_the_right():
    """Seen to fail: nothing stood there."""
    pixels = ink(drawn(title="أوقفوا الإعدامات", kicker="", sender=""), (40, 0, 1160, 630))
    assert pixels[2] > 1120
    assert pixels[0] > 200
    assert Type(76).width("محمد") != sum(map(Type(76).width, "محمد")), "joined letters have other shapes"


def ink(picture: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Where in a part of the picture something is written."""
    left, top, right, bottom = picture.convert("L").crop(box).point(lambda grey: 255 * (grey > 120)).getbbox()
    return left + box[0], top + box[1], right + box[0], bottom + box[1]


@pytest.mark.parametrize("title", ["Nå", "Stans henrettelsene", LONG])
def test_without_a_picture_the_words_fill_it(title):
    """Seen to fail: the title stuck to the line above it, and three quarters were black."""
    rows = written(drawn(title=title))
    kicker, *lines, sender = blocks(rows)
    assert lines[0][0] - kicker[1] >= 30, "room under the kicker"
    middle = (kicker[0] + lines[-1][1]) / 2
    assert abs(middle - sender[0] / 2) < 60, "what the sender leaves is shared above and below"


def written(picture: Image.Image) -> list[bool]:
    """Of each row of pixels, whether there are words in it, beside the stripe at the edge."""
    rows = picture.convert("L").crop((40, 0, 1200, 630))
    return [rows.crop((0, y, 1160, y + 1)).getextrema()[1] > 120 for y in range(630)]


def blocks(rows: list[bool]) -> list[tuple[int, int]]:
    """First and last row of what is written without an empty row in it."""
    edges = [y for y in range(1, 630) if rows[y] != rows[y - 1]]
    return list(zip(edges[::2], edges[1::2], strict=True))


def test_its_colours_are_those_of_the_site():
    css = (STATIC / "css" / "tokens.css").read_text()
    assert set(SIGNALS) == set(Accent.values)
    assert f"--signal: {SIGNALS['coral']}" in css
    for name in ("amber", "mint", "sky"):
        assert re.search(rf'"{name}"\] {{ --signal: {SIGNALS[name]}', css)


def shared(client, page) -> str:
    return re.search(r'property="og:image" content="([^"]+)"', client.get(page.get_url()).content.decode())[1]


@pytest.mark.django_db
class TestOnThePage:
    def test_it_is_drawn_where_none_was_chosen(self, client, site):
        page = action(site, PetitionFactory(), hero_image=image())
        assert shared(client, page) == f"{page.full_url}picture/"
        answer = client.get(page.get_url() + "picture/")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "public" in answer["Cache-Control"]
        assert Image.open(BytesIO(answer.content)).size == (1200, 630)

    def test_the_editors_own_comes_first(self, client, site):
        page = action(site, PetitionFactory(), share_image=image())
        assert "/picture/" not in shared(client, page)

    def test_a_picture_whose_file_is_gone_does_not_break_it(self, client, site):
        page = action(site, PetitionFactory(), hero_image=image())
        page.hero_image.file.storage.delete(page.hero_image.file.name)
        assert client.get(page.get_url() + "picture/").status_code == 200

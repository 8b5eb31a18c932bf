"""The picture of an action for link previews, where the editor has chosen none: its title over its picture.

1200 × 630, the size that networks and messengers show whole. Drawn with Pillow, in the site's own typeface.
"""

from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageDraw, ImageFont, features

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
PHOTOGRAPH = f"fill-{WIDTH}x{HEIGHT}|format-jpeg"
INK, PAPER = "#17181c", "#fdfcf9"
# The signal colours of static/css/tokens.css; a test holds them together.
SIGNALS = {"coral": "#ff6b4a", "amber": "#f6b73c", "mint": "#5fcf9f", "sky": "#7cb8f2"}
FONTS = Path(settings.BASE_DIR) / "static" / "fonts"
SMALLEST, MOST_LINES = 40, 4
BOTTOM = 340  # height of the words' ground under a picture
# The largest size of the title: under a picture, and where the words are all there is.
UNDER_A_PICTURE, ALONE = 76, 120
FOOT = 96  # what the sender takes at the bottom


@lru_cache(maxsize=64)
def _font(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(FONTS / f"{name}.woff2", size)
    if weight:
        font.set_variation_by_axes([weight])
    return font


class Type:
    """One size of the site's typeface, which lies in two files: Latin, and Latin with other marks (Sámi, Polish); and
    of Noto Sans Arabic, in one weight."""

    def __init__(self, size: int, weight: int = 700) -> None:
        self.size = size
        self.latin, self.more = _font("familjen-latin", size, weight), _font("familjen-latin-ext", size, weight)
        self.arabic = _font("noto-sans-arabic", size, 0)

    def runs(self, text: str) -> list[tuple[str, ImageFont.FreeTypeFont]]:
        """Parts of one font each. Where words run from right to left each blank is one: it belongs to neither side."""
        found: list[tuple[str, ImageFont.FreeTypeFont]] = []
        alone = " " if runs_from_right(text) else ""
        for letter in text:
            font = self.arabic if _is_arabic(letter) else self.more if _is_marked(letter) else self.latin
            if found and found[-1][1] is font and alone not in (letter, found[-1][0]):
                found[-1] = (found[-1][0] + letter, font)
            else:
                found.append((letter, font))
        return found

    def _length(self, part: str, font: ImageFont.FreeTypeFont) -> float:
        return font.getlength(part, **({"direction": "rtl"} if font is self.arabic else {}))

    def width(self, text: str) -> float:
        return sum(self._length(part, font) for part, font in self.runs(text))

    def write(self, sheet: ImageDraw.ImageDraw, x: float, y: float, text: str, colour: str) -> None:
        """From `x` on, or as far from the other edge where the words run from right to left; they stand on `y`."""
        runs = self.runs(text)
        if runs_from_right(text):
            x, runs = WIDTH - x - self.width(text), runs[::-1]
        for part, font in runs:
            direction = {"direction": "rtl"} if font is self.arabic else {}
            sheet.text((x, y), part, font=font, fill=colour, anchor="ls", **direction)
            x += self._length(part, font)


def _is_marked(letter: str) -> bool:
    return 0x100 <= ord(letter) <= 0x24F or 0x1E00 <= ord(letter) <= 0x1EFF


def _is_arabic(letter: str) -> bool:
    return 0x600 <= ord(letter) <= 0x6FF or 0x750 <= ord(letter) <= 0x77F


def runs_from_right(text: str) -> bool:
    """By its first letter, as in the Unicode bidirectional algorithm."""
    return next((_is_arabic(letter) for letter in text if letter.isalpha()), False)


def can_show(text: str) -> bool:
    """Whether the typefaces have every letter; rather no words than boxes, or than letters that should be joined."""
    return all(
        0x20 <= ord(letter) <= 0x24F
        or 0x1E00 <= ord(letter) <= 0x1EFF
        or letter in "–—‘’“”„…«»•−€\xa0"
        or (_is_arabic(letter) and features.check("raqm"))
        for letter in text
    )


def draw(*, title: str, kicker: str, sender: str, accent: str, hero=None) -> bytes:
    """A JPEG. `hero` is a picture of ours, cropped round its focal point; without one the ground is plain."""
    words = str(title), str(kicker), str(sender), str(accent)
    if hero is not None:
        with suppress(OSError):  # the file is gone: the words are still there
            if rendition := hero.shown(PHOTOGRAPH).get(PHOTOGRAPH):
                return _drawn(*words, rendition.file)
    return _drawn(*words, None)


# Drawn once, however many ask: the same words over the same file are the same picture.
@lru_cache(maxsize=128)
def _drawn(title: str, kicker: str, sender: str, accent: str, photograph: FieldFile | None) -> bytes:
    signal = SIGNALS.get(accent, SIGNALS["coral"])
    picture = _photograph(photograph) if photograph else None
    image = picture or Image.new("RGB", (WIDTH, HEIGHT), INK)
    sheet = ImageDraw.Draw(image)
    if not can_show(title):  # beside the picture networks show the title as text; who says it is said here
        title, kicker, sender = sender, "", ""
    if not can_show(title):
        sheet.rectangle([0, HEIGHT - 28, WIDTH, HEIGHT], fill=signal)
        return _jpeg(image)
    kicker, sender = (words if can_show(words) else "" for words in (kicker, sender))
    room = (BOTTOM if picture else HEIGHT) - 190
    size, lines = _fitted(title, room, UNDER_A_PICTURE if picture else ALONE)
    type_, leading = Type(size), round(size * 1.08)
    gap = round(size * 0.75) + 40  # from the line of the kicker to the first one of the title
    height = 30 + gap + (len(lines) - 1) * leading
    if picture:
        top = HEIGHT - FOOT - height - 66
        sheet.rectangle([0, top, WIDTH, HEIGHT], fill=INK)
        sheet.rectangle([0, top, WIDTH, top + 14], fill=signal)
        y = top + 76
    else:
        edge = WIDTH - 28 if runs_from_right(title) else 0
        sheet.rectangle([edge, 0, edge + 28, HEIGHT], fill=signal)
        y = 30 + max(40, (HEIGHT - FOOT - height) // 2)  # in the middle of what the sender leaves
    if kicker:
        mark = WIDTH - MARGIN - 20 if runs_from_right(kicker) else MARGIN
        sheet.rectangle([mark, y - 21, mark + 20, y - 1], fill=signal)
        Type(30).write(sheet, MARGIN + 36, y, kicker.upper(), PAPER)
    y += gap
    for line in lines:
        type_.write(sheet, MARGIN, y, line, PAPER)
        y += leading
    Type(28, 500).write(sheet, MARGIN, HEIGHT - 36, sender, "#c9c6bd")
    return _jpeg(image)


def _photograph(rendition: FieldFile) -> Image.Image:
    with rendition.open() as file:
        return Image.open(file).convert("RGB").resize((WIDTH, HEIGHT))


def _fitted(title: str, room: int, largest: int) -> tuple[int, list[str]]:
    """The largest size in which the title fits, and its lines; what never fits is cut."""
    for size in range(largest, SMALLEST - 1, -4):
        lines = _broken(title, Type(size))
        widest = max(map(Type(size).width, lines), default=0)
        if len(lines) <= MOST_LINES and len(lines) * size * 1.08 <= room and widest <= WIDTH - 2 * MARGIN:
            return size, lines
    lines = _broken(title, Type(SMALLEST))
    return SMALLEST, lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1] + " …"]


def _broken(text: str, type_: Type) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and type_.width(longer) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _jpeg(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=84, optimize=True, progressive=True)
    return file.getvalue()

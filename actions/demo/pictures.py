"""The demo's drawings: flat layers, a low light, a little grain. Drawn by code, the same every time."""

import math
import random
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT, FINE = 1600, 1000, 2  # drawn FINE times larger, then scaled down for smooth edges

Colour = tuple[int, int, int]
Point = tuple[float, float]

INK: Colour = (24, 26, 34)
PAPER: Colour = (250, 243, 230)
CORAL: Colour = (255, 107, 74)


class Sheet:
    """A sheet to draw on, in units of the finished picture."""

    def __init__(self, top: Colour, bottom: Colour, seed: int) -> None:
        self.random = random.Random(seed)
        self.image = _gradient(top, bottom)
        self.draw = ImageDraw.Draw(self.image)

    def shape(self, points: list[Point], colour: Colour) -> None:
        self.draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=colour)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self.draw.rectangle([x * FINE, y * FINE, (x + width) * FINE, (y + height) * FINE], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.draw.ellipse(
            [(x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE], fill=colour
        )

    def line(self, points: list[Point], colour: Colour, width: float) -> None:
        self.draw.line([(x * FINE, y * FINE) for x, y in points], fill=colour, width=round(width * FINE), joint="curve")

    def ridge(self, height: float, swing: float, colour: Colour, rough: float = 0.5) -> list[Point]:
        """A line of hills across the sheet, filled to the bottom; midpoint displacement."""
        heights = [height + self.random.uniform(-swing, swing) for _ in range(3)]
        while len(heights) < 130:
            swing *= rough
            heights = [
                value
                for left, right in zip(heights, heights[1:], strict=False)
                for value in (left, (left + right) / 2 + self.random.uniform(-swing, swing))
            ] + heights[-1:]
        step = WIDTH / (len(heights) - 1)
        line = [(i * step, y) for i, y in enumerate(heights)]
        self.shape([*line, (WIDTH, HEIGHT), (0, HEIGHT)], colour)
        return line

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: int = 150) -> None:
        mask = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(mask).ellipse(
            [(x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE],
            fill=strength,
        )
        small = mask.resize((WIDTH // 4, HEIGHT // 4)).filter(ImageFilter.GaussianBlur(radius / 8))
        self.image.paste(Image.new("RGB", self.image.size, colour), mask=small.resize(self.image.size))
        self.draw = ImageDraw.Draw(self.image)

    def finish(self) -> bytes:
        picture = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        grain = Image.effect_noise((WIDTH, HEIGHT), 26).convert("RGB")
        picture = ImageChops.overlay(picture, Image.blend(Image.new("RGB", picture.size, (128, 128, 128)), grain, 0.3))
        file = BytesIO()
        picture.save(file, "JPEG", quality=88, optimize=True)
        return file.getvalue()


def _gradient(top: Colour, bottom: Colour) -> Image.Image:
    ramp = Image.linear_gradient("L").resize((WIDTH * FINE, HEIGHT * FINE))
    size = ramp.size
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp)


def fence(s: Sheet) -> None:
    s.glow(1120, 560, 420, (255, 210, 150))
    s.disc(1120, 560, 130, (255, 226, 178))
    for height, colour in ((520, (214, 110, 88)), (600, (160, 76, 78)), (690, (98, 54, 68))):
        s.ridge(height, 70, colour)
    s.box(0, 830, WIDTH, 170, INK)
    for x in range(-20, WIDTH + 40, 118):
        s.box(x, 470, 9, 400, INK)
        s.line([(x + 4, 474), (x - 34, 420)], INK, 7)
    for y in (520, 590, 660, 730, 800):
        s.line([(0, y), (WIDTH, y + 3)], INK, 3)
        for x in range(10, WIDTH, 46):
            s.line([(x - 8, y - 9), (x + 8, y + 9)], INK, 2.5)
            s.line([(x - 8, y + 9), (x + 8, y - 9)], INK, 2.5)
    for y, shift in ((446, 0), (424, 20)):
        s.line([(x, y + 16 * math.sin(x / 21 + shift)) for x in range(0, WIDTH + 8, 6)], INK, 3)
    for x in (270, 350):
        s.line([(x, 870), (x + (310 - x) * 0.35, 300)], INK, 14)
    for y in (420, 540, 660, 780):
        s.line([(276, y), (346, y - 60)], INK, 6)
    s.box(232, 210, 156, 100, INK)
    s.box(250, 228, 120, 46, (255, 214, 150))
    s.shape([(212, 212), (310, 150), (408, 212)], INK)


def houses(s: Sheet) -> None:
    s.ridge(430, 50, (196, 190, 178))
    s.ridge(500, 30, (166, 160, 152))
    for row, (y, size, shade) in enumerate(((560, 92, 120), (660, 128, 92), (800, 180, 62))):
        colour, roof = (shade + 34, shade + 26, shade + 26), (shade, shade - 4, shade)
        x = -40.0 - row * 30
        while x < WIDTH:
            s.box(x, y, size * 1.5, size, colour)
            s.shape(
                [
                    (x - 8, y + 4),
                    (x + size * 0.2, y - size * 0.28),
                    (x + size * 1.3, y - size * 0.28),
                    (x + size * 1.5 + 8, y + 4),
                ],
                roof,
            )
            for k in range(4):
                s.box(x + size * (0.16 + k * 0.34), y + size * 0.34, size * 0.15, size * 0.24, INK)
            x += size * 1.62
    s.box(0, 930, WIDTH, 70, INK)
    for x in range(0, WIDTH, 34):
        s.box(x, 700, 5, 300, INK)
    for y in (720, 780, 850):
        s.box(0, y, WIDTH, 4, INK)


def window(s: Sheet) -> None:
    s.image.paste(_gradient((255, 184, 130), (255, 238, 206)))
    s.draw = ImageDraw.Draw(s.image)
    s.glow(820, 700, 300, (255, 250, 230))
    s.disc(820, 720, 90, (255, 246, 220))
    for height, colour in ((690, (236, 150, 116)), (760, (190, 108, 98))):
        s.ridge(height, 40, colour)
    wall = (38, 40, 54)
    for x, y, w, h in ((0, 0, 470, HEIGHT), (1180, 0, 420, HEIGHT), (0, 0, WIDTH, 150), (0, 850, WIDTH, 150)):
        s.box(x, y, w, h, wall)
    s.shape([(470, 850), (1180, 850), (1240, 900), (410, 900)], (66, 66, 82))
    s.shape([(410, 900), (1240, 900), (1420, 1000), (230, 1000)], (92, 78, 84))
    for x in (540, 640, 740):
        s.box(x, 150, 22, 700, wall)
    for x, lean in ((905, -60), (1040, 70)):
        s.line([(x, 150), (x + lean * 0.2, 330), (x + lean, 480)], wall, 22)
        s.line([(x + lean * 0.4, 850), (x, 720)], wall, 22)
    for x, y, size in ((985, 430, 1.0), (1090, 300, 0.6)):
        _bird(s, x, y, 92 * size)


def _bird(s: Sheet, x: float, y: float, size: float) -> None:
    s.shape(
        [
            (x - size, y - size * 0.55),
            (x - size * 0.2, y - size * 0.22),
            (x, y),
            (x + size * 0.2, y - size * 0.3),
            (x + size * 1.05, y - size * 0.75),
            (x + size * 0.35, y + size * 0.1),
            (x + size * 0.1, y + size * 0.34),
            (x - size * 0.5, y + size * 0.42),
            (x - size * 0.2, y + size * 0.12),
        ],
        INK,
    )


def veil(s: Sheet) -> None:
    s.glow(800, 420, 520, (255, 236, 214))
    s.ridge(800, 30, (176, 120, 140))
    s.ridge(870, 20, (110, 72, 104))
    for x, size, colour in ((430, 0.92, (60, 44, 74)), (800, 1.12, INK), (1170, 0.96, (74, 40, 62))):
        base, head = 1000, 1000 - 620 * size
        s.shape(
            [
                (x - 150 * size, base),
                (x - 110 * size, head + 190 * size),
                (x - 40 * size, head + 105 * size),
                (x + 40 * size, head + 105 * size),
                (x + 110 * size, head + 190 * size),
                (x + 150 * size, base),
            ],
            colour,
        )
        s.box(x - 26 * size, head + 40 * size, 52 * size, 80 * size, colour)
        s.disc(x, head, 72 * size, colour)
        for k in range(26):
            start = -70 + k * 5.2
            s.line(
                [
                    (
                        x + (start * 0.5 - 8) * size + t * 15 * size,
                        head + (start * 0.75 + 20 * math.sin(t / 3.2 + k / 5) + t * 1.2) * size,
                    )
                    for t in range(20)
                ],
                colour,
                7 * size,
            )


def desk(s: Sheet) -> None:
    wall, light = (206, 188, 158), (255, 232, 190)
    s.box(0, 0, WIDTH, HEIGHT, wall)
    s.box(760, 110, 620, 520, (150, 196, 214))
    for height, colour in ((440, (128, 158, 178)), (510, (96, 124, 148)), (580, (74, 96, 116))):
        line = [(x, height + 60 * math.sin(x / 97 + height) + 34 * math.sin(x / 41)) for x in range(760, 1381, 10)]
        s.shape([*line, (1380, 630), (760, 630)], colour)
    s.box(760, 630, 620, 370, wall)
    for x, y, w, h in (
        (740, 90, 660, 24),
        (740, 626, 660, 28),
        (740, 90, 24, 560),
        (1376, 90, 24, 560),
        (1060, 100, 18, 540),
    ):
        s.box(x, y, w, h, (96, 62, 46))
    s.shape([(760, 1000), (1060, 654), (1380, 654), (1500, 1000)], light)
    s.box(0, 840, WIDTH, 160, (150, 112, 82))
    s.shape([(620, 1000), (900, 840), (1330, 840), (1380, 1000)], (206, 160, 112))
    s.shape([(250, 600), (700, 600), (770, 660), (190, 660)], (120, 74, 48))
    s.box(190, 660, 580, 26, (92, 56, 38))
    for x in (220, 716):
        s.box(x, 686, 22, 250, (70, 42, 30))
    s.box(330, 860, 300, 20, (70, 42, 30))
    s.shape([(360, 596), (470, 560), (580, 596), (470, 634)], PAPER)
    s.line([(362, 596), (470, 612), (578, 596)], (190, 170, 140), 3)
    s.box(610, 540, 12, 58, CORAL)
    s.box(640, 552, 12, 46, INK)


def door(s: Sheet) -> None:
    brick, dark = (92, 70, 72), (76, 56, 60)
    s.box(0, 0, WIDTH, HEIGHT, brick)
    for row in range(20):
        for column in range(-1, 15):
            x = column * 124 + (62 if row % 2 else 0)
            s.box(x, row * 50, 118, 44, dark if (row * 7 + column * 3) % 5 else (104, 78, 76))
    s.image.paste(
        _gradient((255, 226, 160), (255, 244, 214)).crop((0, 0, 430 * FINE, 760 * FINE)),
        (640 * FINE, 160 * FINE),
    )
    s.draw = ImageDraw.Draw(s.image)
    s.disc(870, 520, 90, (255, 252, 236))
    line = [(x, 690 + 20 * math.sin(x / 60)) for x in range(640, 1071, 10)]
    s.shape([*line, (1070, 920), (640, 920)], (150, 158, 96))
    s.shape([(800, 920), (850, 700), (880, 700), (960, 920)], (224, 192, 130))
    s.box(0, 920, WIDTH, 80, (48, 38, 44))
    s.shape([(640, 920), (1070, 920), (1330, 1000), (420, 1000)], (250, 210, 140))
    for x, y, w, h in ((610, 130, 30, 790), (1070, 130, 30, 790), (610, 130, 490, 30)):
        s.box(x, y, w, h, INK)
    s.shape([(1070, 160), (1290, 90), (1290, 985), (1070, 920)], (60, 78, 88))
    for y in (300, 520, 740):
        s.line([(1082, y), (1278, y - 26)], (44, 58, 68), 12)
    s.disc(1100, 570, 13, CORAL)


def mountains(s: Sheet) -> None:
    s.glow(420, 300, 260, (255, 240, 214))
    s.disc(420, 300, 84, (255, 246, 226))
    for k in range(7):
        shade = 190 - k * 25
        s.ridge(420 + k * 86, 110 - k * 6, (shade - 20, shade, shade + 12), 0.52)


def city(s: Sheet) -> None:
    peak = s.ridge(370, 150, (120, 116, 150), 0.55)
    for left, right in zip(peak, peak[1:], strict=False):
        if left[1] < 420:
            s.shape(
                [
                    left,
                    right,
                    (right[0], right[1] + max(0, 420 - right[1]) * 0.4),
                    (left[0], left[1] + max(0, 420 - left[1]) * 0.4),
                ],
                (244, 240, 244),
            )
    s.ridge(590, 40, (88, 82, 118))
    for y, size, colour in ((700, 60, (70, 62, 92)), (800, 84, (50, 44, 70)), (900, 110, INK)):
        x = -20.0
        while x < WIDTH:
            width, height = size * s.random.uniform(0.6, 1.4), size * s.random.uniform(0.7, 2.1)
            s.box(x, y - height, width, height + 300, colour)
            for _ in range(5):
                if s.random.random() < 0.6:
                    s.box(
                        x + s.random.uniform(6, width - 12),
                        y - height + s.random.uniform(10, height),
                        7,
                        10,
                        (255, 206, 140),
                    )
            x += width + s.random.uniform(0, 8)
    s.box(1180, 380, 16, 500, INK)
    s.disc(1188, 400, 34, INK)
    s.box(1184, 300, 8, 90, INK)


def valley(s: Sheet) -> None:
    s.disc(1240, 220, 74, (255, 240, 210))
    for height, swing, colour in (
        (330, 170, (178, 150, 132)),
        (440, 120, (150, 116, 98)),
        (560, 80, (120, 88, 74)),
    ):
        s.ridge(height, swing, colour, 0.56)
    s.ridge(700, 20, (142, 152, 92))
    s.shape([(0, 1000), (640, 720), (700, 722), (520, 860), (760, 1000)], (150, 190, 204))
    s.ridge(880, 24, (94, 108, 62))
    for x, y, size in ((900, 730, 60), (1010, 745, 80), (1160, 725, 56), (1290, 760, 92), (300, 790, 74)):
        s.box(x, y, size * 1.4, size, (206, 170, 128))
        s.box(x - 5, y - 9, size * 1.4 + 10, 12, (160, 122, 88))
        s.box(x + size * 0.5, y + size * 0.4, size * 0.26, size * 0.6, (84, 58, 44))
    for x in range(40, WIDTH, 88):
        y = 880 + 40 * math.sin(x / 130)
        s.shape([(x - 16, y + 60), (x, y - 90), (x + 16, y + 60)], (58, 72, 48))


def rocks(s: Sheet) -> None:
    s.glow(820, 640, 460, (255, 214, 150))
    s.disc(820, 640, 150, (255, 236, 196))
    s.ridge(720, 14, (176, 124, 84))
    s.ridge(820, 20, (120, 84, 62))
    for x, y, rx, ry, colour in (
        (800, 850, 250, 120, (72, 54, 54)),
        (770, 690, 150, 110, (92, 66, 60)),
        (830, 540, 190, 80, (72, 54, 54)),
        (790, 410, 96, 88, (92, 66, 60)),
        (1290, 870, 150, 90, (84, 60, 56)),
        (1300, 750, 100, 66, (100, 72, 62)),
    ):
        points = [
            (
                x + rx * math.copysign(abs(math.cos(a)) ** 0.75, math.cos(a)),
                y + ry * math.copysign(abs(math.sin(a)) ** 0.75, math.sin(a)),
            )
            for a in (i / 40 * math.tau for i in range(40))
        ]
        s.shape(points, colour)
    s.ridge(940, 10, INK)
    s.line([(210, 960), (230, 760), (216, 640)], INK, 22)
    for dx, dy, w in ((-150, 20, 250), (-70, -50, 240), (-190, 70, 190)):
        s.draw.ellipse([(216 + dx) * FINE, (600 + dy) * FINE, (216 + dx + w) * FINE, (650 + dy) * FINE], fill=INK)


def chair(s: Sheet) -> None:
    s.box(0, 0, WIDTH, HEIGHT, (96, 112, 124))
    s.box(0, 780, WIDTH, 220, (72, 66, 72))
    s.box(820, 120, 430, 500, (226, 228, 214))
    s.glow(1035, 370, 260, (255, 250, 228), 110)
    for x, y, w, h in (
        (800, 100, 470, 22),
        (800, 610, 470, 26),
        (800, 100, 22, 530),
        (1250, 100, 22, 530),
        (1026, 110, 16, 510),
        (810, 350, 450, 14),
    ):
        s.box(x, y, w, h, (52, 58, 66))
    s.shape([(600, 1000), (820, 790), (1240, 790), (1200, 1000)], (178, 172, 158))
    wood = (38, 30, 32)
    s.box(470, 360, 24, 560, wood)
    s.box(690, 420, 20, 460, wood)
    for y in (380, 450, 520):
        s.shape([(478, y), (704, y + 46), (704, y + 74), (478, y + 30)], wood)
    s.shape([(456, 650), (700, 620), (830, 676), (560, 716)], (64, 48, 44))
    s.box(556, 700, 22, 270, wood)
    s.box(806, 676, 20, 230, wood)


def pens(s: Sheet) -> None:
    colours = [CORAL, (246, 183, 60), (95, 207, 159), (124, 184, 242), PAPER]
    for k, x in enumerate(range(-60, WIDTH + 60, 96)):
        top = 170 + 110 * math.sin(k * 1.3) + 40 * math.sin(k * 3.1)
        colour = colours[k % len(colours)]
        s.box(x, -20, 62, top + 400, colour)
        s.box(x + 44, -20, 18, top + 400, tuple(int(c * 0.82) for c in colour))
        s.box(x, top + 250, 62, 26, INK)
        s.shape([(x, top + 380), (x + 62, top + 380), (x + 36, top + 500), (x + 26, top + 500)], (226, 206, 176))
        s.shape([(x + 22, top + 470), (x + 40, top + 470), (x + 31, top + 522)], INK)
    for y in range(760, 1000, 62):
        s.line([(120, y), (1480, y)], (86, 92, 110), 3)
    s.line([(160 + i * 9, 812 + 16 * math.sin(i / 2.2) * math.cos(i / 7)) for i in range(70)], PAPER, 5)


# Name, what draws it, sky above and below, and the focal point (x, y) in the picture.
PICTURES: dict[str, tuple[Callable[[Sheet], None], Colour, Colour, tuple[int, int]]] = {
    "fence": (fence, (92, 44, 70), (255, 150, 98), (700, 480)),
    "houses": (houses, (232, 222, 206), (206, 196, 182), (800, 640)),
    "window": (window, (255, 184, 130), (255, 238, 206), (860, 480)),
    "veil": (veil, (252, 190, 160), (250, 226, 206), (800, 440)),
    "desk": (desk, (206, 188, 158), (206, 188, 158), (720, 560)),
    "door": (door, (92, 70, 72), (92, 70, 72), (900, 520)),
    "mountains": (mountains, (240, 206, 180), (226, 222, 214), (700, 420)),
    "city": (city, (250, 196, 168), (236, 176, 172), (900, 480)),
    "valley": (valley, (160, 196, 214), (240, 226, 200), (900, 560)),
    "rocks": (rocks, (244, 150, 96), (255, 206, 140), (800, 560)),
    "chair": (chair, (96, 112, 124), (96, 112, 124), (760, 520)),
    "pens": (pens, (36, 40, 54), (48, 54, 72), (800, 480)),
}


def draw(name: str) -> bytes:
    """The picture as JPEG, 1600 × 1000."""
    drawing, top, bottom, _focus = PICTURES[name]
    sheet = Sheet(top, bottom, seed=sum(map(ord, name)))
    drawing(sheet)
    return sheet.finish()


def logo() -> bytes:
    """Five strokes, as one counts by hand, on the signal colour: a PNG that can be seen on light and dark."""
    side = 160 * FINE
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle([0, 0, side - 1, side - 1], radius=22 * FINE, fill=(*CORAL, 255))
    for x in (40, 66, 92, 118):
        pen.line([(x * FINE, 34 * FINE), (x * FINE, 126 * FINE)], fill=(*INK, 255), width=11 * FINE)
    pen.line([(20 * FINE, 112 * FINE), (140 * FINE, 48 * FINE)], fill=(*INK, 255), width=11 * FINE)
    file = BytesIO()
    image.resize((160, 160), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()

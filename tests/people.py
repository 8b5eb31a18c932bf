"""Forty people who do not exist, with names of every order and script, as keyboards and programs write them.

A fixed file: through form, page, PDF, CSV and import (tests/signing/test_people.py), and through the rules alone.
"""

from typing import NamedTuple


class Typed(NamedTuple):
    """What is typed and what is kept of it; which first name is proposed to be shown (nothing where that is not sure),
    and what its owner has shown."""

    typed: str
    name: str
    proposed: str
    shown: str
    place: str = "Oslo"
    postcode: str = "0150"
    phone: str = "+47 912 34 567"


def _as_typed(name: str, proposed: str, shown: str, **more: str) -> Typed:
    return Typed(name, name, proposed, shown, **more)


PEOPLE = [
    _as_typed("Kari Nordmann", "Kari", "Kari"),
    _as_typed("Åse-Marie Ærø Øvrebø", "Åse-Marie", "Åse-Marie", place="Tromsø"),
    _as_typed("Ánde Máret Čuoika", "Ánde", "Ánde", place="Kárášjohka"),
    _as_typed("Ŋáŋŋa Đoŧŧi", "Ŋáŋŋa", "Ŋáŋŋa"),
    _as_typed("O’Brien Conor", "O’Brien", "Conor"),  # its owner puts right what was proposed
    Typed("Conor O`Brien", "Conor O’Brien", "Conor", "Conor"),
    Typed("Mar`yana Koval", "Mar’yana Koval", "Mar’yana", "Mar’yana"),
    _as_typed("Anne-Lise d’Arc", "Anne-Lise", "Anne-Lise"),
    _as_typed("Nordmann, Kari", "", "Kari"),
    _as_typed("Dr. Ola Hansen", "", "Ola"),
    _as_typed("Prof Ola Hansen", "", "Ola H."),
    _as_typed("Kari.Nordmann", "", "K. N."),
    _as_typed("Kari_Nordmann", "", "Kari"),
    _as_typed("NORDMANN Kari", "", "Kari"),
    _as_typed("KARI NORDMANN", "KARI", "Kari"),
    _as_typed("kari nordmann", "kari", "kari"),
    _as_typed("J. R. R. Tolkien", "", "J."),
    _as_typed("J.Top", "", "J."),
    _as_typed("H.No", "", "H."),
    _as_typed("A.Link", "", "A."),
    _as_typed("O.Biz", "", "O."),
    _as_typed("St.Petersburg Olsen", "", "Olsen"),
    _as_typed("O", "", "O"),
    _as_typed("Jan O", "Jan", "Jan"),
    _as_typed("Nagy Ferenc", "", "Ferenc", place="Pécs", phone="+36 30 123 4567"),
    _as_typed("Nguyễn Văn An", "", "An", place="Hà Nội"),
    _as_typed("Wang Xiaoming", "", "Xiaoming"),
    _as_typed("Kim Jong-su", "", "Jong-su"),
    _as_typed("王小明", "", "小明", place="香港"),
    _as_typed("김철수", "", "철수", place="서울"),
    _as_typed("山田 太郎", "", "太郎", place="東京"),
    Typed("山田\u3000花子", "山田 花子", "", "花子"),
    _as_typed("\u8fbb\U000e0100 一郎", "", "一郎"),  # with a selector of a variant, as such a name is written
    _as_typed("สมชาย ใจดี", "", "สมชาย", place="กรุงเทพ"),
    Typed("محمد علي\u200f", "محمد علي", "", "محمد", place="القاهرة\u200f"),
    _as_typed("نیلوفر‌ زاده", "", "نیلوفر"),
    Typed("\u2068שרה כהן\u2069", "שרה כהן", "", "שרה"),
    _as_typed("Иван Петров", "", "Иван", place="Тверь"),
    Typed(
        "Ka\u00adri\u200b Nord\ufeffmann", "Kari Nordmann", "Kari", "Kari", postcode="\u202a0150\u202c",
        phone="\u202a+47 912 34 567\u202c", place="Oslo\u200b",
    ),
    Typed(
        "Jo Smith \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "Jo Smith \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "Jo", "Jo",
    ),
]  # fmt: skip

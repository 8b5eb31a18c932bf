"""An HTML page or mail: its links, the places one can go to within it, and its language."""

from html.parser import HTMLParser

from .links import ATOM, IMAGE, PAGE, SCRIPT, STYLE, Link, in_json, in_style

# Where an address stands, and the content type it promises.
ADDRESSES = {
    ("a", "href"): "",
    ("area", "href"): "",
    ("img", "src"): IMAGE,
    ("image", "href"): IMAGE,
    ("video", "src"): "video/",
    ("video", "poster"): IMAGE,
    ("audio", "src"): "audio/",
    ("track", "src"): "text/vtt",
    ("script", "src"): SCRIPT,
    ("iframe", "src"): PAGE,
    ("form", "action"): PAGE,
    ("button", "formaction"): PAGE,
    ("input", "formaction"): PAGE,
}
RELS = {"stylesheet": STYLE, "icon": IMAGE, "apple-touch-icon": IMAGE, "manifest": "application/manifest+json"}
AS = {"font": "font/", "style": STYLE, "script": SCRIPT, "image": IMAGE}
WHOLE_RELS = {"canonical", "alternate"}
BEGINNINGS = ("http:", "https:", "/")


class Document(HTMLParser):
    """`whole` where addresses must be whole, as in a mail."""

    def __init__(self, text: str, *, whole: bool = False) -> None:
        super().__init__()
        self.whole, self.lang = whole, ""
        self.links: list[Link] = []
        self.ids: set[str] = set()
        self._data = self._text = ""  # what the element we are in holds that is no markup
        self.feed(text)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in pairs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        self.lang = given.get("lang", "") if tag == "html" else self.lang
        self._data = given.get("type", "") if tag == "script" else "style" if tag == "style" else ""
        for name, value in given.items():
            self._attribute(tag, name, value, given)

    def _attribute(self, tag: str, name: str, value: str, given: dict[str, str]) -> None:
        place = f"{tag} {name}"
        if (tag, name) in ADDRESSES:
            self._add(value, place, ADDRESSES[tag, name], given.get("hreflang", ""))
        elif name in ("srcset", "imagesrcset"):
            for one in value.split(","):
                self._add(one.split()[0], place, IMAGE)
        elif tag == "source" and name == "src":
            self._add(value, place, given.get("type", ""))
        elif tag == "link" and name == "href":
            self._link(value, given)
        elif tag == "meta" and name == "content" and value.startswith(BEGINNINGS):
            what = given.get("property") or given.get("name", "")
            self._add(value, f"meta {what}", IMAGE if what.endswith(("image", "image:url")) else "", whole=True)
        elif name.startswith("data-") and value.startswith(BEGINNINGS):
            self._add(value, place)
        elif name == "style":
            self.links += in_style(value)

    def _link(self, address: str, given: dict[str, str]) -> None:
        rel, kind = given.get("rel", ""), given.get("type", "")
        whole = rel in WHOLE_RELS and kind != ATOM
        kind = RELS.get(rel) or kind or AS.get(given.get("as", "")) or (PAGE if whole else "")
        self._add(address, f"link {rel}", kind, given.get("hreflang", "").replace("x-default", ""), whole)

    def _add(self, address: str, place: str, kind: str = "", lang: str = "", whole: bool = False) -> None:
        self.links.append(Link(address, place, kind, lang, whole or self.whole))

    def handle_data(self, data: str) -> None:
        if self._data:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._data == "application/ld+json":
            self.links += in_json(self._text, "JSON-LD")
        elif self._data == "style":
            self.links += in_style(self._text)
        self._data = self._text = ""

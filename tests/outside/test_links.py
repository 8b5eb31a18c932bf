"""The crawler is not blind: an address is found wherever one can hide."""

import zlib
from email.message import EmailMessage

import pytest

from .contents import in_mail
from .document import Document
from .links import in_json, in_pdf, in_style, in_xml

pytestmark = pytest.mark.processes

HTML = {
    '<a href="/x/">': "a href",
    '<img srcset="/x/ 1x, /y/ 2x">': "img srcset",
    '<source srcset="/x/ 640w" type="image/avif">': "source srcset",
    '<video poster="/x/"></video>': "video poster",
    '<form method="post" action="/x/">': "form action",
    '<button formaction="/x/">': "button formaction",
    '<li data-share-url="/x/">': "li data-share-url",
    '<meta property="og:image" content="/x/">': "meta og:image",
    '<link rel="canonical" href="/x/">': "link canonical",
    '<p style="background: url(/x/)">': "url()",
    "<style>p { background: url('/x/') }</style>": "url()",
}


@pytest.mark.parametrize("html", HTML)
def test_an_address_is_found_in_html(html):
    assert next((link.address, link.place) for link in Document(html).links) == ("/x/", HTML[html])


URL = "https://example.org/x/"


def test_an_address_is_found_in_a_pdf_as_the_site_makes_it():
    import typst

    assert [link.address for link in in_pdf(typst.compile(f'#link("{URL}")[this]'.encode()))] == [URL]


def mail() -> EmailMessage:
    made = EmailMessage()
    made["List-Unsubscribe"] = f"<{URL}>"
    made.set_content(f"Read this ({URL}).")
    made.add_alternative(f'<p><a href="{URL}">this</a></p>', subtype="html")
    return made


@pytest.mark.parametrize(
    ("links", "places"),
    [
        (in_style("@font-face { src: url(https://example.org/x/) }"), ["url()"]),
        (in_json(f'{{"@id": "{URL}#y", "a": [{{"b": "{URL}"}}]}}'), ["JSON"]),
        (in_xml(f"<urlset xmlns='x'><url><loc>{URL}</loc></url></urlset>"), ["sitemap loc"]),
        (in_xml(f"<feed xmlns='x'><id>{URL}#y</id><link href='{URL}'/></feed>"), ["alternate link"]),
        (in_pdf(b"stream\n" + zlib.compress(b"<</S/URI/URI(https://example.org/x/)>>") + b"\nendstream"), ["PDF"]),
        (in_mail(mail()), ["List-Unsubscribe", "text of mail", "HTML of mail, a href"]),
        (Document(f'<script type="application/ld+json">{{"url": "{URL}"}}</script>').links, ["JSON-LD"]),
    ],
)
def test_an_address_is_found_elsewhere(links, places):
    assert [(link.address, link.place) for link in links] == [(URL, place) for place in places]

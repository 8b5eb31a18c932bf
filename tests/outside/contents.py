"""The links of whatever comes from the site: an answer, or a mail."""

import re
from email.message import EmailMessage

from .document import Document
from .links import PAGE, STYLE, Link, in_json, in_pdf, in_style, in_text, in_xml
from .visitor import Answer

READERS = {
    PAGE: lambda answer: Document(answer.text).links,
    STYLE: lambda answer: in_style(answer.text),
    "application/json": lambda answer: in_json(answer.content),
    "application/manifest+json": lambda answer: in_json(answer.content),
    "application/xml": lambda answer: in_xml(answer.text),
    "application/atom+xml": lambda answer: in_xml(answer.text),
    "application/pdf": lambda answer: in_pdf(answer.content),
    "text/plain": lambda answer: in_text(answer.text),
}


def in_answer(answer: Answer) -> list[Link]:
    return READERS[answer.kind](answer) if answer.kind in READERS else []


def in_mail(mail: EmailMessage) -> list[Link]:
    """Both parts of a mail, and the address that ends contact with one click."""
    unsubscribe = re.findall("<([^>]+)>", mail["List-Unsubscribe"] or "")
    found = [Link(address, "List-Unsubscribe", PAGE, whole=True) for address in unsubscribe]
    if text := mail.get_body(("plain",)):
        found += [link._replace(place="text of mail") for link in in_text(text.get_content())]
    if html := mail.get_body(("html",)):
        links = Document(html.get_content(), whole=True).links
        found += [link._replace(place=f"HTML of mail, {link.place}") for link in links]
    return found

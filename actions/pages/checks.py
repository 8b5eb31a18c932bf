"""What an editor should look at before a page is published, and when its action ends (G11). Nothing here forbids."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from actions.rules.hand_over import NUMBER
from actions.rules.voice import calls_in

from .action import ActionPage
from .hand_over import notice_of
from .share_picture import can_show


class Where(StrEnum):
    """The tab of the editor where it can be put right."""

    CONTENT = "content"
    SIGNATURES = "signatures"


class Finding(NamedTuple):
    """One thing to look at; `now` where it is wrong at this moment, and not only later."""

    text: str | Promise
    where: Where
    now: bool = True


def findings(page: ActionPage, at: datetime | None = None) -> list[Finding]:
    """Everything to look at, what is wrong now first."""
    at = at or timezone.now()
    found = [*_pictures(page), *_blocks(page), *_petition(page), *_translations(page), *_voice(page, at)]
    return sorted(found, key=lambda finding: not finding.now)


def _pictures(page: ActionPage) -> Iterator[Finding]:
    if page.hero_image_id and not page.hero_alt:
        yield Finding(_("The picture at the top has no alternative text."), Where.CONTENT)
    for block in page.body:
        image = block.value.get("image") if hasattr(block.value, "get") else None
        if image and not getattr(image, "decorative", True) and not getattr(image, "contextual_alt_text", "x"):
            yield Finding(_("A picture in the text has no alternative text."), Where.CONTENT)
        if block.block_type == "video" and not block.value["poster"]:
            told = _("A film has no still picture: until somebody clicks, only its title stands there.")
            yield Finding(told, Where.CONTENT, now=False)
    if not page.share_image and not can_show(page.title):
        told = _("The title has letters that the drawn picture for sharing cannot show. Choose a picture for sharing.")
        yield Finding(told, Where.CONTENT)


def _blocks(page: ActionPage) -> Iterator[Finding]:
    kinds = [block.block_type for block in page.body]
    if not kinds:
        yield Finding(_("The page has no text yet."), Where.CONTENT)
    for block in page.body:
        if block.block_type == "letter":
            foreign = block.value["language"].split("-")[0] != page.locale.language_code.split("-")[0]
            if foreign and not block.value["summary"]:
                told = _("The letter is in another language and has no summary in the page's own.")
                yield Finding(told, Where.CONTENT)
    if "demands" not in kinds:
        told = _("There are no demands. They are used in the hand-over and on the signing sheet too.")
        yield Finding(told, Where.CONTENT)


def _petition(page: ActionPage) -> Iterator[Finding]:
    if page.petition is None:
        yield Finding(_("The page has no signature form, so nobody can sign."), Where.SIGNATURES)
        return
    if not page.petition.addressees.exists():
        told = _("The signature form has no recipient: the page cannot say to whom the signatures go.")
        yield Finding(told, Where.SIGNATURES)
    elif page.petition.handed_over != NUMBER and notice_of(page.petition, page.locale) is None:
        told = _("A recipient has no country: until it has, the form hands over the number only.")
        yield Finding(told, Where.SIGNATURES)
    if page.petition.opens_at is None:
        yield Finding(_("The signature form has no first day, so nobody can sign."), Where.SIGNATURES)
    elif page.petition.ends_at is None:
        yield Finding(_("No last day is set: the action does not end by itself."), Where.SIGNATURES, now=False)


def _translations(page: ActionPage) -> Iterator[Finding]:
    live = set(
        ActionPage.objects.filter(translation_key=page.translation_key, live=True).values_list(
            "locale__language_code", flat=True
        )
    )
    missing = [str(name) for code, name in settings.LANGUAGES if code not in live and code != page.locale.language_code]
    if missing:
        told = _("Not published yet in: %(languages)s.") % {"languages": ", ".join(missing)}
        yield Finding(told, Where.CONTENT, now=False)


def _voice(page: ActionPage, at: datetime) -> Iterator[Finding]:
    """Calls to act without a version for when the action has ended."""
    over = page.petition is not None and page.petition.state(at).is_over
    for field, text, replacement in open_texts(page):
        calls = calls_in(text, page.locale.language_code)
        if calls and not replacement:
            values = {"field": field, "call": calls[0]}
            if over:
                told = _("The action has ended, and %(field)s still says “%(call)s”. Write its version for afterwards.")
            else:
                told = _("There is a call in %(field)s: “%(call)s”. Write how it reads when the action has ended.")
            yield Finding(told % values, Where.CONTENT, now=over)


def open_texts(page: ActionPage) -> Iterator[tuple[str, str, str]]:
    """Texts that call to act: what they are, what they say, and what stands there when the action has ended."""
    yield _("the lead"), page.lead, page.lead_when_ended
    for block in page.body:
        if block.block_type == "callout":
            text = f"{block.value['heading']} {strip_tags(block.value['text'].source)}"
            ended = block.value["text_when_ended"]
            yield _("a call-out"), text, strip_tags(ended.source) if ended else ""
    yield _("the text when shared"), page.share_text, ""
    yield _("the title"), page.title, ""


def speaks_as_if_open(page: ActionPage) -> bool:
    """Whether a page of an ended action still calls to act."""
    return any(
        calls_in(text, page.locale.language_code) and not replacement for _field, text, replacement in open_texts(page)
    )

"""Content that uses everything an editor can use, made as staff make it.

`make()` runs where staff's environment is, and prints as JSON where what stands:

    site.manage("shell", "-c", "from tests.outside.everything import make; make()")
"""

import json
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page

from actions.delivery.models import PetitionRecipient
from actions.pages.action import ActionPage
from actions.pages.tasks import make_renditions
from actions.signing.keys import give_keys
from actions.signing.models import Petition
from home.pages import HomePage
from home.visible import for_everybody

from . import occasions, uploads
from .filling import Filler, plain, record, rich, stream, words_in
from .vocabulary import MANY, TYPES, VARIANTS, rich_text, streams

# Words that are not shown now; and what stands there besides words.
HIDDEN = {
    "callout": ["words of callout.text_when_ended"],
    "video of our own, with a still": ["words of video.poster"],
    "ActionPage": ["words of ActionPage lead_when_ended"],
}
BESIDES = {"video of our own, with a still": ['poster="/media/']}
# When a text is shown that is not always, and where, if not on its page itself.
SHOWN_WHEN = {
    "callout.text_when_ended": "ended",
    "ActionPage.ended_text": "ended",
    "ActionPage.outcome": "ended",
    "ActionPage.paused_text": "paused",
    "ActionPage.thanks_text": "open",
}
SHOWN_AT = {"ActionPage.thanks_text": "thanks/", "ActionPage.support": "thanks/"}


def make() -> None:
    maker = Maker()
    made = maker.all() | occasions.make(maker.filler, by=maker.editor, document=maker.report.pk)
    # What workers do one after the other, and for the demo in some minutes.
    for page in for_everybody(Page.objects.filter(depth__gt=1)):
        make_renditions.call(page.pk)
    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)
    DBTaskResult.objects.all().delete()
    print(json.dumps(made))  # noqa: T201


class Maker:
    """One page for each thing, in Bokmål, beside the pages of the demo."""

    def __init__(self) -> None:
        nb = {"locale__language_code": "nb"}
        self.home = HomePage.objects.get(**nb)
        self.editor = get_user_model().objects.create_user("editor", "editor@actions.example.org", is_staff=True)
        self.editor.groups.add(Group.objects.get(name="Signature officer"))  # who looks at alarms
        self.parents = {
            "ActionPage": record("actions.ActionIndexPage", **nb),
            "CountryPage": record("actions.CountryIndexPage", **nb),
            "ContentPage": self.home,
        }
        self.picture, self.report = uploads.picture(), uploads.report()
        self.chosen = {
            "Page": record("home.ContentPage", purpose="privacy", **nb),
            "CountryPage": record("actions.CountryPage", **nb),
            "ActionPage": record("actions.ActionPage", petition__name="Iran: executions", **nb),
            "Recipient": record("actions.Recipient", name__gt="", **nb),
            "RightsArticle": record("actions.RightsArticle", number=3, **nb),
            "Delivery": record("actions.Delivery"),
        }
        self.filler = Filler(chosen=self.chosen, picture=self.picture.pk, film=uploads.film().pk)

    def all(self) -> dict[str, Any]:
        texts, report = rich_text().items(), self.report.pk
        return {
            "types": {name: self._type(name) for name in TYPES},
            "blocks": dict(self._blocks()),
            "texts": {place: self._text(place, features) for place, features in texts},
            "documents": {place: self._text(place, features, report) for place, features in texts},
        }

    def _type(self, name: str) -> dict[str, Any]:
        """A page with all its fields filled; of which there may be one only, that one."""
        model = TYPES[name]
        if name in MANY:
            given = {"petition": self._petition("open")} if model is ActionPage else {}
            given |= {"code": "SE"} if name == "CountryPage" else {}
            page = self._add(name, f"All of {name}", **self.filler.page(model, **given))
        else:
            page = model.objects.get(locale=self.home.locale)
            for field, value in self.filler.page(model).items():
                setattr(page, field, value)
            page.save_revision().publish()
        texts = [str(getattr(page, field.name)) for field in page._meta.get_fields() if not field.is_relation]
        return {"url": page.url, "words": _shown(name, words_in(texts)), "parts": _parts(page)}

    def _blocks(self):
        for place, stream_block in streams().items():
            for name, block in stream_block.child_blocks.items():
                for variant, given in VARIANTS.get(name, {"": {}}).items():
                    value = self.filler.block(block, name) | given
                    page = self._holding(place, stream_block, name, value, f"{place} {name}{variant}")
                    words = [*_shown(name + variant, words_in(value)), *BESIDES.get(name + variant, ())]
                    yield f"{place}.{name}{variant}", {"url": page.url + SHOWN_AT.get(place, ""), "words": words}

    def _text(self, place: str, features: list[str], document: int = 0) -> str:
        """Where a rich text with all its features is shown, or one with a link to a document."""
        html = rich(features, document=document, page=self.chosen["Page"].pk)
        title, state = f"{place} {'document' if document else 'all'}", SHOWN_WHEN.get(place, "")
        name, _dot, field = place.partition(".")
        if name in TYPES:
            page = self._add(name, title, state, **{field: html})
        else:
            pages = "ActionPage" if state else ""  # only an action ends
            where, stream_block = next(
                (w, s) for w, s in streams().items() if name in s.child_blocks and w.startswith(pages)
            )

            def prose(path: str, features: list[str]) -> str:
                return html if path == place else plain(path, features)

            value = self.filler.block(stream_block.child_blocks[name], name, prose)
            value |= VARIANTS.get(name, {}).get("", {})
            page = self._holding(where, stream_block, name, value, title, state)
        return page.url + SHOWN_AT.get(place, "")

    def _holding(self, place: str, stream_block, name: str, value: Any, title: str, state: str = "") -> Page:
        page, _dot, field = place.partition(".")
        return self._add(page, title, state, **{field: stream(stream_block, [(name, value)])})

    def _add(self, name: str, title: str, state: str = "", **values: Any) -> Page:
        model = TYPES[name]
        if state:
            values["petition"] = self._petition(state, title)
        values = {"lead": f"Lead of {title}", "share_image": self.picture} | values
        if name == "CountryPage":
            values = {"code": "NO", "region": "europe"} | values
        page = model(title=title, locale=self.home.locale, **values)
        self.parents[name].add_child(instance=page)
        page.save_revision().publish()
        return page

    def _petition(self, state: str, name: str = "open to all") -> Petition:
        """A form that asks for everything: open, paused, or ended so long ago that somebody should tell what came."""
        now, day = timezone.now(), timedelta(days=1)
        made = Petition(
            name=name,
            opens_at=now - 400 * day,
            ends_at=now - 200 * day if state == "ended" else now + 20 * day,
            paused=state == "paused",
            goal=100,
            minimum_age=15,
            show_names=True,
            embed_hosts="www.example.org",
            responsible=self.editor,
            **{f"ask_{field}": True for field in ("country", "postcode", "phone", "comment")},
        )
        made.addressees = [PetitionRecipient(recipient=self.chosen["Recipient"], sort_order=0)]
        made.save()
        give_keys(made)
        return made


def _shown(name: str, words: list[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word not in HIDDEN.get(name, ())]


def _parts(page: Page) -> list[str]:
    """The addresses below a page that it answers itself."""
    names = [pattern.name for pattern in page.get_subpage_urls()] if hasattr(page, "get_subpage_urls") else []
    return [page.url + part for name in names if (part := page.reverse_subpage(name))]

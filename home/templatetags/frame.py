"""Small tags for the frame around every page: languages, links, and lists of names."""

import json
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlencode

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.cache import CacheNode
from django.urls import reverse, translate_url
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from wagtail.models import Page

from actions.rules import languages as codes
from actions.rules.languages import direction, marked
from actions.rules.mail_link import mail_link
from home.images import CustomRendition
from home.visible import HOME, for_everybody

register = template.Library()
register.filter("og_locale", codes.og_locale)
SHARED = "fill-1200x630|format-jpeg"  # the size that networks and messengers show whole


class KeptNode(CacheNode):
    """Django's `{% cache %}`, but for 0 seconds nothing is written down, not even for a moment."""

    def render(self, context) -> str:
        if not self.expire_time_var.resolve(context):
            return self.nodelist.render(context)
        return super().render(context)


@register.tag
def keep(parser, token) -> KeptNode:
    """`{% keep seconds name generation … %}…{% endkeep %}`: words that stand still (see `home/standing.py`)."""
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    _tag, seconds, name, *vary = token.split_contents()
    filters = [parser.compile_filter(one) for one in vary]
    return KeptNode(nodelist, parser.compile_filter(seconds), name, filters, None)


class LanguageChoice(NamedTuple):
    """A language one can read the page in; `missing` where its link leads somewhere above instead, to `title`."""

    code: str
    name: str
    url: str
    current: bool
    missing: bool = False
    title: str = ""


@register.simple_tag
def home_url() -> str:
    return reverse("wagtail_serve", args=[""])


@register.filter
def moment(at: datetime) -> str:
    """For `<time datetime>`, which knows no more than milliseconds."""
    return timezone.localtime(at).isoformat(timespec="seconds")


@register.filter
def starts(path: str, prefix: str) -> bool:
    return bool(prefix) and path.startswith(prefix)


LONG_TITLE, LONG_WORD = 60, 16  # letters


@register.filter
def is_long(title: str) -> bool:
    """Whether a heading needs the smaller step of the type scale: it has many letters, or a word that has."""
    return len(title) > LONG_TITLE or any(len(word) > LONG_WORD for word in title.split())


@register.filter
def cut_at_a_word(text: str, longest: int) -> str:
    """At most so many characters, with “…” after the last whole word; within a word only where it is all there is."""
    text = " ".join(str(text).split())
    if len(text) <= longest:
        return text
    kept, _space, _rest = text[:longest].rpartition(" ")
    return f"{(kept or text[: longest - 1]).rstrip(' ,;:–-')}…"


@register.simple_tag(takes_context=True)
def languages(context) -> list[LanguageChoice]:
    """The page in each language, at the same place within it. Where it is not published, the nearest page above that
    is; a language in which not even the home page is published is left out."""
    request, here = context.get("request"), translation.get_language()
    page, alternates = context.get("page"), context.get("alternates", ())
    # A process that has not heard of a new language yet knows no address for its pages.
    urls = {other.locale.language_code: url for other in alternates if (url := other.get_url(request))}
    match = getattr(request, "resolver_match", None)
    if context.get("lost"):  # an address that leads nowhere: its home page in each language
        homes = _above(None, {code for code, _name in settings.LANGUAGES})
        urls = {code: url for code, home in homes.items() if (url := home.get_url(request))}
    elif not urls and match and match.url_name != "wagtail_serve":  # one of our own views: the same one
        urls = {code: translate_url(request.path, code) for code, _name in settings.LANGUAGES}
        if len(set(urls.values())) == 1:  # what is in one language only, such as the words of a consent
            urls = {}
    elif request is not None and here in urls:
        rest = _rest(request, urls[here])
        urls = {code: url + rest for code, url in urls.items()}
    above = _above(page, {code for code, _name in settings.LANGUAGES} - set(urls))
    choices = []
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            if code in urls or code == here:
                choices.append(LanguageChoice(code, str(name), urls.get(code) or home_url(), code == here))
            elif code in above and (url := above[code].get_url(request)):
                choices.append(LanguageChoice(code, str(name), url, False, True, above[code].title))
    return choices


@register.filter
def told_of(page: Page | None) -> Page | None:
    """A page that is linked, or None where it is not there for everybody."""
    return page if page and for_everybody(Page.objects.filter(pk=page.pk)).exists() else None


# What a visitor has chosen on a page; anything else in an address is not carried on.
CHOSEN = ("q", "state", "country", "right")
LONGEST = 100


def _rest(request: HttpRequest, url: str) -> str:
    """What follows the address of the page: a part of it, such as its letter, and what was searched for."""
    part = request.path.removeprefix(url) if request.path.startswith(url) else ""
    query = {name: value[:LONGEST] for name in CHOSEN if (value := request.GET.get(name))}
    return f"{part}?{urlencode(query)}" if query else part


def _above(page: Page | None, missing: set[str]) -> dict[str, Page]:
    """By language: the nearest published page above; of a page that is not there, the home page."""
    if not missing:
        return {}
    pages = for_everybody(Page.objects.filter(locale__language_code__in=missing, alias_of=None)).select_related(
        "locale"
    )
    if page is None or page.pk is None:
        found = pages.filter(depth=2)
    else:
        keys = page.get_ancestors().filter(depth__gt=1).values("translation_key")
        found = pages.filter(translation_key__in=keys)
    return {above.locale.language_code: above for above in found.order_by("depth")}


@register.simple_tag(takes_context=True)
def words(context, text: str, source) -> str:
    """Words of a record, a page, or of a language by its code; marked where that is not the page's language."""
    return marked(text, source if isinstance(source, str) else _lang(source, context.get("page")))


# Signs that search engines and tabs show of a title.
LONGEST_TITLE = 70


@register.simple_tag(takes_context=True)
def page_title(context, what: str, title: str) -> str:
    """The title of a page beside a page: what it is, whose, and of which organisation, as far as there is room."""
    name = getattr(context.get("organisation"), "name", "")
    whole = f"{what} – {title} – {name}"
    if len(whole) <= LONGEST_TITLE:
        return whole
    return f"{what} – {cut_at_a_word(title, max(LONGEST_TITLE - len(what) - 3, 20))}"


class Foreign(NamedTuple):
    lang: str
    dir: str


@register.simple_tag(takes_context=True)
def foreign(context, source) -> Foreign | None:
    """The language and direction of a record or page that is not in the page's language."""
    lang = _lang(source, context.get("page"))
    return Foreign(lang, direction(lang)) if lang and lang != translation.get_language() else None


def _lang(source, page: Page | None) -> str:
    """The language a record or page is written in; empty where it is the page's own."""
    if written_in := getattr(source, "written_in", ""):
        return written_in
    if not source or source.pk is None or (page is not None and source.locale_id == page.locale_id):
        return ""
    return source.locale.language_code


@register.simple_tag(takes_context=True)
def recipients_text(context, recipients, plain: bool = False) -> str:
    """Names in a row, with the last one joined by “and”; each marked with its language, unless for plain text."""
    names = [str(one) if plain else words(context, str(one), one) for one in recipients]
    if len(names) < 2:
        return "".join(names) if plain else format_html_join("", "{}", ((name,) for name in names))
    # An office after a name is closed by a comma: else the last one would be the office of the one before.
    joined = gettext("%(others)s, and %(last)s") if ", " in names[-2] else gettext("%(others)s and %(last)s")
    if plain:
        return joined % {"others": "; ".join(names[:-1]), "last": names[-1]}
    others = format_html_join("; ", "{}", ((name,) for name in names[:-1]))
    return format_html(
        joined.replace("%(others)s", "{others}").replace("%(last)s", "{last}"), others=others, last=names[-1]
    )


@register.simple_tag
def share_image(page) -> CustomRendition | None:
    """The picture for link previews, 1200 × 630, where one was chosen or none is drawn."""
    chosen = page.share_image if page.share_image and page.share_image.may_be_shown else None
    image = chosen or (None if getattr(page, "draws_picture", False) else page.picture)
    return image.shown(SHARED).get(SHARED) if image else None


class ShareLink(NamedTuple):
    name: str
    url: str


@register.simple_tag(takes_context=True)
def share_links(context, page, signed: bool = False) -> dict:
    """Plain links that share a page, in the voice of who has `signed`; networks are asked nothing before a click."""
    url = page.get_full_url(context.get("request")) or ""
    title, text = page.share_title or page.title, page.share_text or page.teaser
    # In the voice of who has signed, and as one says it to a friend.
    said = gettext("I have just signed “%(title)s”. Will you sign too?") % {"title": title} if signed else title

    def asked(address: str, **values: str) -> str:
        return address + urlencode(values, quote_via=quote)

    def via(code: str) -> str:
        """The address with a code that is counted in sums when somebody signs (see `sources`)."""
        return f"{url}?s={code}"

    def both(code: str) -> str:
        return f"{said} {via(code)}"

    first = [said] if signed else []
    mails = [*first, text, via("mail")], [*first, via("mail")], [via("mail")]  # the longest that fits
    whatsapp = asked("https://wa.me/?", text=both("whatsapp"))
    return {
        "url": url,
        "copied": via("copy"),
        "whatsapp": whatsapp,
        "native": via("share"),
        "title": title,
        "text": said if signed else text,
        "mail": mail_link(title, *("\n\n".join(filter(None, words)) for words in mails))[0],
        "sms": asked("sms:?", body=both("sms")),
        "networks": [
            ShareLink("WhatsApp", whatsapp),
            ShareLink("Facebook", asked("https://www.facebook.com/sharer/sharer.php?", u=via("facebook"))),
            ShareLink("Bluesky", asked("https://bsky.app/intent/compose?", text=both("bluesky"))),
            ShareLink("Telegram", asked("https://t.me/share/url?", url=via("telegram"), text=said)),
            ShareLink("LinkedIn", asked("https://www.linkedin.com/sharing/share-offsite/?", url=via("linkedin"))),
        ],
    }


@register.simple_tag(takes_context=True)
def structured(context, page) -> str:
    """What search engines are told of a page (schema.org, as JSON-LD). It is data, which no browser runs."""
    organisation = context.get("organisation")
    home = settings.SITE_URL + home_url()
    sender = {"@type": "NGO", "@id": f"{home}#organisation", "name": getattr(organisation, "name", ""), "url": home}
    if profiles := [block.value["url"] for block in getattr(organisation, "profiles", ())]:
        sender["sameAs"] = profiles
    url = page.get_full_url(context["request"])
    is_home = page.depth == HOME
    told = {
        "@type": "Article" if getattr(page, "purpose", "") == "story" else "WebPage",
        "@id": url,
        "url": url,
        "name": sender["name"] if is_home else page.title,  # its title is “Home”
        "headline": page.heading if is_home and getattr(page, "heading", "") else page.title,
        "description": page.share_text or page.teaser,
        "inLanguage": translation.get_language(),
        "publisher": {"@id": sender["@id"]},
    }
    for name, at in (("datePublished", page.first_published_at), ("dateModified", page.last_published_at)):
        if at:
            told[name] = at.isoformat()
    graph = [sender, told]
    if page.pk and not is_home:
        crumbs = [(sender["name"], home), *_above_it(page, context["request"]), (page.title, url)]
        graph.append(
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {"@type": "ListItem", "position": position, "name": name, "item": item}
                    for position, (name, item) in enumerate(crumbs, 1)
                ],
            }
        )
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text.translate(UNSAFE_IN_SCRIPT)))


def _above_it(page: Page, request: HttpRequest) -> list[tuple[str, str]]:
    """Title and address of the pages between the home page and this one."""
    between = for_everybody(page.get_ancestors().filter(depth__gt=HOME)).order_by("depth")
    return [(one.title, one.get_full_url(request)) for one in between]


# As Django's json_script does it: no word of an editor ends the element.
UNSAFE_IN_SCRIPT = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&"}

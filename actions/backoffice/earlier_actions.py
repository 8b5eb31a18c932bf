"""Bringing in actions from before, from a CSV file: each row a signature form that has ended, and a page as a draft.

Tried first; a name that is there already is left alone, so the same file may come twice. A worker brings them in.
Nothing of a person is in it.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks import task
from wagtail.models import Locale, Page

from actions.delivery import paper
from actions.pages.action import ActionPage
from actions.pages.action_index import ActionIndexPage
from actions.pages.country import CountryPage
from actions.rules.days import end_of, start_of
from actions.signing.keys import give_keys
from actions.signing.models import Petition
from actions.signing.uploads import dialect_of

from .guard import needs
from .screens import show

COLUMNS = ("name", "title", "lead", "first_day", "last_day")
OPTIONAL = ("country", "outcome", "language", "total")
LARGEST_TOTAL = 2_000_000_000  # of what the database holds
MOST_ROWS = 1000
LARGEST = 2 * 1024 * 1024


@dataclass(frozen=True)
class Earlier:
    """One action of the file."""

    name: str
    title: str
    lead: str
    first_day: date
    last_day: date
    country: str
    outcome: str
    language: str
    total: int = 0


@dataclass(frozen=True)
class Line:
    """What became, or would become, of one line of the file."""

    number: int
    name: str
    told: str | Promise
    action: Earlier | None = None


class BadLine(Exception):
    """Why a line is refused, as a sentence."""


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        help_text=_(
            "First line: name, title, lead, first_day, last_day, and if you like country, outcome, language (such as "
            "nb) and total. A total is entered as signatures on paper, which somebody else confirms."
        ),
    )
    content = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if uploaded := cleaned.get("file"):
            if uploaded.size > LARGEST:
                raise ValidationError(_("The file is too large for a list of actions."))
            try:
                cleaned["content"] = uploaded.read().decode("utf-8-sig").replace("\r\n", "\n")
            except UnicodeDecodeError:
                raise ValidationError(
                    _("This is no CSV file. Save the sheet as CSV (UTF-8) and choose that file.")
                ) from None
        if not cleaned.get("content"):
            raise ValidationError(_("Choose a file."))
        header = next(csv.reader(io.StringIO(cleaned["content"]), dialect_of(cleaned["content"])), [])
        missing = [column for column in COLUMNS if column not in [cell.strip().lower() for cell in header]]
        if missing:
            told = _("The first line lacks these columns: %(columns)s.") % {"columns": ", ".join(missing)}
            raise ValidationError(told)
        return cleaned


def look(text: str, user) -> list[Line]:
    """What would become of each line, brought in by a user; changes nothing."""
    lists = {locale.language_code: index_for(user, locale) for locale in Locale.objects.all()}
    places = {(page.code, page.locale.language_code) for page in CountryPage.objects.select_related("locale")}
    rows = csv.DictReader(io.StringIO(text), dialect=dialect_of(text))
    rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or []]
    known = set(Petition.objects.values_list("name", flat=True))
    lines: list[Line] = []
    for row in rows:
        if len(lines) == MOST_ROWS:
            break
        values = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        name = values.get("name", "")
        try:
            action = _read(values, lists)
        except BadLine as error:
            lines.append(Line(rows.line_num, name, error.args[0]))
            continue
        if name in known:
            lines.append(Line(rows.line_num, name, _("is there already")))
            continue
        known.add(name)
        told = _("new")
        if action.country and (action.country, action.language) not in places:
            told = _("new, without its country: there is no page about “%(code)s”") % {"code": action.country[:20]}
        lines.append(Line(rows.line_num, name, told, action))
    return lines


def _read(values: dict[str, str], lists: dict[str, ActionIndexPage | None]) -> Earlier:
    if not 0 < len(values.get("name", "")) <= 120:
        raise BadLine(_("The name is missing, or longer than 120 signs."))
    if not 0 < len(values.get("title", "")) <= 200 or not slugify(values["title"]):
        raise BadLine(_("The title is missing, or longer than 200 signs."))
    days = []
    for column in ("first_day", "last_day"):
        try:
            day = parse_date(values.get(column, ""))
        except ValueError:
            day = None
        if day is None:
            raise BadLine(_("The days must be written as 2019-05-31."))
        days.append(day)
    if days[0] > days[1]:
        raise BadLine(_("The last day is before the first."))
    if days[1] >= timezone.localdate():
        raise BadLine(_("Only actions that are over can be brought in."))
    language = values.get("language", "").lower() or Locale.get_default().language_code
    if not lists.get(language):
        raise BadLine(_("There is no list of actions in this language that you may add to."))
    total = "".join(values.get("total", "").split()) or "0"
    if not (total.isascii() and total.isdecimal()) or int(total) > LARGEST_TOTAL:
        raise BadLine(_("The total must be a whole number."))
    return Earlier(
        name=values["name"],
        title=values["title"],
        lead=values.get("lead", ""),
        first_day=days[0],
        last_day=days[1],
        country=values.get("country", "").upper(),
        outcome=values.get("outcome", ""),
        language=language,
        total=int(total),
    )


def bring_in(lines: list[Line], user) -> int:
    """Make a form and a draft for every new line, all or none; returns how many. Work for a worker."""
    zone = timezone.get_default_timezone()
    pages = CountryPage.objects.select_related("locale")
    countries = {(page.code, page.locale.language_code): page for page in pages}
    lists = {locale.language_code: index_for(user, locale) for locale in Locale.objects.all()}
    made = 0
    with transaction.atomic():
        for action in (line.action for line in lines if line.action):
            index = lists[action.language]
            petition = Petition.objects.create(
                name=action.name,
                opens_at=start_of(action.first_day, zone),
                ends_at=end_of(action.last_day, zone),
                responsible=user,
            )
            give_keys(petition)
            page = ActionPage(
                title=action.title,
                slug=free_slug(action.title, index),
                lead=action.lead,
                petition=petition,
                country=countries.get((action.country, action.language)),
                outcome=format_html("<p>{}</p>", action.outcome) if action.outcome else "",
                live=False,
                locale=index.locale,
                owner=user,
            )
            index.add_child(instance=page)
            page.save_revision(user=user)
            if action.total:
                paper.enter(
                    petition=petition, place="", collected_on=action.last_day, number=action.total, note="CSV", by=user
                )
            made += 1
    return made


def index_for(user, locale: Locale) -> ActionIndexPage | None:
    """The first list of actions in a language that somebody may add pages to."""
    found = ActionIndexPage.objects.filter(locale=locale)
    return next((page for page in found if page.permissions_for_user(user).can_add_subpage()), None)


def free_slug(title: str, index: ActionIndexPage) -> str:
    """The title as the last part of an address, with a number where it is taken."""
    wanted = slugify(title)
    slug, number = wanted, 1
    while not Page._slug_is_available(slug, index):
        number += 1
        slug = f"{wanted}-{number}"
    return slug


@task()
def bring_in_earlier(content: str, user_id: int) -> None:
    """Bring in what is new in a file. May be run again: what is there already is left alone."""
    user = get_user_model().objects.get(pk=user_id)
    bring_in(look(content, user), user)


@needs("actions.add_petition")
def earlier_actions(request: HttpRequest) -> HttpResponse:
    """The file, what would become of its lines, and bringing them in."""
    index = index_for(request.user, Locale.get_default())
    if index is None:
        raise PermissionDenied
    form = FileForm(request.POST or None, request.FILES or None)
    lines = None
    if request.method == "POST" and form.is_valid():
        lines = look(form.cleaned_data["content"], request.user)
        if "do" in request.POST:
            number = sum(bool(line.action) for line in lines)
            bring_in_earlier.enqueue(form.cleaned_data["content"], request.user.pk)
            told = ngettext(
                "%(n)s action is being brought in as a draft. It stands here in a moment.",
                "%(n)s actions are being brought in as drafts. They stand here in a moment.",
                number,
            )
            messages.success(request, told % {"n": number})
            return redirect("wagtailadmin_explore", index.pk)
        form = FileForm(initial={"content": form.cleaned_data["content"]})
    context = {"form": form, "lines": lines, "new": sum(bool(line.action) for line in lines or [])}
    return show(request, "earlier_actions", context, title=_("Earlier actions"), icon="history")

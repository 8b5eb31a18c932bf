"""What waits for somebody, on the first page of the admin (G2). Everybody sees what he may do something about."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Locale

from actions.accounts import rights, roles, watch
from actions.accounts.models import ProposedRole
from actions.delivery.models import PaperBatch
from actions.delivery.retention import terms
from actions.pages.action import ActionPage
from actions.pages.checks import speaks_as_if_open
from actions.pages.outcome import without_outcome
from actions.signing import limits
from actions.signing.cases import open_cases
from actions.signing.ends import beginning_in_words
from actions.signing.models import Alarm, Hold, Incident, Petition
from actions.signing.retention import spared
from actions.translating.models import TranslationStatus
from home.images import CustomImage

from .period import moment
from .reports import in_state, waiting_for_delivery

SOON = timedelta(days=7)
MOST = 5  # of one kind


class Line(NamedTuple):
    """One thing to do, and where."""

    text: str
    url: str


class Heap(NamedTuple):
    """Things of one kind."""

    heading: str
    icon: str
    lines: list[Line]


class WaitingPanel(Component):
    name = "actions_waiting"
    template_name = "actions/backoffice/home_panel.html"
    order = 50

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        kinds = [
            *KINDS,
            (rights.CHANGE_USERS, _("Roles wait for a second person"), "group", lambda: roles_waiting(user)),
        ]
        heaps = [heap for kind in kinds if user.has_perm(kind[0]) and (heap := _heap(*kind[1:]))]
        shown = any(user.has_perm(kind[0]) for kind in kinds)
        return {"heaps": heaps, "shown": shown, "all_paused": limits.rules().paused}


def add_panel(request, panels) -> None:
    """Hook `construct_homepage_panels`."""
    panels.append(WaitingPanel())


def _heap(heading: str, icon: str, found) -> Heap | None:
    lines = []
    for line in found():
        lines.append(line)
        if len(lines) == MOST:
            break
    return Heap(str(heading), icon, lines) if lines else None


def _desk(petition: Petition, screen: str = "desk") -> str:
    return reverse(f"petition:{screen}", args=[petition.pk])


def ending_soon() -> Iterator[Line]:
    rows = in_state(Petition.objects.with_total(), "open").filter(ends_at__lt=timezone.now() + SOON)
    for row in rows.order_by("ends_at"):
        if row.goes_on_all_day():
            told = ngettext(
                "%(name)s: last day %(end)s, %(n)s signature", "%(name)s: last day %(end)s, %(n)s signatures", row.total
            )
        else:
            told = ngettext(
                "%(name)s: ends %(end)s, %(n)s signature", "%(name)s: ends %(end)s, %(n)s signatures", row.total
            )
        yield Line(told % {"name": row.name, "end": row.end_in_words(), "n": row.total}, _desk(row))


def unusual() -> Iterator[Line]:
    for alarm in Alarm.objects.filter(seen_at=None).select_related("petition")[:MOST]:
        name = alarm.petition.name if alarm.petition else _("The whole site")
        told = {"name": name, "what": alarm.get_kind_display(), "n": alarm.number}
        line = _("%(name)s: %(what)s (%(n)s)") % told
        who = "" if alarm.petition else watch.words(alarm)  # so that two of them never look alike
        if alarm.kind in watch.KINDS.values():
            line = capfirst(who)
        elif who:
            line = f"{line} – {who}"
        yield Line(line, reverse("alarm:index"))


def roles_waiting(user: Any) -> Iterator[Line]:
    """Roles that this person may confirm."""
    waiting = ProposedRole.objects.filter(decided_at=None).select_related("user", "group", "asked_by")
    for proposal in waiting:
        if roles.may_decide(proposal, user):
            told = {"role": roles.label(proposal.group), "whom": get_user_display_name(proposal.user)}
            told["by"] = get_user_display_name(proposal.asked_by) or "–"
            yield Line(_("%(role)s for %(whom)s, proposed by %(by)s") % told, reverse("proposed_role:index"))


def held() -> Iterator[Line]:
    rows = Hold.objects.values("signature__petition", "signature__petition__name").annotate(n=Count("pk"))
    for row in rows.order_by("-n")[:MOST]:
        told = ngettext("%(name)s: %(n)s signature is held", "%(name)s: %(n)s signatures are held", row["n"])
        url = reverse("petition:review", args=[row["signature__petition"]])
        yield Line(told % {"name": row["signature__petition__name"], "n": row["n"]}, url)


def deliveries_due() -> Iterator[Line]:
    for row in waiting_for_delivery().filter(ends_at__lte=timezone.now()).order_by("ends_at")[:MOST]:
        told = ngettext("%(name)s: %(n)s signature waits", "%(name)s: %(n)s signatures wait", row.waiting)
        yield Line(told % {"name": row.name, "n": row.waiting}, _desk(row, "deliveries"))


def paper_waiting() -> Iterator[Line]:
    rows = PaperBatch.objects.filter(confirmed_at=None, refused_at=None).select_related("petition")
    for batch in rows.order_by("pk")[:MOST]:
        told = {"name": batch.petition.name, "place": batch.place, "n": batch.number}
        yield Line(_("%(name)s: %(n)s from %(place)s") % told, _desk(batch.petition, "paper"))


def translations_out_of_date() -> Iterator[Line]:
    """What is published in a language and no longer says what the source says, longest ago first."""
    status = TranslationStatus.objects.exclude(outdated_since=None).filter(translation__enabled=True)
    for row in status.select_related("translation__source", "translation__target_locale").order_by("outdated_since"):
        told = {
            "title": row.translation.source.object_repr,
            "language": row.translation.target_locale.get_display_name(),
            "moment": moment(row.outdated_since),
        }
        url = reverse("translations:compare", args=[row.translation_id])
        yield Line(_("%(title)s (%(language)s), since %(moment)s") % told, url)


def translations_missing() -> Iterator[Line]:
    """Published actions that are not published in every language."""
    wanted = Locale.objects.count()
    shown = ActionPage.objects.filter(live=True, is_model=False, alias_of=None)
    keys = shown.values("translation_key").annotate(n=Count("locale", distinct=True)).filter(n__lt=wanted)
    pages = shown.filter(translation_key__in=keys.values("translation_key")).select_related("locale").order_by("-pk")
    told = set()
    for page in pages:
        if page.translation_key not in told:
            told.add(page.translation_key)
            yield Line(page.title, reverse("translations:thing", args=["page", page.pk]))


def outcomes_missing() -> Iterator[Line]:
    for page in without_outcome(timezone.now())[:MOST]:
        told = {"title": page.title, "day": page.petition.end_in_words()}
        yield Line(_("%(title)s (ended %(day)s)") % told, reverse("wagtailadmin_pages:edit", args=[page.pk]))


def still_calling() -> Iterator[Line]:
    """Pages of actions that ended lately and still call to act."""
    now = timezone.now()
    ended = {"petition__ends_at__lte": now, "petition__ends_at__gt": now - timedelta(days=365)}
    for page in ActionPage.objects.filter(live=True, **ended).select_related("locale").order_by("-petition__ends_at"):
        if speaks_as_if_open(page):
            url = reverse("wagtailadmin_pages:edit", args=[page.pk])
            yield Line(f"{page.title} ({page.locale.language_code})", url)


def pictures_ending() -> Iterator[Line]:
    """Pictures in use that may soon, or already, not be shown any more; pages are then shown without them."""
    soon = CustomImage.objects.filter(shown_until__lte=timezone.localdate() + timedelta(days=30))
    for image in soon.order_by("-shown_until"):
        if image.get_usage().exists():
            told = {"title": image.title, "day": date_format(image.shown_until)}
            yield Line(_("%(title)s: until %(day)s") % told, reverse("wagtailimages:edit", args=[image.pk]))


def forgotten_soon() -> Iterator[Line]:
    """Forms whose time is soon over; and those whose time is over, but for who is restricted or waits in a case."""
    now = timezone.now()
    for term in terms():
        if term.is_due(now) and (kept := spared(term.petition).number):
            told = ngettext(
                "%(name)s: %(n)s signer is kept, restricted or in an open case",
                "%(name)s: %(n)s signers are kept, restricted or in an open case",
                kept,
            )
            yield Line(told % {"name": term.petition.name, "n": kept}, _desk(term.petition, "hold"))
        elif term.at and term.at < now + timedelta(days=14) and not term.petition.legal_hold:
            told = {"name": term.petition.name, "moment": beginning_in_words(term.at)}
            yield Line(_("%(name)s: %(moment)s") % told, _desk(term.petition))


def cases_open() -> Iterator[Line]:
    """What persons asked for and wait for, what is due first at the top."""
    for case in open_cases()[:MOST]:
        told = {"case": case, "what": case.get_kind_display(), "day": date_format(case.due_on)}
        late = _("%(case)s: %(what)s, late since %(day)s") if case.is_late else _("%(case)s: %(what)s, by %(day)s")
        yield Line(late % told, reverse("cases:case", args=[case.pk]))


def breaches_open() -> Iterator[Line]:
    """Breaches the authority has not been told of."""
    for row in Incident.objects.filter(authority_told_at=None).order_by("noticed_at")[:MOST]:
        told = {"number": row.pk, "moment": moment(row.authority_by)}
        yield Line(
            _("Breach %(number)s: the authority by %(moment)s") % told, reverse("incidents:incident", args=[row.pk])
        )


KINDS = [
    ("actions.delete_signer", gettext_lazy("Breaches"), "warning", breaches_open),
    ("actions.delete_signer", gettext_lazy("Cases"), "tasks", cases_open),
    ("actions.view_alarm", gettext_lazy("Unusual"), "warning", unusual),
    ("actions.view_petition", gettext_lazy("Ends within a week"), "time", ending_soon),
    ("actions.add_reviewrule", gettext_lazy("Held signatures"), "tasks", held),
    ("actions.confirm_paperbatch", gettext_lazy("Paper waits for a second person"), "doc-full", paper_waiting),
    ("actions.add_delivery", gettext_lazy("Deliveries due"), "upload", deliveries_due),
    ("actions.view_translationstatus", gettext_lazy("Translations out of date"), "globe", translations_out_of_date),
    ("actions.view_translationstatus", gettext_lazy("Not in every language yet"), "globe", translations_missing),
    ("actions.change_petition", gettext_lazy("Ended, and still call to act"), "edit", still_calling),
    ("actions.change_petition", gettext_lazy("What came of it?"), "help", outcomes_missing),
    ("actions.change_petition", gettext_lazy("Pictures that may not be shown much longer"), "image", pictures_ending),
    ("actions.delete_signer", gettext_lazy("Signers forgotten soon"), "history", forgotten_soon),
]

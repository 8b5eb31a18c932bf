"""What the membership system was told of, what waits, what was given up; each try, and sending one again."""

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from actions.signing import members
from actions.signing.keys import KeyLost
from actions.signing.models import MemberNotice, MemberSystem

from .guard import needs
from .period import moment
from .read_only import ReadOnly
from .screens import show

LOOK, CHANGE = "actions.view_membernotice", "actions.change_membernotice"


class NoticeIndexView(ReadOnly, IndexView):
    @cached_property
    def header_buttons(self):
        buttons = [HeaderButton(label=_("How it stands"), url=reverse("members:system"), icon_name="view")]
        if self.request.user.has_perm(CHANGE):
            buttons.append(
                HeaderButton(label=_("Try those given up again"), url=reverse("members:replay"), icon_name="redirect")
            )
        return buttons

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("petition")


class NoticeFilterSet(WagtailFilterSet):
    given_up = django_filters.BooleanFilter(
        label=_("Given up"), field_name="dead_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = MemberNotice
        fields = ["given_up", "kind", "reason", "petition"]


class MemberNoticeViewSet(ModelViewSet):
    """What the membership system was told of, what waits, and what was given up."""

    model = MemberNotice
    name = "members"
    url_prefix = "membership-system"
    icon = "group"
    menu_label = _("Membership system")
    copy_view_enabled = False
    index_view_class = NoticeIndexView
    filterset_class = NoticeFilterSet
    list_per_page = 50
    list_display = [
        TitleColumn("pk", label=pgettext_lazy("identifier", "Number"), url_name="members:notice"),
        Column("happened_at", label=_("When"), accessor=lambda row: moment(row.happened_at)),
        Column("petition", label=_("Signature form"), accessor=lambda row: row.petition or "–"),
        Column("kind", label=_("What"), accessor="get_kind_display"),
        Column("reason", label=_("Why"), accessor=lambda row: row.get_reason_display() or "–"),
        Column("sent_at", label=_("Delivered"), accessor=lambda row: moment(row.sent_at)),
        NumberColumn("attempts", label=_("Tries")),
        Column("problem", label=_("Problem"), accessor=lambda row: row.problem or "–"),
        Column("dead_at", label=_("Given up"), accessor=lambda row: moment(row.dead_at)),
    ]
    form_fields: list[str] = ["kind"]

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("replay/", replay, name="replay"),
            path("system/", system, name="system"),
            path("notice/<int:pk>/", notice, name="notice"),
        ]


@needs(CHANGE)
def replay(request: HttpRequest) -> HttpResponse:
    """Try what was given up once more; asked about first."""
    if request.method == "POST":
        number = members.replay()
        told = ngettext("%(n)s notice is tried again.", "%(n)s notices are tried again.", number)
        messages.success(request, told % {"n": number})
        return redirect("members:index")
    waiting = {"waiting": MemberNotice.objects.filter(dead_at__isnull=False, sent_at=None).count()}
    return show(request, "members_replay", waiting, title=_("Try those given up again"), icon="redirect")


@needs(LOOK, also=CHANGE)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice with every try to deliver it; it can be sent again while no later one says how it is now."""
    found = get_object_or_404(MemberNotice.objects.select_related("petition"), pk=pk)
    if request.method == "POST":
        _may_change(request)
        if members.send_again(found):
            messages.success(request, gettext("It is sent again in a moment, under the same id."))
        else:
            messages.error(request, gettext("It is not sent: a later notice says how it is now."))
        return redirect("members:notice", pk=pk)
    context = {"notice": found, "tries": found.deliveries.all()[:50]}
    return show(request, "members_notice", context, title=_("Notice to the membership system"), icon="group")


@needs(LOOK, also=CHANGE)
def system(request: HttpRequest) -> HttpResponse:
    """How the membership system stands: what waits, whether it is left alone or has said no; a test, and going on."""
    if request.method == "POST":
        _may_change(request)
        if "test" in request.POST:
            _test(request)
        else:
            members.begin_again()
            messages.success(request, gettext("The membership system is told again."))
        return redirect("members:system")
    waiting = MemberNotice.objects.filter(sent_at=None, dead_at=None, overtaken_at=None, epoch__isnull=False)
    context = {"system": MemberSystem.objects.first(), "waiting": waiting.count()}
    return show(request, "members_system", context, title=_("Membership system"), icon="group")


def _test(request: HttpRequest) -> None:
    try:
        made = members.test()
    except KeyLost:
        messages.error(request, gettext("A key is missing on this machine. Nothing was changed."))
    else:
        told = gettext("A test is on its way. What was answered stands at notice %(number)s.")
        messages.success(request, told % {"number": made.pk})


def _may_change(request: HttpRequest) -> None:
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied

"""What the membership system was told of, what waits, and what was given up."""

import django_filters
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from actions.signing import members
from actions.signing.models import MemberNotice

from .guard import needs
from .period import moment
from .read_only import ReadOnly
from .screens import show


class NoticeIndexView(ReadOnly, IndexView):
    @cached_property
    def header_buttons(self):
        if not self.request.user.has_perm("actions.change_membernotice"):
            return []
        return [HeaderButton(label=_("Try those given up again"), url=reverse("members:replay"), icon_name="redirect")]

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("petition")


class NoticeFilterSet(WagtailFilterSet):
    given_up = django_filters.BooleanFilter(
        label=_("Given up"), field_name="dead_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = MemberNotice
        fields = ["given_up", "kind", "petition"]


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
        NumberColumn("pk", label=_("Number")),
        Column("created_at", label=_("When"), accessor=lambda row: moment(row.created_at)),
        Column("petition", label=_("Signature form")),
        Column("kind", label=_("What"), accessor="get_kind_display"),
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
        ]


@needs("actions.change_membernotice")
def replay(request):
    """Try what was given up once more; asked about first."""
    if request.method == "POST":
        number = members.replay()
        told = ngettext("%(n)s notice is tried again.", "%(n)s notices are tried again.", number)
        messages.success(request, told % {"n": number})
        return redirect("members:index")
    waiting = {"waiting": MemberNotice.objects.filter(dead_at__isnull=False, sent_at=None).count()}
    return show(request, "members_replay", waiting, title=_("Try those given up again"), icon="redirect")

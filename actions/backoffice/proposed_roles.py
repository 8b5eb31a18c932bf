"""“Proposed roles”: what one person proposed, another one confirms or refuses."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet

from actions.accounts import rights, roles
from actions.accounts.models import ProposedRole

from .guard import needs
from .menus import item_for
from .screens import show


@needs(rights.CHANGE_USERS)
def proposed_roles(request: HttpRequest) -> HttpResponse:
    """What waits, with buttons for whoever may decide."""
    waiting = ProposedRole.objects.filter(decided_at=None).select_related("user", "group", "asked_by")
    rows = [
        {
            "proposal": proposal,
            "role": roles.label(proposal.group),
            "confirm": roles.may_decide(proposal, request.user),
            "refuse": roles.may_decide(proposal, request.user) or roles.may_withdraw(proposal, request.user),
        }
        for proposal in waiting
    ]
    return show(request, "proposed_roles", {"rows": rows}, title=_("Proposed roles"), icon="group")


@needs(rights.CHANGE_USERS)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a proposed role, or refuse it; who proposed it may take it back."""
    if request.method != "POST":
        return redirect("proposed_role:index")
    proposal = get_object_or_404(ProposedRole, pk=pk)
    confirmed = "confirm" in request.POST
    allowed = roles.may_decide(proposal, request.user) or (not confirmed and roles.may_withdraw(proposal, request.user))
    if not allowed:
        raise PermissionDenied
    if roles.decide(proposal, confirmed=confirmed, by=request.user):
        messages.success(request, _("It is done, and recorded."))
    else:
        messages.warning(request, _("Somebody decided this in the meantime."))
    return redirect("proposed_role:index")


class ProposedRoleViewSet(ViewSet):
    menu_item_class = item_for(rights.CHANGE_USERS)
    name = "proposed_role"
    url_prefix = "proposed-roles"
    icon = "group"
    menu_label = gettext_lazy("Proposed roles")
    menu_order = 602
    add_to_settings_menu = True

    def get_urlpatterns(self):
        return [path("", proposed_roles, name="index"), path("<int:pk>/", decide, name="decide")]
